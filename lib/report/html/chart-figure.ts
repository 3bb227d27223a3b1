/** A chart as a figure of a page: a picture for wide and one for narrow screens, a key, and a table below. Pure. */
import { asList, type Chart, type NamedChart, type Part, renderSvg } from '../plots/chart.js';
import { fewerMarks, fewerPoints } from '../plots/fewer-points.js';
import { chartTable, panelTitles, rawSeries, type ShownSeries, seriesOf, tipOf } from './chart-series.js';
import { html, type Markup } from './markup.js';
import { MOST_SERIES, markerColour, pageSvg } from './page-svg.js';
import { dataTable } from './tables.js';

/** Widths in pixels for which a chart is drawn: letters have their size there. The narrow one fits any phone. */
const WIDE = 720;
const NARROW = 340;
/** Room above the first grid, for names of marks. */
const TOP = 36;

/** Of a panel that stands above others, pixels. */
const PANEL = 250;
const BETWEEN = 100;

const axesWithRoom = (axes: unknown) =>
  asList(axes).map((one) => ({ ...one, axisLabel: { ...(one.axisLabel as Part), hideOverlap: true } }));

/** Panels that stand beside each other come to stand above each other: screens are narrow. */
function stacked({ option }: Chart): { option: Part; height: number } {
  const [first] = asList(option.yAxis);
  const tops = asList(option.grid).map((_, panel) => TOP + 16 + panel * (PANEL + BETWEEN));
  const yAxis = asList(option.yAxis).map((one) => ({
    ...one,
    // Beside each other, panels of one unit name it once.
    name: one.name || first!.name,
    axisLabel: { ...(one.axisLabel as Part), show: true },
  }));
  const grid = tops.map((top) => ({ left: 84, right: 28, top, height: PANEL }));
  const title = panelTitles({ option }).map((one, panel) => {
    return { text: one.text, left: 'center', top: tops[panel]! - 44, textStyle: { fontSize: 13 } };
  });
  return { option: { ...option, title, grid, yAxis }, height: tops.at(-1)! + PANEL + 56 };
}

/** Names of lines lie in the picture where it is narrow: beside it, they would be cut, or lie on each other. */
function named(one: Part): Part {
  const line = one.markLine as Part | undefined;
  if ((line?.label as Part | undefined)?.position !== 'end') return one;
  const data = (line!.data as readonly Part[]).map((mark) => {
    const isLevel = mark.xAxis === undefined;
    // Rates of large copies are low, but not the lowest: the foot has room.
    const own = { position: isLevel ? 'insideEndTop' : 'insideStartTop', rotate: isLevel ? 0 : 90, fontSize: 10 };
    return { ...mark, label: { ...(mark.label as Part), ...own } };
  });
  return { ...one, markLine: { ...line, data } };
}

/** One panel, or several that are above each other already: moved up to where the title was. */
function movedUp({ option, height }: Chart, isNarrow: boolean): { option: Part; height: number } {
  const grids = asList(option.grid);
  const above = Math.min(...grids.map(({ top }) => Number(top ?? 0))) - TOP;
  const room = (side: unknown, most: number) => (isNarrow ? Math.min(Number(side), most) : Number(side));
  // Bars have their numbers beside them.
  const beside = asList(option.yAxis).some(({ type }) => type === 'category') ? 92 : 40;
  const grid = grids.map((one) => ({
    ...one,
    left: room(one.left ?? 80, 92),
    right: room(one.right ?? 40, beside),
    top: Number(one.top ?? 0) - above,
    ...(one.height === undefined ? { bottom: 56 } : {}),
  }));
  const ends = grids.every((one) => one.height !== undefined)
    ? Math.max(...grids.map((one) => Number(one.top) - above + Number(one.height))) + 56
    : height - above - 40;
  const series = isNarrow ? rawSeries({ option }).map(named) : option.series;
  return { option: { ...option, title: undefined, grid, series }, height: isNarrow ? Math.min(ends, 420) : ends };
}

