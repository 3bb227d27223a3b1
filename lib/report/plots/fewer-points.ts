/** Pictures of many points, with as many of them as can be told apart. Pure. */
import { asList, type Chart, type Part } from './chart.js';

/** Points that a picture has at most, about: two for each column of pixels of a wide one. */
export const MOST_POINTS = 1600;

const FEWEST_POINTS = 4;
/** Of one line: a line of that many has its shape on any screen. */
const LINE_POINTS = 96;

/** Of many points the places of the lowest and the highest of each stretch: a rare one stays to be seen. */
function keptPlaces(data: readonly unknown[], most: number): readonly number[] {
  if (data.length <= most) return data.map((_, at) => at);
  const each = Math.ceil(data.length / (most / 2));
  const height = (at: number) => Number((data[at] as readonly unknown[])[1]);
  return Array.from({ length: Math.ceil(data.length / each) }, (_, part) => {
    const places = Array.from({ length: each }, (_, at) => part * each + at).filter((at) => at < data.length);
    const low = places.reduce((best, at) => (height(at) < height(best) ? at : best));
    const high = places.reduce((best, at) => (height(at) > height(best) ? at : best));
    return [...new Set([low, high])].sort((a, b) => a - b);
  }).flat();
}

/** Intervals around points, one for each, of some of these. */
function intervalsAt(series: Part, places: readonly number[]): { markLine?: unknown } {
  const line = series.markLine as { data: readonly unknown[] } | undefined;
  const isIntervals = line?.data.length === (series.data as unknown[]).length && Array.isArray(line.data[0]);
  return isIntervals ? { markLine: { ...line, data: places.map((at) => line.data[at]) } } : {};
}

/** A series of fewer points. Of intervals, one for each point, it has those of the points that are left. */
function thinned(series: Part, most: number): Part & { data: readonly unknown[] } {
  const data = series.data as readonly unknown[];
  const places = keptPlaces(data, most);
  return { ...series, data: places.map((at) => data[at]), ...intervalsAt(series, places) };
}

/** A line as it was, with marks and intervals at some of its points, and at both of its ends. */
function unmarked(series: Part, most: number): Part & { data: readonly unknown[] } {
  const all = series.data as readonly unknown[];
  const kept = new Set([...keptPlaces(all, most), 0, all.length - 1]);
  if (kept.size >= all.length) return { ...series, data: all };
  const data = all.map((value, at) => (kept.has(at) ? value : { value, symbol: 'none' }));
  return { ...series, data, ...intervalsAt(series, [...kept]) };
}

/** A chart of fewer points. */
export interface Fewer<Drawn extends Chart> {
  readonly chart: Drawn;
  /** How many of how many points it has; null if it has all. */
  readonly said: string | null;
}

/** Returns the chart with at most about as many points as are asked for, or what lines need for their shapes. */
export function fewerPoints<Drawn extends Chart>(chart: Drawn, mostPoints: number): Fewer<Drawn> {
  const series = asList(chart.option.series ?? []);
  const number = series.reduce((sum, { data }) => sum + (data as unknown[]).length, 0);
  const isLine = series.every(({ type }) => type === 'line');
  if (number <= mostPoints || !isLine) return { chart, said: null };
  const most = Math.max(FEWEST_POINTS, Math.floor(mostPoints / series.length));
  const fewer = series.map((one) => thinned(one, Math.max(most, LINE_POINTS)));
  const left = fewer.reduce((sum, { data }) => sum + data.length, 0);
  if (left === number) return { chart, said: null };
  const said = `${left} of ${number} points: the lowest and the highest of each stretch`;
  return { chart: { ...chart, option: { ...chart.option, series: fewer } }, said };
}

/** Returns the chart with marks and intervals at about as many of its points as are asked for, and whole lines. */
export function fewerMarks<Drawn extends Chart>(
  chart: Drawn,
  mostMarks: number,
): { drawn: Drawn; said: string | null } {
  const series = asList(chart.option.series ?? []);
  const number = series.reduce((sum, { data }) => sum + (data as unknown[]).length, 0);
  const isLine = series.every(({ type }) => type === 'line');
  if (number <= mostMarks || !isLine) return { drawn: chart, said: null };
  const most = Math.max(FEWEST_POINTS, Math.floor(mostMarks / series.length));
  const marked = series.map((one) => unmarked(one, most));
  const isMarked = (value: unknown) => (value as Part).symbol !== 'none';
  const marks = marked.reduce((sum, { data }) => sum + data.filter(isMarked).length, 0);
  const drawn = { ...chart, option: { ...chart.option, series: marked } };
  const said = `lines have ${number} points, of which ${marks} have marks: the table has all`;
  return { drawn, said: marks < number ? said : null };
}

/** Returns the chart with at most about `MOST_POINTS`; if some are left out, its title says so. */
export function withoutCrowds<Drawn extends Chart>(given: Drawn): Drawn {
  const { chart, said } = fewerPoints(given, MOST_POINTS);
  if (said === null) return chart;
  const [title, ...headings] = asList(chart.option.title);
  const told = { ...title, subtext: `${title?.subtext ?? ''}\n${said}`.trim() };
  return { ...chart, option: { ...chart.option, title: [told, ...headings] } };
}
