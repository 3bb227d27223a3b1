/** Turns what a guard's measurement found, or why there is none, into a part of the document. Pure. */
import { pairedRatio } from '../statistics/paired-ratio.js';
import { summarize } from '../statistics/statistics.js';
import type { Comparison, GuardReport } from './doctor-schema.js';
import { GUARDS, type GuardName } from './guard-list.js';
import type { Findings, MeasuredPair } from './guards/guard.js';

export function comparison({ what, unit, without, with: guarded }: MeasuredPair): Comparison {
  const samples = { without: [...without], with: [...guarded] };
  const factor = pairedRatio(without, guarded);
  return { what, unit, without: summarize(without), with: summarize(guarded), factor, samples };
}

/** A repeat that has a value which is no number, as from a clock that stands still, is left out. */
function usable(pair: MeasuredPair): MeasuredPair {
  const repeats = pair.without
    .map((value, at) => [value, pair.with[at]!] as const)
    .filter((both) => both.every(Number.isFinite));
  return { ...pair, without: repeats.map(([value]) => value), with: repeats.map(([, value]) => value) };
}

export function guardReport(name: GuardName, found: Findings | { readonly refusal: string }): GuardReport {
  const texts = { name, ...GUARDS[name] };
  if ('refusal' in found) return { ...texts, refusal: found.refusal, comparisons: [], facts: [] };
  const pairs = found.pairs.map(usable).filter(({ without }) => without.length > 0);
  return { ...texts, refusal: null, comparisons: pairs.map(comparison), facts: [...found.facts] };
}
