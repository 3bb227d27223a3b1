/** A line of bars, one for each value, on a logarithmic axis that several lines share. Pure. */

const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const PLAIN = ['.', ':', '-', '=', '+', '*', '#'] as const;

/** Returns the lowest and the highest value that an axis can show; null if there is none. */
export function logRange(values: readonly (number | null)[]): readonly [number, number] | null {
  const shown = values.filter((value) => value !== null && Number.isFinite(value) && value > 0) as number[];
  if (shown.length === 0) return null;
  return [Math.min(...shown), Math.max(...shown)];
}

/** Returns a character for each value; a blank for null, and for what is no number above 0. */
export function sparkline(
  values: readonly (number | null)[],
  [low, high]: readonly [number, number],
  isPlain: boolean,
): string {
  const bars = isPlain ? PLAIN : BLOCKS;
  const [start, end] = [Math.log(low), Math.log(high)];
  return values
    .map((value) => {
      if (value === null || !Number.isFinite(value) || value <= 0) return ' ';
      const share = end === start ? 1 / 2 : (Math.log(value) - start) / (end - start);
      return bars[Math.min(bars.length - 1, Math.max(0, Math.floor(share * bars.length)))]!;
    })
    .join('');
}
