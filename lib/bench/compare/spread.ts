/** What an interval says of how sure its median is. Pure. */
import { probit } from 'simple-statistics';
import type { Interval } from '../statistics/statistics.js';

/** An interval that is less sure says nothing of a spread: that of two rounds. */
const LEAST_CONFIDENCE = 0.7;

/** Returns the standard deviation of the logarithm of a median by its interval; null if that says nothing of it. */
export function spreadOf({ low, high, confidence }: Interval): number | null {
  if (!(low > 0) || confidence < LEAST_CONFIDENCE) return null;
  return Math.log(high / low) / 2 / probit((1 + confidence) / 2);
}
