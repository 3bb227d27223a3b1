/**
 * Takes out of a series what two readings beside each sample explain: the round trip of a cache line between the CPUs,
 * which a hypervisor changes when it moves them, and the pulse, which says how fast they were. What of the weather
 * remains, a run cannot see. Pure.
 */
import { median } from 'simple-statistics';
import type { Observation, Series } from './observations.js';

/** Fits, each without the observations that are far from the line of the one before. */
const FITS = 4;
/** In robust standard deviations: median absolute deviations times 1.48. */
const FAR = 3 * 1.4826;
/** What is left by rounding is not far. */
const LEAST_FAR = 1e-6;
/** A reading that varies less than this, as a logarithm, has nothing to explain. */
const LEAST_SPREAD = 0.005;

type Known = Observation & { readonly trip: number; readonly pulse: number };

const middle = (values: readonly number[]) => median([...values]);

/** Slopes of y over two columns, by least squares around the means; 0 for a column that hardly varies. */
function slopes(y: readonly number[], columns: readonly (readonly number[])[]): number[] {
  const centred = [y, ...columns].map((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.map((value) => value - mean);
  });
  const product = (a: number, b: number) => centred[a]!.reduce((sum, value, at) => sum + value * centred[b]![at]!, 0);
  const varies = [1, 2].filter((column) => product(column, column) / y.length > LEAST_SPREAD ** 2);
  if (varies.length < 2) return [1, 2].map((c) => (varies.includes(c) ? product(0, c) / product(c, c) : 0));
  const determinant = product(1, 1) * product(2, 2) - product(1, 2) ** 2;
  if (determinant < 1e-6 * product(1, 1) * product(2, 2)) return [product(0, 1) / product(1, 1), 0];
  return [
    (product(0, 1) * product(2, 2) - product(0, 2) * product(1, 2)) / determinant,
    (product(0, 2) * product(1, 1) - product(0, 1) * product(1, 2)) / determinant,
  ];
}

/** Returns the series less a straight line over the two logarithms; null if hardly any observation has both of them. */
export function withoutHostState(series: Series): Series | null {
  const known = series.observations.filter((one): one is Known => one.trip !== null && one.pulse !== null);
  if (known.length < 10 || known.length < series.observations.length / 2) return null;
  let kept: readonly Known[] = known;
  let rest = (one: Known) => one.y;
  for (let round = 0; round < FITS; round++) {
    const [ofTrip, ofPulse] = slopes(
      kept.map(({ y }) => y),
      [kept.map(({ trip }) => trip), kept.map(({ pulse }) => pulse)],
    ) as [number, number];
    rest = (one) => one.y - ofTrip * one.trip - ofPulse * one.pulse;
    const centre = middle(kept.map(rest));
    const far = Math.max(LEAST_FAR, FAR * middle(known.map((one) => Math.abs(rest(one) - centre))));
    kept = known.filter((one) => Math.abs(rest(one) - centre) <= far);
  }
  return { ...series, observations: known.map((one) => ({ ...one, y: rest(one) })) };
}
