/** What the calls of two CPUs are made on. */
import type { Arena } from '../../../lib/smp/arena.js';
import { inArena, testCpus } from '../../smp/fixtures/cpus.js';
import type { TwoCalls } from '../../support/interleave.js';

/** By what the two calls are, what makes them, each time over tables of their own. */
export type Scenes = Readonly<Record<string, () => TwoCalls>>;

const { cpus } = testCpus(2);
/** The CPU of the first call, and that of the second. */
export const [FIRST, SECOND] = cpus as [(typeof cpus)[0], (typeof cpus)[0]];

/** A table in an arena of its own, after a reset. */
export function fresh<Table extends { reset(): void }>(build: (arena: Arena) => Table): Table {
  const table = inArena(build);
  table.reset();
  return table;
}
