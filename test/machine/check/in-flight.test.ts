import { afterEach, describe, expect, it } from '@jest/globals';
import type { DesignName } from '../../../lib/designs/designs.js';
import { machineConfig } from '../../../lib/machine/build/config.js';
import { packetsInFlight, payloadOf } from '../../../lib/machine/check/in-flight.js';
import { InlineMachine } from '../../../lib/machine/run/inline-machine.js';
import { HEADER_BYTES } from '../../../lib/net/skb.js';

const MESSAGE = 20_000;
let machine: InlineMachine | undefined;
afterEach(() => machine?.close());

/** A machine with packets in flight: its line is so slow that nothing is completed for long. */
function busy(design: DesignName) {
  const small = {
    sockets: { sendBufferBytes: 1 << 18, userBufferBytes: 1 << 17, messageBytes: MESSAGE, messagesPerSender: 4 },
    slotPool: { bytes: 1 << 20 },
  };
  const slow = {
    sockets: { senders: 2, skbBytes: 8192 },
    devices: { completion: 'line-rate', lineBitsPerSecond: 1e6, queues: 2, byteQueueLimits: false },
  } as const;
  machine = new InlineMachine(machineConfig({ design, cpus: { copyKernel: 0 } }, small, slow));
  const { system } = machine;
  for (let step = 0; step < 20; step++) machine.step();
  return { system, packets: packetsInFlight(system, 'cleaned') };
}

describe('packetsInFlight', () => {
  it('returns none before anything was sent', () => {
    busy('bounce');
    machine!.system.reset();
    expect(packetsInFlight(machine!.system, 'cleaned')).toEqual([]);
  });

  it('returns the packets of all rings, each with a header and payload of a socket that uses the ring', () => {
    const { system, packets } = busy('bounce');
    expect(new Set(packets.map(({ queue }) => queue))).toEqual(new Set([0, 1]));
    expect(new Set(packets.map(({ skb }) => skb)).size).toBe(packets.length);
    for (const packet of packets) {
      expect(packet.parts[0]!.bytes).toBe(HEADER_BYTES);
      expect(packet.parts[0]!.phys).toBe(system.skbs.header(packet.skb));
      expect(system.skbs.socket(packet.skb) % 2).toBe(packet.queue);
      expect(payloadOf(packet)).toBe(system.skbs.bytes(packet.skb));
      expect(packet.parts.slice(1).reduce((sum, { bytes }) => sum + bytes, 0)).toBe(payloadOf(packet));
    }
  });

  it('gives bounced packets an address other than that of the bytes of the sender, and others the same', () => {
    const bounced = busy('bounce');
    const partsOf = ({ packets }: typeof bounced) => packets.flatMap(({ parts }) => parts);
    expect(partsOf(bounced).every(({ dma }) => bounced.system.swiotlb.pool.contains(dma))).toBe(true);
    expect(partsOf(bounced).some(({ dma, phys }) => dma === phys)).toBe(false);
    machine!.close();
    const direct = partsOf(busy('direct'));
    expect(direct.length).toBeGreaterThan(0);
    expect(direct.every(({ dma, phys }) => dma === phys)).toBe(true);
  });

  it('leaves out, with "done", packets that the device has completed and no CPU has cleaned up', () => {
    const { system, packets } = busy('bounce');
    const { ring } = system.queues[0]!;
    const ofFirst = packets.filter(({ queue }) => queue === 0);
    ring.complete(ring.dirty + ofFirst[0]!.parts.length); // the device is done with one
    expect(packetsInFlight(system, 'cleaned')).toEqual(packets);
    const left = packetsInFlight(system, 'done');
    expect(left).toEqual(packets.filter((packet) => packet !== ofFirst[0]));
  });
});
