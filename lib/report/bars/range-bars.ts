/** Bars from size to size on one logarithmic axis: where something holds, and how surely. Pure. */
import { axisLine, type Drawing } from './canvas.js';

/** Both ends are in it. */
export type Range = readonly [number, number];

/** Where something holds: drawn in this order, so that the surer ones are seen. */
export interface Ranges {
  /** Within the interval of an end. */
  readonly possible: readonly Range[];
  /** As the medians say. */
  readonly likely: readonly Range[];
  /** Where it is significant. */
  readonly sure: readonly Range[];
}

const BLOCKS = { possible: '░', likely: '▓', sure: '█' } as const;
const PLAIN = { possible: '-', likely: '=', sure: '#' } as const;

/** `textOf`: how the axis shows its ends, which are above 0. Null has no bar. */
export function rangeBars(
  rows: readonly (Ranges | null)[],
  ends: Range,
  textOf: (size: number) => string,
  isPlain: boolean,
): Drawing {
  const letters = isPlain ? PLAIN : BLOCKS;
  const [start, end] = ends.map(Math.log) as [number, number];
  return (width) => {
    // What is beyond an end is drawn at it, and what is nowhere at the first one.
    const columnOf = (size: number) => {
      const share = Math.min(1, Math.max(0, (Math.log(size) - start) / (end - start))) || 0;
      return Math.round(share * (width - 1));
    };
    const drawn = rows.map((ranges) => {
      const line = Array.from<string>({ length: width }).fill(' ');
      for (const kind of ['possible', 'likely', 'sure'] as const) {
        for (const [from, to] of ranges?.[kind] ?? []) line.fill(letters[kind], columnOf(from), columnOf(to) + 1);
      }
      return line.join('');
    });
    const ticks = [
      { column: 0, text: textOf(ends[0]) },
      { column: width, text: textOf(ends[1]) },
    ];
    return { head: axisLine(width, ticks), rows: drawn };
  };
}
