/**
 * Whether the bandwidth of a tool and that of copytax agree, and if not, whether a measurement explains why. Pure.
 *
 * Everything that is measured has a key, and one rate for each round. A comparison names the key of a tool and that of
 * a copy. An explanation is a sentence and pairs of keys, and holds only where the rates of each pair agree: what is
 * said of a difference was measured in the same rounds as the difference.
 */
import { pairedRatio, type RatioSummary } from '../../lib/bench/statistics/paired-ratio.js';
import type { Comparison, Explanation, Rates } from './agreement-file.js';

/** Two rates agree if neither is more than this above the other: 10 %. */
export const TOLERANCE = 0.1;
const MOST = 1 + TOLERANCE;
/** An interval that reaches further says nothing about the tolerance. */
const MOST_OF_INTERVAL = 1 + 2 * TOLERANCE;

/**
 * `unclear`: the host was too noisy to say: the median of the ratios and their interval are on different sides of the
 * tolerance, or the interval reaches to twice the tolerance. `unmeasured`: a rate is missing.
 */
export type Verdict = 'agrees' | 'explained' | 'differs' | 'unclear' | 'unmeasured';

export interface Judgement {
  readonly comparison: Comparison;
  /** Rate of the tool by that of copytax. */
  readonly ratio: RatioSummary | null;
  readonly verdict: Verdict;
  /** The explanation that holds, with the ratio of each of its pairs. */
  readonly explained: { readonly explanation: Explanation; readonly ratios: readonly RatioSummary[] } | null;
}

/** Whether neither of two rates is more than `most` times the other. The same for a ratio and for its inverse. */
function isAtMost(ratio: number, most: number): boolean {
  return ratio > 0 && Math.max(ratio, 1 / ratio) <= most;
}

/** True if the median is within the tolerance, and the whole interval within twice the tolerance. */
export function agrees({ median, low, high }: RatioSummary): boolean {
  return isAtMost(median, MOST) && isAtMost(low, MOST_OF_INTERVAL) && isAtMost(high, MOST_OF_INTERVAL);
}

function ratioOf(rates: Rates, of: string, to: string): RatioSummary | null {
  return pairedRatio(rates[of] ?? [], rates[to] ?? []);
}

/** Returns the first explanation all of whose pairs agree; null where none holds. */
function explanationOf({ explanations }: Comparison, rates: Rates): Judgement['explained'] {
  for (const explanation of explanations) {
    const ratios = explanation.pairs.map(({ of, to }) => ratioOf(rates, of, to));
    const holding = ratios.filter((ratio): ratio is RatioSummary => ratio !== null && agrees(ratio));
    if (holding.length > 0 && holding.length === ratios.length) return { explanation, ratios: holding };
  }
  return null;
}

/** Judges one comparison by the rates of all rounds. */
export function judge(comparison: Comparison, rates: Rates): Judgement {
  const ratio = ratioOf(rates, comparison.of, comparison.to);
  if (ratio === null) return { comparison, ratio, verdict: 'unmeasured', explained: null };
  if (agrees(ratio)) return { comparison, ratio, verdict: 'agrees', explained: null };
  const explained = explanationOf(comparison, rates);
  if (explained !== null) return { comparison, ratio, verdict: 'explained', explained };
  const reaches = ratio.low <= MOST && ratio.high >= 1 / MOST;
  return { comparison, ratio, verdict: reaches ? 'unclear' : 'differs', explained: null };
}

/** True if there is a comparison, and each agrees or is explained. */
export function isAgreement(judged: readonly Judgement[]): boolean {
  return judged.length > 0 && judged.every(({ verdict }) => verdict === 'agrees' || verdict === 'explained');
}
