/**
 * What a machine has in the device's hands: the packets of its rings, with where each part of them lies.
 * For checks, which read the tables of a machine and change nothing.
 */
import { MORE } from '../../dma/descriptor-ring.js';
import { HEADER_BYTES } from '../../net/skb.js';
import { PAGE_SIZE } from '../../units.js';
import type { System } from '../build/system.js';

/** One descriptor. */
export interface Part {
  /** What the device was told. */
  readonly dma: number;
  readonly bytes: number;
  /** Where the sender's bytes are. */
  readonly phys: number;
}

export interface Packet {
  readonly queue: number;
  readonly skb: number;
  /** The header, and then the fragments. */
  readonly parts: readonly Part[];
}

/**
 * Packets from the doorbell on. `cleaned`: until they are unmapped, which holds between the steps of all CPUs.
 * `done`: until the device is done with them, which holds at any instant.
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

/** Payload bytes of a packet. */
export function payloadOf(packet: Packet): number {
  return packet.parts.reduce((sum, { bytes }) => sum + bytes, 0) - HEADER_BYTES;
}

function physOf({ skbs }: System, skb: number, part: number): number {
  if (part === 0) return skbs.header(skb);
  return skbs.fragPfn(skb, part - 1) * PAGE_SIZE + skbs.fragOffset(skb, part - 1);
}
