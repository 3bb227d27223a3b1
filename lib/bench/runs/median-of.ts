/** The median of what there is: a run or a sample may lack a number. */
import { median } from 'simple-statistics';

/** Returns the median of the values that are numbers; null if there is none. */
export function medianOf(values: readonly (number | null | undefined)[] = []): number | null {
  const numbers = values.filter((value) => value !== null && value !== undefined);
  return numbers.length === 0 ? null : median(numbers);
}
