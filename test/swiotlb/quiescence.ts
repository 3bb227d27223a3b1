/**
 * A moment at which several threads rest while they hold slots: they arrive, the main thread checks, and they go on.
 * Words: threads that rest, and whether they may go on.
 */
import { setTimeout } from 'node:timers/promises';
import type { Cpu } from '../../lib/smp/cpu.js';
import type { SlotPool } from '../../lib/swiotlb/slots/slot-pool.js';
import { SLOT_SIZE } from '../../lib/units.js';

export const QUIESCENCE_WORDS = 2;
const RESTING = 0;
const MAY_GO_ON = 1;

/** Rests until the check is over; each thread calls it. */
export function rest(words: Int32Array, cpu: Cpu): void {
  Atomics.add(words, RESTING, 1);
  while (Atomics.load(words, MAY_GO_ON) === 0) cpu.list.relax(0);
}

/** Runs `look` once `threads` threads rest. Skips it if `ends` comes first, which happens when one of them fails. */
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
 * Checks that areas, tables and stamps agree on the number of allocated slots, and returns it. See
 * docs/spec/tx-path.md#i1-slots-are-accounted-for. `stamps` are those of all slots from address `start` on.
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
        `slot pool at ${pool.start}: areas count ${pool.used()} slots, ${taken} are allocated, ${stamped} are held`,
      );
    }
    all += taken;
  }
  const held = stamps.reduce((sum, stamp) => sum + (stamp === 0 ? 0 : 1), 0);
  if (held !== all) throw new Error(`${held} slots are held, but only ${all} of them lie in slot pools`);
  return all;
}
