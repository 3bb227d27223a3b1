/** How full a slot pool was over time, as a line of bars that any terminal and mail can show. Pure. */
import type { TimelinePart } from '../../capture/occupancy/timeline.js';

const BARS = [' ', '.', ':', '-', '=', '+', '*', '#'] as const;
const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** The most slots in use in each of at most `width` equal parts of the time, from 0 to `most`; empty without parts. */
export function occupancyBars(parts: readonly TimelinePart[], most: number, width: number, isPlain: boolean): string {
  const bars = isPlain ? BARS : BLOCKS;
  const columns = Math.min(width, parts.length);
  return Array.from({ length: columns }, (_, column) => {
    const [from, to] = [column, column + 1].map((one) => Math.floor((one * parts.length) / columns));
    const high = Math.max(...parts.slice(from, to).map(({ usedHigh }) => usedHigh));
    const level = most === 0 ? 0 : Math.ceil((high / most) * bars.length) - 1;
    return bars[Math.min(bars.length - 1, Math.max(0, level))]!;
  }).join('');
}
