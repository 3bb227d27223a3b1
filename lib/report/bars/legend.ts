/** What bars and marks mean, one line for each. Pure. */
import type { Canvas } from './canvas.js';

export function barsLegend({ isPlain }: Canvas): string {
  const bar = isPlain ? '#=-' : '█▓░';
  return `${bar}: a bar from 0 up to the lower end of the interval, to the median, and to the upper end`;
}

export function marksLegend({ isPlain }: Canvas): string {
  const [mark, hollow, one] = isPlain ? ['[-*-]', 'o', '|'] : ['├─●─┤', '○', '│'];
  return `${mark}: a ratio and its interval on a logarithmic axis, ${one} is 1; ${hollow}: not significant`;
}

/** Of bars from size to size, which stand beside what holds at some sizes only. */
export function rangesLegend({ isPlain }: Canvas): string {
  const [sure, likely, possible] = isPlain ? '#=-' : '█▓░';
  return (
    `${sure}${likely}${possible} on a logarithmic axis: sizes at which it is cheaper; there, but not significantly; ` +
    'and up to the end of an interval'
  );
}
