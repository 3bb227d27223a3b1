/**
 * Bars of values on one axis from 0: full up to the lower end of the interval, then lighter up to the median, and
 * lightest up to the upper end. Pure.
 */
import { axisLine, type Drawing, drawable, type Measured } from './canvas.js';

const BLOCKS = ['█', '▓', '░'] as const;
const PLAIN = ['#', '=', '-'] as const;

/** `textOf`: how the axis shows its end. Null, and what is no number above 0, has no bar. */
export function valueBars(
  values: readonly (Measured | null)[],
  textOf: (value: number) => string,
  isPlain: boolean,
): Drawing {
  const drawn = values.map((value) => (value === null ? null : drawable(value)));
  const most = Math.max(0, ...drawn.map((value) => value?.high ?? 0));
  const [full, light, lightest] = isPlain ? PLAIN : BLOCKS;
  return (width) => {
    const columnOf = (value: number) => Math.min(width, Math.max(0, Math.round((value / most) * width)));
    const rows = drawn.map((value) => {
      if (value === null) return ' '.repeat(width);
      const median = Math.max(1, columnOf(value.median));
      const low = value.low === value.median ? median : Math.min(median, columnOf(value.low));
      const high = Math.max(median, columnOf(value.high));
      return (full.repeat(low) + light.repeat(median - low) + lightest.repeat(high - median)).padEnd(width);
    });
    const ticks =
      most === 0
        ? []
        : [
            { column: 0, text: '0' },
            { column: width, text: textOf(most) },
          ];
    return { head: axisLine(width, ticks), rows };
  };
}
