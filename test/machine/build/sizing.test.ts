import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type MachineOptions, machineConfig } from '../../../lib/machine/build/config.js';
import {
  ackLagOf,
  areasOf,
  cpuThreads,
  hasWorker,
  lossSharesOf,
  messageIntervalNs,
  skbBytesOf,
  skbsPerSocket,
  wantedAreasOf,
} from '../../../lib/machine/build/sizing.js';
import { MAX_SKB_BYTES } from '../../../lib/model-limits.js';
import { SKB_OVERHEAD } from '../../../lib/net/skb.js';

describe('the sizing of a machine', () => {
  it('gives a device that reads, and growth in the background, their own threads', () => {
    const shapes: MachineOptions[] = [
      {},
      { devices: { completion: 'read' } },
      { slotPool: { growth: 'pools' } },
      { slotPool: { growth: 'per-mapping' } },
    ];
    const threads = shapes.map((given) => {
      const config = machineConfig({ cpus: { copyKernel: 0, count: 3 } }, given);
      return [cpuThreads(config), hasWorker(config)];
    });
    expect(threads).toEqual([
      [3, false],
      [4, false],
      [3, true],
      [3, false],
    ]);
  });

  const shapes = fc.record({
    messageBytes: fc.integer({ min: 1, max: 1 << 20 }),
    sendBufferBytes: fc.integer({ min: 4096, max: 1 << 26 }),
  });

  it('gives a socket more skb records than its send buffer can be charged for', () => {
    fc.assert(
      fc.property(shapes, ({ messageBytes, sendBufferBytes }) => {
        const perMessage = Math.ceil(messageBytes / MAX_SKB_BYTES);
        const charge = messageBytes + perMessage * SKB_OVERHEAD;
        const count = skbsPerSocket(
          machineConfig({ cpus: { copyKernel: 0 }, sockets: { messageBytes, sendBufferBytes } }),
        );
        expect(Math.log2(count) % 1).toBe(0);
        expect(count).toBeGreaterThanOrEqual((sendBufferBytes / charge) * perMessage);
      }),
    );
  });

  it('leaves a full socket an acknowledgement to come that makes it writable', () => {
    fc.assert(
      fc.property(shapes, ({ messageBytes, sendBufferBytes }) => {
        const lag = ackLagOf(machineConfig({ cpus: { copyKernel: 0 }, sockets: { messageBytes, sendBufferBytes } }));
        expect(lag).toBeGreaterThanOrEqual(0);
        if (lag > 0) expect(lag + MAX_SKB_BYTES + SKB_OVERHEAD).toBeLessThanOrEqual((sendBufferBytes * 2) / 3);
      }),
    );
  });

  it('lets acknowledgements lag by time alone where a congestion window or the network is the limit', () => {
    const lagOf = (given: MachineOptions) => ackLagOf(machineConfig({ cpus: { copyKernel: 0 } }, given));
    expect(lagOf({})).toBeGreaterThan(0);
    expect(lagOf({ sockets: { congestionWindowBytes: 1 << 20 } })).toBe(0);
    expect(lagOf({ network: { linkBitsPerSecond: 1e9 } })).toBe(0);
  });

  it('gives the skbs of a paced stream what leaves in about a millisecond, and at least two segments', () => {
    const bytesOf = (given: MachineOptions) => skbBytesOf(machineConfig({ cpus: { copyKernel: 0 } }, given));
    expect(bytesOf({})).toBe(65536);
    expect(bytesOf({ sockets: { skbBytes: 1448 } })).toBe(1448);
    expect(
      [1e3, 1e8, 1e12].map((sendRate) => bytesOf({ sockets: { traffic: 'paced', sendBitsPerSecond: sendRate } })),
    ).toEqual([2896, 12207, 65536]);
    expect(bytesOf({ sockets: { traffic: 'paced', sendBitsPerSecond: 1e12, skbBytes: 1448 } })).toBe(1448);
  });

  it('gives only traffic with a rate a time between messages', () => {
    const intervalOf = (given: MachineOptions) => messageIntervalNs(machineConfig({ cpus: { copyKernel: 0 } }, given));
    expect(intervalOf({ sockets: { traffic: 'app-limited', sendBitsPerSecond: 8e9, messageBytes: 1000 } })).toBe(1000);
    expect(intervalOf({ sockets: { traffic: 'datagram', sendBitsPerSecond: 8e9, messageBytes: 1000 } })).toBe(1000);
    expect(intervalOf({})).toBe(0);
    expect(intervalOf({ sockets: { traffic: 'paced', sendBitsPerSecond: 1e9 } })).toBe(0);
    expect(intervalOf({ sockets: { traffic: 'datagram', messageBytes: 1000 } })).toBe(0);
  });

  it('gives the slot pool a power of two of areas, as many as CPUs, none smaller than a segment', () => {
    expect([1, 2, 3, 8].map((cpus) => areasOf(machineConfig({ cpus: { copyKernel: 0, count: cpus } })))).toEqual([
      1, 2, 4, 8,
    ]);
    expect(areasOf(machineConfig({ cpus: { copyKernel: 0, count: 64 }, slotPool: { bytes: 1 << 20 } }))).toBe(4);
  });

  it('gives it as many areas as the configuration has, if none is smaller than a segment', () => {
    const config = (areas: number, bytes: number) =>
      machineConfig({ cpus: { copyKernel: 0, count: 8 }, slotPool: { areas, bytes } });
    expect([1, 2, 16].map((areas) => areasOf(config(areas, 64 << 20)))).toEqual([1, 2, 16]);
    expect(areasOf(config(16, 1 << 20))).toBe(4);
    expect(wantedAreasOf(config(16, 1 << 20))).toBe(16);
  });

  it('lets the network lose skbs and acknowledgements, but no datagrams', () => {
    const given = {
      cpus: { copyKernel: 0 },
      sockets: { messageBytes: 1000 },
      network: { lossShare: 0.1, ackLossShare: 0.2 },
    };
    expect(lossSharesOf(machineConfig(given))).toEqual({ lossShare: 0.1, ackLossShare: 0.2 });
    expect(lossSharesOf(machineConfig(given, { sockets: { traffic: 'datagram' } }))).toEqual({
      lossShare: 0,
      ackLossShare: 0,
    });
  });
});
