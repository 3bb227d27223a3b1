/**
 * Finds knees in a curve of latency by size: sizes above which an access takes longer. Between knees the curve is flat,
 * or rises a little; above one it rises to the next flat part at once or over several octaves, in any shape, because a
 * cache that is shared or replaces lines at random gives way gradually. The best such description is found by dynamic
 * programming over the logarithms; how sure its knees are, by drawing repeats anew. Pure.
 */
import { type Random, random, randomInt } from '../../random.js';

const { max, min } = Math;

export interface Knee {
  /** Between `low` and `high`. */
  readonly bytes: number;
  /** Largest size that is still as fast, and smallest that is not; further apart where the repeats disagree. */
  readonly low: number;
  readonly high: number;
  readonly beforeNs: number;
  readonly afterNs: number;
}

/** Sizes in ascending order, and for each the nanoseconds of its repeats, in the order in which they were taken. */
export interface LatencyCurve {
  readonly bytes: readonly number[];
  readonly ns: readonly (readonly number[])[];
}

/** Smallest step, as a factor: less is address translation and the way through a larger chip. */
export const MINIMAL_STEP = 1.3;
const LOG_STEP = Math.log(MINIMAL_STEP);
/** What a flat part may rise by in an octave, in logarithms. */
const MAX_SLOPE = 0.15;
/** Sizes of the shortest flat part. */
const MIN_FLAT = 3;
/** The longest rise, in octaves. */
const MAX_RISE_OCTAVES = 4;
/** What a knee costs, and a point that is on no flat part, in squared deviations of noise. Found by simulation. */
const KNEE_COST = 12;
const RISE_COST = 4;
/** No curve is smoother than this: models of caches are not either. */
const MIN_DEVIATION = 0.04;
/** Neighbours on each side that the noise of a point is judged by. */
const NEIGHBOURS = 4;
const RESAMPLES = 60;
/** How far from a knee one of a resampled curve may be to be the same: noise moves the foot of a gradual rise. */
const SAME_KNEE_OCTAVES = 2;
/** Share of the resampled curves that must have a knee. */
const SUPPORT = 0.75;

