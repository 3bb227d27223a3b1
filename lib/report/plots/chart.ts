/** Draws charts without a screen: echarts renders into a string. The same options would be interactive in a browser. */
import { BarChart, LineChart } from 'echarts/charts';
import {
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TitleComponent,
} from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([
  BarChart,
  LineChart,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TitleComponent,
  SVGRenderer,
]);

/** Colours that colour-blind readers can tell apart, also in grey print (Okabe and Ito). */
export const COLOURS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#999999', '#E69F00', '#56B4E9', '#000000'];

/** Returns the colour of the line at a place: beyond the last one they begin again. */
export const colourAt = (place: number): string => COLOURS[place % COLOURS.length]!;

export const FONT = 'system-ui, sans-serif';

/** A part of what echarts is told. */
export type Part = Readonly<Record<string, unknown>>;

/** Returns the parts of which echarts takes one or a list: an empty one where there is none. */
export const asList = (value: unknown) => (Array.isArray(value) ? value : [value ?? {}]) as readonly Part[];

/** What XML allows nowhere, also not escaped: texts of a file may hold it. */
const NOT_IN_XML = /[^\P{Cc}\t\n\r]|[\p{Cs}\ufffe\uffff]/gu;

/** What is drawn, before it is: a page draws it again in other sizes, and makes a table of it. Sizes are pixels. */
export interface Chart {
  readonly option: EChartsCoreOption;
  readonly width: number;
  readonly height: number;
}

/** A chart with the name of its file, without folder. */
export interface NamedChart extends Chart {
  readonly file: string;
}

/** Returns the title of a picture; `lines` stand below its text. */
export function titleOf(text: string, ...lines: readonly string[]) {
  return {
    text,
    subtext: lines.join('\n'),
    left: 16,
    textStyle: { fontSize: 18 },
    subtextStyle: { fontSize: 12, lineHeight: 16 },
  };
}

/** Returns an SVG document, or null where there is nothing to draw. */
export function drawn<Drawable extends Chart | null>(chart: Drawable): string | (Drawable & null) {
  return chart === null ? (null as Drawable & null) : renderSvg(chart.option, chart.width, chart.height);
}

/** Returns an SVG document; `width` and `height` are in pixels. */
export function renderSvg(option: EChartsCoreOption, width: number, height: number): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: '#ffffff',
      color: COLOURS,
      textStyle: { fontFamily: FONT },
      ...option,
    });
    return chart.renderToSVGString().replace(NOT_IN_XML, ' ');
  } finally {
    chart.dispose();
  }
}
