/** The warnings of several runs: each once, with the number of runs that had it. */
import type { Warning } from '../plan/warning.js';
import type { ResultDocument } from '../result/result.js';
import { MINIMAL_ROUNDS } from '../statistics/statistics.js';

type Stored = ResultDocument['warnings'][number];

/** `all`: the warnings of each run. Returns one for each code: the first, with the number of runs that had it. */
export function mergeWarnings(all: readonly (readonly Stored[])[]): Stored[] {
  const codes = new Set(all.flatMap((warnings) => warnings.map(({ code }) => code)));
  return [...codes].map((code) => {
    const having = [...all.entries()].flatMap(([run, warnings]) => {
      const warning = warnings.find((other) => other.code === code);
      return warning === undefined ? [] : [{ run, warning }];
    });
    const { run, warning } = having[0]!;
    if (all.length === 1) return warning;
    const runs =
      having.length === all.length ? `in all ${all.length} runs` : `in ${having.length} of ${all.length} runs`;
    return { ...warning, seen: `${runs}; in run ${run + 1}: ${warning.seen}` };
  });
}

/** With few runs intervals are wide; null: there are enough. */
function fewRuns(count: number): Warning | null {
  if (count >= MINIMAL_ROUNDS) return null;
  return {
    code: 'FEW_SAMPLES',
    seen: `each sample is a run, and there ${count === 1 ? 'is 1 run' : `are ${count} runs`}`,
    why: 'below six runs intervals do not reach 95 %, and no difference is called significant',
    remedy: `let the runs end, or set --runs ${MINIMAL_ROUNDS} or more; each run by itself is in the result file`,
  };
}

/** Returns the warnings of the runs; where there are few runs, that stands for few rounds in them. */
export function combineWarnings(runs: readonly ResultDocument[]): Stored[] {
  const few = fewRuns(runs.length);
  const merged = mergeWarnings(runs.map(({ warnings }) => warnings));
  return few === null ? merged : [few, ...merged.filter(({ code }) => code !== few.code)];
}
