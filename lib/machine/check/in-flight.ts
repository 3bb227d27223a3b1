/**
 * Lists the packets in the rings of a machine, and where each part of a packet lies.
 * For checks, which read the tables of a machine and change nothing.
 */
import { MORE } from '../../dma/descriptor-ring.js';
import { HEADER_BYTES } from '../../net/skb.js';
import type { System } from '../build/system.js';

/** What one descriptor describes. */
export interface Part {
  /** The address that the device reads. */
  readonly dma: number;
  readonly bytes: number;
  /** Where the bytes of the sender lie. */
  readonly phys: number;
}

export interface Packet {
  readonly queue: number;
  readonly skb: number;
  /** The header, and then the fragments. */
  readonly parts: readonly Part[];
}

/**
 * Returns packets from the doorbell on. `cleaned`: until they are unmapped, which is exact between the steps of all
 * CPUs. `done`: until the device is done with them, which is exact at any instant.
 */
export function packetsInFlight(system: System, until: 'cleaned' | 'done'): Packet[] {
  return system.queues.flatMap(({ ring, index: queue }) => {
    const packets: Packet[] = [];
    const end = ring.produced();
    let at = until === 'cleaned' ? ring.dirty : ring.done();
    while (at !== end) {
      const parts: { dma: number; bytes: number }[] = [];
      let skb = MORE;
      while (skb === MORE) {
        parts.push({ dma: ring.dma(at), bytes: ring.bytes(at) });
        skb = ring.skb(at);
        at = (at + 1) | 0;
      }
      packets.push({
        queue,
        skb,
        parts: parts.map((part, number) => ({ ...part, phys: physOf(system, skb, number) })),
      });
    }
    return packets;
  });
}

/** Returns the payload bytes of a packet. */
export function payloadOf(packet: Packet): number {
  return packet.parts.reduce((sum, { bytes }) => sum + bytes, 0) - HEADER_BYTES;
}

function physOf({ skbs }: System, skb: number, part: number): number {
  if (part === 0) return skbs.header(skb);
  return skbs.fragAddress(skb, part - 1);
}
