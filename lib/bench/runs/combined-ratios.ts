/**
 * The ratios of several runs. Each run has formed its ratio within its rounds, where the load of the host cancels out;
 * the median and its interval are over these ratios, one for each run.
 */
import type { Pulses } from '../result/full-speed.js';
import type { CellResult, RatioResult, ResultDocument } from '../result/result.js';
import { pairedRatio } from '../statistics/paired-ratio.js';
import { samplesAtFullSpeed } from './combined-cells.js';

type Ratios = readonly (number | null)[];

/** The interval over ratios that were formed already: each is compared with 1. */
function ratioOf(ratios: Ratios) {
  return pairedRatio(
    ratios,
    ratios.map(() => 1),
  );
}

/** The median ratio of two cells over the rounds of a run in which both were at full speed. */
function fastRatio(of: CellResult | undefined, to: CellResult | undefined, fastest: Pulses): number | null {
  if (of === undefined || to === undefined) return null;
  return pairedRatio(samplesAtFullSpeed(of, fastest), samplesAtFullSpeed(to, fastest))?.median ?? null;
}

/** Returns the ratios of all runs, in the order of the first that has them. `fastest`: the pulses of all runs. */
export function combineRatios(runs: readonly ResultDocument[], fastest: Pulses): RatioResult[] {
  const ids = new Set(runs.flatMap(({ ratios }) => ratios.map(({ id }) => id)));
  const cells = runs.map(({ results }) => new Map(results.map((cell) => [cell.id, cell])));
  return [...ids].flatMap((id) => {
    const parts = runs.map(({ ratios }) => ratios.find((ratio) => ratio.id === id));
    const { scenario, of, to } = parts.find((part) => part !== undefined)!;
    const summary = ratioOf(parts.map((part) => part?.median ?? null));
    if (summary === null) return [];
    const combined = { id, scenario, of, to, ...summary };
    if (parts.every((part) => part?.atFullSpeed === undefined)) return [combined];
    const fast = cells.map((byId) => fastRatio(byId.get(of), byId.get(to), fastest));
    return [{ ...combined, atFullSpeed: ratioOf(fast) }];
  });
}
