/** Lines in a panel: what was measured, with intervals, and marks. Pure. */
import type { Part } from './chart.js';
import type { Ends } from './panels.js';

type Summary = Readonly<Record<'median' | 'low' | 'high', number>>;

/** A median with its interval, in the units of the axes. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

/** Returns the point of what has a median and an interval. */
export const pointAt = (x: number, { median, low, high }: Summary): Point => ({ x, y: median, low, high });

/** How a line looks. */
export interface Look {
  readonly colour: string;
  /** Of each point, pixels. */
  readonly pointSize: number;
  /** Of the line, pixels. 0: points are of different things, and none leads to the next. */
  readonly width: number;
  readonly isDashed?: boolean;
}

/** Returns a number as a picture holds it: with five digits. */
export const rounded = (value: number): number => Number(value.toPrecision(5));

/** Bars from the low to the high end of each interval, as far as they are within the y axis. */
function intervals(points: readonly Point[], colour: string, { min, max }: Ends): Part {
  const within = (value: number) => rounded(Math.min(max, Math.max(min, value)));
  return {
    symbol: 'none',
    silent: true,
    label: { show: false },
    lineStyle: { color: colour, type: 'solid', width: 3, opacity: 0.35 },
    data: points.map(({ x, low, high }) => [{ coord: [x, within(low)] }, { coord: [x, within(high)] }]),
  };
}

/** Returns a line through medians, with a bar for each interval as far as it is within `heights`, the y axis. */
export function measuredLine(name: string, points: readonly Point[], look: Look, heights: Ends): Part {
  const { colour, pointSize, width, isDashed } = look;
  return {
    type: 'line',
    name,
    symbolSize: pointSize,
    itemStyle: { color: colour },
    lineStyle: { color: colour, width, type: isDashed ? 'dashed' : 'solid' },
    data: points.map(({ x, y }) => [x, rounded(y)]),
    markLine: intervals(points, colour, heights),
  };
}

/** Lines down or across a panel, each with its name: of sizes that were told, say. `look`: what all of them have. */
export const namedLines = (marks: readonly Part[], look: Part = {}): Part => ({
  symbol: 'none',
  silent: true,
  label: { formatter: '{b}' },
  ...look,
  data: marks,
});

/** Lines at what was told, and not measured. */
export const TOLD = {
  lineStyle: { color: '#888888', type: 'dotted', width: 1 },
  label: { formatter: '{b}', position: 'end', rotate: 0, color: '#555555' },
} as const;

/** Returns a series that has such lines and no points, so that they are in a panel and not in its legend. */
export const marksOnly = (markLine: Part): Part => ({ type: 'line', name: 'marks', data: [], markLine });
