/**
 * Whether two groups of values differ in their place: the rank test of Wilcoxon, and of Mann and Whitney ("On a test of
 * whether one of two random variables is stochastically larger than the other", 1947). It assumes nothing of the shape
 * of the values, only that under no difference every division of them into two groups of these sizes is as likely as
 * any other. Values may be tied. Pure.
 */
import { normalTail } from './normal-tail.js';

/** Of up to 60 values the chance is counted; of more, it is that of a normal distribution. */
const COUNTED_VALUES = 60;

/** A difference has to be less likely than this under no difference. */
export const SIGNIFICANCE = 0.05;

/** Returns the ranks of all values times two, so that those of tied values, the mean of theirs, are whole numbers. */
function doubledRanks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const ranks = new Array<number>(values.length);
  for (let first = 0; first < order.length; ) {
    let end = first + 1;
    while (end < order.length && values[order[end]!] === values[order[first]!]) end++;
    for (let at = first; at < end; at++) ranks[order[at]!] = first + 1 + end;
    first = end;
  }
  return ranks;
}

/** Returns how likely each sum of `size` of these ranks is, by the sum, if every choice of them is as likely. */
function chancesOfSums(ranks: readonly number[], size: number): Float64Array {
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  // chance[chosen][sum] after some ranks; each rank is chosen with the chance that keeps all choices alike.
  let chances: Float64Array[] = Array.from({ length: size + 1 }, () => new Float64Array(0));
  chances[0] = Float64Array.of(1);
  for (const [seen, rank] of ranks.entries()) {
    const left = ranks.length - seen;
    const next: Float64Array[] = Array.from({ length: size + 1 }, () => new Float64Array(0));
    for (const [chosen, sums] of chances.entries()) {
      const take = (size - chosen) / left;
      if (sums.length === 0) continue;
      if (take < 1) next[chosen] = added(next[chosen]!, sums, 0, 1 - take);
      if (take > 0) next[chosen + 1] = added(next[chosen + 1]!, sums, rank, take);
    }
    chances = next;
  }
  return added(new Float64Array(total + 1), chances[size]!, 0, 1);
}

/** Returns `target` with `sums`, moved by `by` and times `factor`, added to it. */
function added(target: Float64Array, sums: Float64Array, by: number, factor: number): Float64Array {
  const grown = target.length >= sums.length + by ? target : new Float64Array(sums.length + by);
  if (grown !== target) grown.set(target);
  for (let sum = 0; sum < sums.length; sum++) grown[sum + by]! += factor * sums[sum]!;
  return grown;
}

/** Tables of `chancesOfSums` for ranks without ties, by the two sizes: a comparison asks for few of them, often. */
const untied = new Map<string, Float64Array>();

function chancesOf(ranks: readonly number[], size: number, hasTies: boolean): Float64Array {
  if (hasTies) return chancesOfSums(ranks, size);
  const key = `${size} ${ranks.length}`;
  const known =
    untied.get(key) ??
    chancesOfSums(
      [...ranks.keys()].map((at) => 2 * (at + 1)),
      size,
    );
  untied.set(key, known);
  return known;
}

function countedP(ranks: readonly number[], size: number, sum: number, hasTies: boolean): number {
  const chances = chancesOf(ranks, size, hasTies);
  let [below, above] = [0, 0];
  for (let other = 0; other < chances.length; other++) {
    if (other <= sum) below += chances[other]!;
    if (other >= sum) above += chances[other]!;
  }
  return Math.min(1, 2 * Math.min(below, above));
}

/** By the normal distribution, with a correction for ties and one for continuity. */
function normalP(ranks: readonly number[], sizes: readonly [number, number], sum: number): number {
  const [size, other] = sizes;
  const count = size + other;
  const ties = new Map<number, number>();
  for (const rank of ranks) ties.set(rank, (ties.get(rank) ?? 0) + 1);
  const tied = [...ties.values()].reduce((total, times) => total + times ** 3 - times, 0);
  const variance = ((size * other) / 12) * (count + 1 - tied / (count * (count - 1)));
  const distance = Math.max(0, Math.abs(sum / 2 - (size * (count + 1)) / 2) - 0.5);
  return variance <= 0 ? 1 : Math.min(1, 2 * normalTail(distance / Math.sqrt(variance)));
}

/**
 * Returns the two-sided chance of a difference in ranks at least as large as that of the two groups, under no
 * difference: exact for up to 60 values. 1 if a group is empty. Values are finite.
 */
export function rankTest(one: readonly number[], other: readonly number[]): number {
  if (one.length === 0 || other.length === 0) return 1;
  const ranks = doubledRanks([...one, ...other]);
  const sum = ranks.slice(0, one.length).reduce((total, rank) => total + rank, 0);
  if (ranks.length > COUNTED_VALUES) return normalP(ranks, [one.length, other.length], sum);
  return countedP(ranks, one.length, sum, new Set(ranks).size < ranks.length);
}

/**
 * Returns the smallest chance that the test can return for groups of these sizes: 2 of all divisions. With three values
 * a side it is 0.1, so that no difference whatever is significant; with five 0.008.
 */
export function smallestChance(size: number, other: number): number {
  let chance = 1;
  for (let at = 1; at <= Math.min(size, other); at++) chance *= at / (Math.max(size, other) + at);
  return Math.min(1, 2 * chance);
}
