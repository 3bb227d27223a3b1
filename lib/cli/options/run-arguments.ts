/** The arguments of one run of a series: those of the call, without what is of the series. */
import { BENCH_OPTIONS } from '../../bench/plan/bench-option-table.js';
import { flagOf, type OptionRow } from '../../bench/plan/option-row.js';
import type { BenchOptions } from './parse-bench-options.js';

const PLANS = ['quick', 'full', 'sweep'] as const;
/** Each run has a seed of its own, and is a single one. */
const OF_SERIES: readonly OptionRow[] = [BENCH_OPTIONS.seed, BENCH_OPTIONS.runs];

/** Returns the command line of a run with this seed, without the name of the command. */
export function runArguments(options: BenchOptions, seed: number): string[] {
  const plans = PLANS.filter((plan) => options[plan] === true).map((plan) => `--${plan}`);
  const rows = (Object.values(BENCH_OPTIONS) as OptionRow[]).filter((row) => !OF_SERIES.includes(row));
  const given = rows.flatMap((row) => {
    const text = options[row.option as keyof BenchOptions] as string | undefined;
    return text === undefined ? [] : [flagOf(row), text];
  });
  const modules = (options.load ?? []).flatMap((file) => ['--load', file]);
  return [...plans, ...given, ...modules, flagOf(BENCH_OPTIONS.seed), String(seed)];
}
