/** The tail of the normal distribution, as exact far out as in the middle: Holm's correction multiplies it. Pure. */

/** From here on the continued fraction needs fewer terms than the series. */
const FAR = 3;
const TERMS = 120;

/** Returns the chance that a standard normal variable is above `z`, at least 0; relative error below 1e-12. */
export function normalTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < FAR) return 0.5 - density * seriesOf(z);
  let fraction = z;
  for (let term = TERMS; term >= 1; term--) fraction = z + term / fraction;
  return density / fraction;
}

/** z + z^3/3 + z^5/(3 5) + ..., which times the density is the chance between 0 and z. */
function seriesOf(z: number): number {
  let [term, sum] = [z, z];
  for (let odd = 3; odd < 2 * TERMS; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return sum;
}