/** A series in the colour that marks its shapes, also the intervals around its points. */
function marked(one: Part, at: number, own: string): Part {
  if (at >= MOST_SERIES) return one;
  const color = markerColour(at);
  const styled = (style: unknown) => ({ ...(style as Part), color });
  const line = one.markLine as Part | undefined;
  const isOwn = (line?.lineStyle as Part | undefined)?.color === own;
  return {
    ...one,
    color,
    itemStyle: styled(one.itemStyle),
    lineStyle: styled(one.lineStyle),
    emphasis: { disabled: true },
    ...(isOwn && { markLine: { ...line, lineStyle: styled(line!.lineStyle) } }),
  };
}

/** The option without title and key, which the page has itself, in another width. */
function reshaped(chart: Chart, width: number, shown: readonly ShownSeries[]): Chart {
  const isBeside = asList(chart.option.grid).some((grid) => grid.width !== undefined);
  const { option, height } = isBeside ? stacked(chart) : movedUp(chart, width === NARROW);
  const series = rawSeries({ option }).map((one, at) => marked(one, at, shown[at]!.colour));
  const axes = { xAxis: axesWithRoom(option.xAxis), yAxis: axesWithRoom(option.yAxis) };
  return { option: { ...option, legend: undefined, ...axes, series }, width, height };
}

function picture(chart: Chart, width: number, label: string, shown: readonly ShownSeries[]): Markup {
  const { option, height } = reshaped(chart, width, shown);
  return pageSvg(renderSvg(option, width, height), {
    label,
    colours: shown.map(({ colour }) => colour),
    tip: (series, point) => (shown[series] === undefined ? null : tipOf(shown[series], point)),
  });
}

/** Buttons that show and hide a series each; without a program they are the key of the colours. */
function key(shown: readonly ShownSeries[]): Markup | null {
  const names = [...new Set(shown.flatMap(({ name, points }) => (name === null || points.length === 0 ? [] : name)))];
  if (names.length === 0) return null;
  const buttons = names.map((name) => {
    const places = shown.flatMap((one, at) => (one.name === name ? at : []));
    const { isDashed, colour } = shown[places[0]!]!;
    const line = `border-top-style:${isDashed ? 'dashed' : 'solid'};border-top-color:${colour}`;
    const swatch = html`<span class="swatch" style="${line}"></span>`;
    const series = html`data-series="${places.join(' ')}"`;
    return html`<button type="button" class="series" disabled aria-pressed="true" ${series}>${swatch}${name}</button>`;
  });
  return html`<div class="key" role="group" aria-label="Series">${buttons}</div>`;
}

/** Returns a figure. `name`: of the machine, where the page has several. `mostPoints`: that are drawn. */
export function chartFigure(given: NamedChart, name: string | null, mostPoints: number): Markup {
  const { chart, said } = fewerPoints(given, mostPoints);
  const { drawn, said: ofMarks } = fewerMarks(chart, mostPoints);
  const shown = seriesOf(chart);
  const title = (asList(given.option.title)[0] ?? {}) as { text?: string; subtext?: string };
  const text = title.text ?? given.file;
  const label = name === null ? text : `${text}, ${name}`;
  const lines = [...(title.subtext ?? '').split('\n'), said ?? '', ofMarks ?? ''].filter((line) => line !== '');
  return html`<figure data-plot="${given.file}">
<figcaption><strong>${name ?? text}</strong>${lines.map((line) => html`<br>${line}`)}</figcaption>
${key(shown)}
<div class="plot wide">${picture(drawn, WIDE, label, shown)}</div>
<div class="plot narrow">${picture(drawn, NARROW, label, shown)}</div>
<details><summary>Table: ${label}</summary>${dataTable(label, chartTable(chart))}</details>
</figure>
`;
}
