/**
 * Pictures of panels beside each other: each panel has a heading, axes and series of its own; title and legend are of
 * all of them. Pure.
 */
import { bytes } from '../tables/format.js';
import type { Chart, Part } from './chart.js';

/** Ends of an axis, in its unit. */
export type Ends = Readonly<Record<'min' | 'max', number>>;

/** Between two labels of an axis of sizes from a few KiB to a GiB. */
export const OCTAVES_PER_TICK = 4;

/** Of an axis on which each doubling has the same length. */
export const OCTAVES = { type: 'log', logBase: 2 } as const;

/** Returns the least and the greatest of the values. */
export const endsOf = (values: readonly number[]): Ends => ({ min: Math.min(...values), max: Math.max(...values) });

/** Returns powers of two around all values, which are above 0; `room`: how far beyond them an end is, at least. */
export function octavesAround(values: readonly number[], room = 1): Ends {
  const { min, max } = endsOf(values);
  return { min: 2 ** Math.floor(Math.log2(min / room)), max: 2 ** Math.ceil(Math.log2(max * room)) };
}

/** Returns an axis of sizes in bytes, with labels such as `64 KiB`. */
export function sizeAxis(name: string, ends: Ends) {
  return { ...OCTAVES, name, ...ends, axisLabel: { formatter: (value: number) => bytes(value), hideOverlap: true } };
}

/** Where the panels of a picture are, all in pixels. */
export interface Frame {
  /** Of the picture. */
  readonly width: number;
  readonly height: number;
  /** Beside the panels, for names and labels of axes. */
  readonly left: number;
  readonly right: number;
  /** Between two panels. */
  readonly gap: number;
  /** Above the panels, for the title and their headings, and below them. */
  readonly top: number;
  readonly bottom: number;
  /** From the top of a heading down to its panel. */
  readonly heading: number;
}

/** A panel as echarts is told of it, without what follows from its place. */
export interface Panel {
  readonly heading: Part & { readonly text: string };
  readonly x: Part;
  readonly y: Part;
  readonly series: readonly Part[];
}

const AXIS = { nameLocation: 'middle', nameGap: 28 } as const;

/** Returns the picture. `legend`: what it names, and what else it differs in. */
export function panelChart(title: Part, frame: Frame, legend: Part, panels: readonly Panel[]): Chart {
  const { left: first, right, gap, top, bottom } = frame;
  const width = (frame.width - first - right - gap * (panels.length - 1)) / panels.length;
  const left = (at: number) => first + at * (width + gap);
  const headings = panels.map(({ heading }, at) => ({
    left: left(at) + width / 2,
    top: top - frame.heading,
    textAlign: 'center',
    textStyle: { fontSize: 13 },
    ...heading,
  }));
  return {
    option: {
      title: [title, ...headings],
      legend: { bottom: 8, itemGap: 28, ...legend },
      grid: panels.map((_, at) => ({ left: left(at), width, top, bottom })),
      xAxis: panels.map(({ x }, at) => ({ ...AXIS, gridIndex: at, ...x })),
      yAxis: panels.map(({ y }, at) => ({ ...AXIS, gridIndex: at, ...y })),
      series: panels.flatMap(({ series }, at) => series.map((one) => ({ ...one, xAxisIndex: at, yAxisIndex: at }))),
    },
    width: frame.width,
    height: frame.height,
  };
}
