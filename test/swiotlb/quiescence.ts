/**
 * A moment at which several threads rest with slots in their hands: they arrive, somebody looks, and they go on.
 * Words: threads that rest, and whether they may go on.
 */
import { setTimeout } from 'node:timers/promises';
import type { Cpu } from '../../lib/smp/cpu.js';
import type { SlotPool } from '../../lib/swiotlb/slots/slot-pool.js';
import { SLOT_SIZE } from '../../lib/units.js';

export const QUIESCENCE_WORDS = 2;
const RESTING = 0;
const MAY_GO_ON = 1;

/** A thread's part. */
export function rest(words: Int32Array, cpu: Cpu): void {
  Atomics.add(words, RESTING, 1);
  while (Atomics.load(words, MAY_GO_ON) === 0) cpu.list.relax(0);
}

/** Runs `look` once so many threads rest; not at all when `ends` comes first, as it does when one of them fails. */
export async function atQuiescence(words: Int32Array, threads: number, ends: Promise<unknown>, look: () => void) {
  let hasEnded = false;
  const end = ends.then(() => {
    hasEnded = true;
  });
  while (!hasEnded && Atomics.load(words, RESTING) < threads) await Promise.race([end, setTimeout(1)]);
  try {
    if (!hasEnded) look();
  } finally {
    Atomics.store(words, MAY_GO_ON, 1);
  }
}

/**
 * Invariant I1: what the areas count, what the table calls taken, and what bears a stamp are the same number of slots.
 * `stamps` are those of all slots from address `start` on. Answers the number.
 */
export function assertAccounted(pools: readonly SlotPool[], stamps: Int32Array, start: number): number {
  let all = 0;
  for (const pool of pools) {
    const first = (pool.start - start) / SLOT_SIZE;
    let taken = 0;
    let stamped = 0;
    for (let slot = 0; slot < pool.slots; slot++) {
      if (!pool.table.isFree(slot)) taken++;
      if (stamps[first + slot] !== 0) stamped++;
    }
    if (pool.used() !== taken || taken !== stamped) {
      throw new Error(
        `I1: of the pool at ${pool.start}, areas count ${pool.used()} slots, ${taken} are taken, ${stamped} are held`,
      );
    }
    all += taken;
  }
  const held = stamps.reduce((sum, stamp) => sum + (stamp === 0 ? 0 : 1), 0);
  if (held !== all) throw new Error(`I1: ${held} slots are held, and ${all} of them lie in pools`);
  return all;
}
