/**
 * The copies of a machine as its unit of time. Machines differ in how fast they copy; what bouncing costs in copies of
 * 64 KiB says what it costs relative to that. Pure.
 */
import { median } from 'simple-statistics';
import { NS_PER_64K_PER_CORE } from '../result/cores.js';
import type { CellResult, ResultDocument } from '../result/result.js';
import { present } from '../statistics/statistics.js';

/** The largest packet that Linux hands to a device at once. */
const COPY_BYTES = 65536;

/** What copies of 64 KiB take on a machine, nanoseconds. */
export interface Copies {
  /** The copy kernel that they were made with. */
  readonly kernel: string;
  /** From and to caches, as hot as the size allows: the unit. */
  readonly hotNs: number;
  /** Both flushed from the caches before; null if that was not measured. */
  readonly coldNs: number | null;
}

const isCopy = ({ params, unit }: CellResult) => params.size === COPY_BYTES && params.state === 'hot' && unit === 'ns';

const middleOf = (cell: CellResult | undefined) => {
  const values = present(cell?.samples ?? []);
  return values.length === 0 ? null : median(values);
};

/** The order in which copy kernels are the unit: that of the run, then what Linux uses, then that of the C library. */
function kernelsOf({ settings }: ResultDocument): string[] {
  return [settings.kernel, 'movsb', 'libc'];
}

/** Returns what copies of 64 KiB took in a run; null if it measured none. */
export function copiesOf(run: ResultDocument): Copies | null {
  const hot = run.results.filter(isCopy);
  const named = kernelsOf(run).map((kernel) => hot.find(({ params }) => params.kernel === kernel));
  const unit = named.find((cell) => cell !== undefined) ?? hot[0];
  const hotNs = middleOf(unit);
  if (unit === undefined || hotNs === null) return null;
  const { scenario, params } = unit;
  const cold = run.results.find(
    (cell) =>
      cell.scenario === scenario &&
      cell.params.kernel === params.kernel &&
      cell.params.size === COPY_BYTES &&
      cell.params.state === 'cold',
  );
  return { kernel: String(params.kernel), hotNs, coldNs: middleOf(cold) };
}

/** Returns by what a time in nanoseconds, or a cost in cores per 100 Gbit/s, is multiplied to be in copies. */
export function inCopies(unit: 'ns' | 'cores', { hotNs }: Copies): number {
  return (unit === 'cores' ? NS_PER_64K_PER_CORE : 1) / hotNs;
}
