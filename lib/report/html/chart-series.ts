/** What a chart shows, read from what it is drawn from: series with their points, and a table of them. Pure. */
import { COLOURS, type NamedChart, type Part } from '../plots/chart.js';

/** A point of a series. */
export interface Point {
  /** Where it is: a category, or a number with its unit. */
  readonly at: string;
  /** The number of it, by which tables are in order; null: categories have an order of their own. */
  readonly order: number | null;
  readonly value: number;
}

/** A series as it is drawn. */
export interface ShownSeries {
  readonly name: string | null;
  readonly colour: string;
  readonly isDashed: boolean;
  /** Which of several panels it is in; null: there is one. */
  readonly panel: string | null;
  /** What its axes are of. */
  readonly across: string;
  readonly unit: string;
  readonly points: readonly Point[];
}

const listOf = (value: unknown): readonly Part[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]) as readonly Part[];

const COLOUR = /^#[0-9a-f]{3,8}$/i;

/** The series of an option of a chart, as they are in it. */
export const rawSeries = ({ option }: Pick<NamedChart, 'option'>): readonly Part[] => listOf(option.series);

function colourOf({ option }: Pick<NamedChart, 'option'>, series: Part, at: number): string {
  const palette = (option.color ?? COLOURS) as readonly string[];
  const own = (series.itemStyle as Part)?.color ?? (series.lineStyle as Part)?.color;
  return [own, palette[at % palette.length]].find((one) => typeof one === 'string' && COLOUR.test(one)) as string;
}

function labelOf(axis: Part, value: number): string {
  const formatter = (axis.axisLabel as Part)?.formatter;
  return typeof formatter === 'function' ? String(formatter(value)) : String(value);
}

/** The titles of panels: those behind the one of the whole. */
export const panelTitles = ({ option }: Pick<NamedChart, 'option'>): readonly Part[] => listOf(option.title).slice(1);

/** Returns the series of a chart. Bars lie along a list of categories, points of lines have two numbers. */
export function seriesOf(chart: Pick<NamedChart, 'option'>): ShownSeries[] {
  const [across, up] = [listOf(chart.option.xAxis), listOf(chart.option.yAxis)];
  const panels = panelTitles(chart);
  return rawSeries(chart).map((series, at) => {
    const x = across[Number(series.xAxisIndex ?? 0)] ?? {};
    const y = up[Number(series.yAxisIndex ?? 0)] ?? {};
    const categories = y.type === 'category' ? (y.data as readonly string[]) : null;
    const named = [...across].reverse().find(({ name }) => name !== undefined);
    const points = (series.data as readonly unknown[]).map((point, index): Point => {
      if (categories !== null) return { at: String(categories[index]), order: null, value: Number(point) };
      const [from, value] = point as readonly [number, number];
      return { at: labelOf(x, from), order: from, value };
    });
    return {
      name: series.name === undefined ? null : String(series.name),
      colour: colourOf(chart, series, at),
      panel: panels.length === 0 ? null : String(panels[Number(series.xAxisIndex ?? 0)]?.text ?? ''),
      isDashed: (series.lineStyle as Part)?.type === 'dashed',
      across: categories === null ? String(x.name ?? named?.name ?? '') : '',
      unit: String((categories === null ? y.name || up.find(({ name }) => name)?.name : x.name) ?? ''),
      points,
    };
  });
}

/** Returns what a reader is told at a point. */
export function tipOf({ name, panel, unit, across, points }: ShownSeries, index: number): string | null {
  const point = points[index];
  if (point === undefined) return null;
  const where = across === '' ? point.at : `${point.at} ${across}`.replace(/ B bytes/, ' bytes');
  return [name, panel, `${where}: ${point.value} ${unit}`].filter((word) => word !== null).join(', ');
}

/** A table: rows of texts below a head. */
export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The text at the end of stacked bars: their sum. */
function sumsOf(chart: Pick<NamedChart, 'option'>): ((dataIndex: number) => string) | null {
  const label = rawSeries(chart).map((series) => series.label as Part | undefined);
  const shown = label.find((one) => one?.show === true && typeof one.formatter === 'function');
  if (shown === undefined) return null;
  return (dataIndex) => String((shown.formatter as (given: object) => string)({ dataIndex }));
}

/**
 * Returns where there are points, ascending: series may have points at other places than the first of them. Panels
 * whose axes are of other things come one after the other.
 */
function placesOf(shown: readonly ShownSeries[]): string[] {
  const axes = [...new Set(shown.map(({ across }) => across))];
  const places = axes.flatMap((axis) => {
    const points = shown.filter(({ across }) => across === axis).flatMap((one) => one.points);
    return [...points].sort((a, b) => (a.order ?? 0) - (b.order ?? 0)).map(({ at }) => at);
  });
  return [...new Set(places)];
}

/** Returns the numbers of a chart: a row for each place, a column for each series. */
export function chartTable(chart: Pick<NamedChart, 'option'>): TextTable {
  const shown = seriesOf(chart).filter(({ points }) => points.length > 0);
  const places = placesOf(shown);
  const values = shown.map(({ points }) => new Map(points.map(({ at, value }) => [at, value])));
  const sums = sumsOf(chart);
  const units = new Set(shown.map(({ unit }) => unit));
  const heads = shown.map(({ name, panel, unit }) =>
    [name ?? unit, panel, units.size > 1 && name !== null ? unit : null].filter((word) => word !== null).join(', '),
  );
  return {
    head: [shown[0]?.across ?? '', ...heads, ...(sums === null ? [] : ['all'])],
    rows: places.map((at, index) => [
      at,
      ...values.map((one) => String(one.get(at) ?? '-')),
      ...(sums === null ? [] : [sums(index)]),
    ]),
  };
}