/** The value below which a share of sorted values lies. */
const quantile = (sorted: Float64Array, share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;

/** Disturbances make an access slower, never faster: the lower quartile is what memory does when it is left alone. */
const typical = (values: readonly number[]) => Math.log(quantile(Float64Array.from(values).sort(), 0.25));

/** The deviation of the noise around each point, from how far points lie beside the middle of their neighbours. */
function deviations(logs: Float64Array): Float64Array {
  const beside = logs.map((value, at) => Math.abs(value - (logs[Math.max(0, at - 1)]! + (logs[at + 1] ?? value)) / 2));
  return logs.map((_, at) => {
    const near = beside.slice(Math.max(1, at - NEIGHBOURS), Math.min(logs.length - 1, at + NEIGHBOURS + 1)).sort();
    return Math.max(MIN_DEVIATION, (1.4826 * quantile(near, 0.5)) / Math.sqrt(1.5));
  });
}

/** What it costs to take the sizes between two as flat, and the logarithms at both ends. By first size and last. */
interface Flats {
  readonly cost: Float64Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/** Returns all flat parts, as lines by weighted least squares. */
function flatsOf(octaves: Float64Array, logs: Float64Array): Flats {
  const count = logs.length;
  const weights = deviations(logs).map((deviation) => 1 / deviation ** 2);
  const made = () => new Float64Array(count * count);
  const flats = { cost: made(), start: made(), end: made() };
  for (let first = 0; first < count; first++) {
    let [w, x, y, xx, xy, yy] = [0, 0, 0, 0, 0, 0];
    for (let last = first; last < count; last++) {
      const weight = weights[last]!;
      const octave = octaves[last]! - octaves[first]!;
      const log = logs[last]!;
      w += weight;
      x += weight * octave;
      y += weight * log;
      xx += weight * octave * octave;
      xy += weight * octave * log;
      yy += weight * log * log;
      const sxx = xx - (x * x) / w;
      const sxy = xy - (x * y) / w;
      const slope = sxx > 0 ? min(MAX_SLOPE, max(0, sxy / sxx)) : 0;
      const at = first * count + last;
      flats.cost[at] = max(0, yy - (y * y) / w - 2 * slope * sxy + slope * slope * sxx);
      flats.start[at] = (y - slope * x) / w;
      flats.end[at] = flats.start[at]! + slope * octave;
    }
  }
  return flats;
}

interface IndexedKnee {
  /** Index of the last size of the flat part. */
  readonly at: number;
  readonly beforeLog: number;
  readonly afterLog: number;
}

/** Returns the knees of a curve of logarithms. */
function describe(octaves: Float64Array, logs: Float64Array): IndexedKnee[] {
  const count = logs.length;
  const { cost, start, end } = flatsOf(octaves, logs);
  // For each size the best description that ends with a flat part there: what it costs, where that part begins, and
  // where the one before it ended, or -1.
  const best = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const begins = new Int32Array(count);
  const earlier = new Int32Array(count).fill(-1);
  for (let last = MIN_FLAT - 1; last < count; last++) {
    best[last] = cost[last]!;
    for (let first = MIN_FLAT; first <= last - MIN_FLAT + 1; first++) {
      const flat = first * count + last;
      for (let before = first - 1; before >= MIN_FLAT - 1; before--) {
        if (octaves[first]! - octaves[before]! > MAX_RISE_OCTAVES) break;
        if (start[flat]! - end[begins[before]! * count + before]! < LOG_STEP) continue;
        const whole = best[before]! + KNEE_COST + RISE_COST * (first - 1 - before) + cost[flat]!;
        if (whole >= best[last]!) continue;
        best[last] = whole;
        begins[last] = first;
        earlier[last] = before;
      }
    }
  }
  const endOf = (last: number) => end[begins[last]! * count + last]!;
  // The curve ends with a flat part, or with a rise that is not over at the largest size.
  const top = (logs[count - 1]! + logs[count - 2]!) / 2;
  let final = count - 1;
  let least = best[final]!;
  for (let last = count - 3; last >= MIN_FLAT - 1; last--) {
    const open = best[last]! + KNEE_COST + RISE_COST * (count - 1 - last);
    if (top - endOf(last) < LOG_STEP || open >= least) continue;
    final = last;
    least = open;
  }
  const found: IndexedKnee[] = final < count - 1 ? [{ at: final, beforeLog: endOf(final), afterLog: top }] : [];
  for (let last = final; earlier[last]! >= 0; last = earlier[last]!) {
    const at = earlier[last]!;
    found.unshift({ at, beforeLog: endOf(at), afterLog: start[begins[last]! * count + last]! });
  }
  return found;
}

/** The same curve of repeats that are drawn anew: of all sizes the same ones, as a disturbance hits neighbours. */
function redrawn(ns: LatencyCurve['ns'], next: Random): Float64Array {
  const passes = Math.max(...ns.map(({ length }) => length));
  const drawn = Array.from({ length: passes }, () => randomInt(next, passes));
  return Float64Array.from(ns, (repeats) => typical(drawn.map((pass) => repeats[pass % repeats.length]!)));
}

/**
 * Returns the knees, small to large, of at least `2 * MIN_FLAT` sizes with at least one repeat each; of fewer sizes
 * none. The same curve and seed give the same knees.
 */
export function findKnees({ bytes, ns }: LatencyCurve, seed = 1): Knee[] {
  if (bytes.length < 2 * MIN_FLAT) return [];
  const octaves = Float64Array.from(bytes, Math.log2);
  const found = describe(octaves, Float64Array.from(ns, typical));
  const next = random(seed);
  const others = Array.from({ length: RESAMPLES }, () => describe(octaves, redrawn(ns, next)));
  return found.flatMap(({ at, beforeLog, afterLog }) => {
    const near = others.flatMap(
      (one) => one.filter((other) => Math.abs(octaves[other.at]! - octaves[at]!) <= SAME_KNEE_OCTAVES)[0] ?? [],
    );
    if (near.length < SUPPORT * RESAMPLES) return [];
    const places = near.map((other) => other.at).sort((a, b) => a - b);
    const outside = Math.floor(0.025 * places.length);
    const low = bytes[Math.min(at, places[outside]!)]!;
    const high = bytes[Math.max(at, places.at(-1 - outside)!) + 1]!;
    const size = Math.sqrt(bytes[at]! * bytes[at + 1]!);
    return { bytes: Math.round(size), low, high, beforeNs: Math.exp(beforeLog), afterNs: Math.exp(afterLog) };
  });
}
