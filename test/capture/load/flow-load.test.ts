import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { flowFacts, flowLoad } from '../../../lib/capture/load/flow-load.js';
import { KIB, MIB } from '../../../lib/units.js';

const FLOWS = { flows: 100, sendBufferBytes: 4 * MIB, bitsPerSecond: 10e9, cpus: 4, mappings: 20_000 };

describe('flowFacts', () => {
  it('tells what is in the device by the rate, and by the send buffers where these are less', () => {
    expect(flowFacts(FLOWS)).toEqual({
      packetBytes: 64 * KIB,
      inDeviceBytes: 1.25e6,
      allBufferBytes: 400 * MIB,
      reachesRate: true,
    });
    expect(flowFacts({ ...FLOWS, flows: 2, sendBufferBytes: 100_000 })).toMatchObject({
      inDeviceBytes: 2 * 64 * KIB,
      reachesRate: false,
    });
    expect(flowFacts({ ...FLOWS, sendBufferBytes: 8 * KIB, holdNs: 1 }).packetBytes).toBe(8 * KIB);
  });

  it.each([
    ['flows', 0],
    ['flows', 1.5],
    ['sendBufferBytes', 1023],
    ['bitsPerSecond', 0],
    ['bitsPerSecond', Number.NaN],
    ['holdNs', -1],
    ['cpus', 0],
    ['mappings', 0],
  ])('refuses %s of %p', (name, value) => {
    expect(() => flowFacts({ ...FLOWS, [name]: value })).toThrow(
      expect.objectContaining({ code: 'ERR_OUT_OF_RANGE', message: expect.stringContaining(name) }),
    );
  });
});

describe('flowLoad', () => {
  it('is decided by its seed', () => {
    expect(flowLoad(FLOWS, 7)).toEqual(flowLoad(FLOWS, 7));
    expect(flowLoad(FLOWS, 7).timeNs).not.toEqual(flowLoad(FLOWS, 8).timeNs);
  });

  it('sends at the rate where the send buffers allow it', () => {
    const { bytes, timeNs, payload, entries } = flowLoad(FLOWS, 1);
    let sent = 0;
    for (let at = 0; at < entries; at++) sent += payload![at]! * bytes[at]!;
    expect((sent * 8) / (timeNs[entries - 1]! / 1e9) / FLOWS.bitsPerSecond).toBeCloseTo(1, 0);
  });

  it('never has more than its send buffer of a flow in the device, in packets of a header and fragments', () => {
    const input = fc.record({
      flows: fc.integer({ min: 1, max: 5 }),
      sendBufferBytes: fc.integer({ min: KIB, max: 300_000 }),
      bitsPerSecond: fc.integer({ min: 1e6, max: 1e12 }),
      cpus: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(input, fc.nat(1000), (given, seed) => {
        const { packetBytes } = flowFacts(given);
        const load = flowLoad({ ...given, mappings: 300, holdNs: 1e5 }, seed);
        let inPacket = packetBytes;
        let [most, broken, largest] = [0, 0, 0];
        for (let at = 0; at < load.entries; at++) {
          if (load.payload![at] === 0) {
            if (inPacket !== packetBytes) broken++;
            inPacket = 0;
          } else inPacket += load.bytes[at]!;
          if (load.cpu[at]! >= given.cpus) broken++;
          largest = Math.max(largest, load.bytes[at]!);
          let inDevice = 0;
          for (let other = at; other >= 0 && load.timeNs[other]! + 1e5 > load.timeNs[at]!; other--)
            if (load.payload![other] === 1) inDevice += load.bytes[other]!;
          most = Math.max(most, inDevice);
        }
        expect(broken).toBe(0);
        expect(largest).toBeLessThanOrEqual(32 * KIB);
        expect(most).toBeLessThanOrEqual(given.flows * given.sendBufferBytes);
      }),
      { numRuns: 30 },
    );
  });
});
