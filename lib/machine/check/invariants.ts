/**
 * Which invariants hold when. Each is a function that reads the tables of a machine and throws if it finds it broken.
 * Source: docs/spec/tx-path.md#invariants, which numbers them.
 * Threads: one under which no other changes the tables, as a CPU of a machine whose CPUs take turns.
 */
import { copiesAreExplained, deviceSeesWhatWasSent, slotsStayMapped } from './in-flight-invariants.js';
import {
  blocksAreWellFormed,
  devicesAreAccounted,
  freesAreCounted,
  pageLimitHolds,
  referencesAreAccounted,
  slotsAreAccounted,
  typedPagesHaveSlots,
  typesMatchBlocks,
} from './memory-invariants.js';
import type { Invariant, Watched } from './watched.js';

/** Invariants that hold at any instant. */
export const AT_ANY_INSTANT: readonly Invariant[] = [typedPagesHaveSlots, deviceSeesWhatWasSent];
/** Invariants that hold whenever no CPU is in the middle of a step. */
export const BETWEEN_STEPS: readonly Invariant[] = [
  slotsAreAccounted,
  blocksAreWellFormed,
  devicesAreAccounted,
  pageLimitHolds,
  typesMatchBlocks,
  referencesAreAccounted,
  typedPagesHaveSlots,
  deviceSeesWhatWasSent,
  slotsStayMapped,
  copiesAreExplained,
  freesAreCounted,
];

/** @throws ERR_INVARIANT at the first that is broken; its number is in the message and in `details.invariant` */
export function assertInvariants(watched: Watched, invariants: readonly Invariant[] = BETWEEN_STEPS): void {
  for (const assertHolds of invariants) assertHolds(watched);
}
