/**
 * What the loop of `lifetime-cost` works on: skbs, payload to hang on them, and one of the lifetimes of fragments. Each
 * fragment lies in a block of its own, whose descriptor shares its cache line with no other, as in Linux.
 *
 * The payload outlives its skbs, as it does where a task is still filling it, so no release is the last one: what it
 * costs to get and free memory is measured by `control-cost`. Nothing is copied, and no byte is touched.
 */
import type { Lifetime } from '../../lib/net/lifetime.js';
import type { SkbTable } from '../../lib/net/skb.js';
import type { Cpu } from '../../lib/smp/cpu.js';
import { KIB, MIB } from '../../lib/units.js';

/** `none`: fragments hold nothing. What is left is the work of the skbs themselves, which all lifetimes share. */
export const LIFETIMES = ['none', 'page', 'page-pool', 'owner'] as const;
export type LifetimeName = (typeof LIFETIMES)[number];

/** Skbs that are made before all of them are released: enough that reading the clock costs little. */
export const GROUP = 32;
/** Payload of an skb, bytes. */
export const PAYLOAD_BYTES = 64 * KIB;
/** Order of the blocks that fragments lie in: the smallest with room for a whole payload. */
export const BLOCK_ORDER = 4;
/** A send buffer for which a machine has more than GROUP * MAX_FRAGS such blocks. */
export const SEND_BUFFER_BYTES = 64 * MIB;
/** The one socket. */
export const SOCKET = 0;

/** Both threads have one of their own over the same arena. */
export interface LifetimeRig {
  readonly skbs: SkbTable;
  readonly lifetime: Lifetime;
  /** Initialises what the rig has in the arena. For the thread that made it. */
  reset(): void;
  /** Gets the payload. For the thread that makes skbs, once. */
  fill(cpu: Cpu): void;
  /** Prepares for skbs of this number of fragments. All that were made are released. For the same thread. */
  prepare(cpu: Cpu, frags: number): void;
  /** Hangs payload number `at` of the group on an empty skb, in this number of fragments. */
  hang(skb: number, at: number, frags: number): void;
}

/** Returns the bytes of a fragment of a payload in this number of fragments. The last one has fewer. */
export function fragmentBytes(frags: number): number {
  return Math.ceil(PAYLOAD_BYTES / frags);
}
