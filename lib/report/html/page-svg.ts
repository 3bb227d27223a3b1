/**
 * A drawn chart for a page: without styles of its own, with a text at each mark and the number of its series on each
 * shape of one. Only tags and attributes that are listed come through, so that no text of a result can add one. Pure.
 */
import { escaped, Markup } from './markup.js';

const TAGS = ['svg', 'g', 'defs', 'clipPath', 'path', 'rect', 'circle', 'line', 'polyline', 'polygon', 'text', 'tspan'];

const ATTRIBUTES = new Set(
  (
    'viewBox x y r cx cy x1 y1 x2 y2 d points fill fill-opacity stroke stroke-width stroke-opacity stroke-linecap ' +
    'stroke-linejoin stroke-dasharray stroke-miterlimit opacity transform clip-path id style dominant-baseline ' +
    'text-anchor paint-order'
  ).split(' '),
);

const TAG = new RegExp(`^<(/?)(${TAGS.join('|')})((?:\\s+[\\w:-]+="[^"<>&]*")*)\\s*(/?)>$`);
const STYLE = /<style[^>]*>[\s\S]*?<\/style>/g;
/** What the style of a page says of all letters of charts. */
const USUAL_LETTERS = /font-size:12px;|font-family:system-ui, sans-serif;/g;

/** Colours that stand for a series until it is known which shapes are of it. */
const MARKER = /^#fe00([0-9a-f]{2})$/;

/** The most series of a chart that can be told apart. */
export const MOST_SERIES = 256;

/** Returns the colour that stands for a series while it is drawn. */
export function markerColour(series: number): string {
  return `#fe00${series.toString(16).padStart(2, '0')}`;
}

/** What a chart has besides its shapes. */
export interface SvgWords {
  /** What it shows. */
  readonly label: string;
  /** The colour of each series. */
  readonly colours: readonly string[];
  /** The text of a mark, by series and point; null: the shape is no mark. */
  readonly tip: (series: number, point: number) => string | null;
}

/** What an attribute becomes, and of which series that makes the shape. */
function attributeOf(name: string, value: string, colours: readonly string[]): { text: string; series: number | null } {
  const [, marker] = MARKER.exec(value) ?? [];
  const series = marker === undefined ? null : Number.parseInt(marker, 16);
  const colour = series === null ? value : (colours[series] ?? value);
  return { text: ` ${name}="${escaped(colour)}"`, series };
}

/** The attributes of a text, of which the style of a page says what most of them have. */
function withUnusualLetters(all: ReadonlyMap<string, string>): (readonly [string, string])[] {
  const base = all.get('dominant-baseline') ?? 'auto';
  const own = (all.get('style') ?? '').replace(USUAL_LETTERS, '');
  const style = base === 'central' ? own : `dominant-baseline:${base};${own}`;
  const others = [...all].filter(([name]) => name !== 'style' && name !== 'dominant-baseline');
  return style === '' ? others : [...others, ['style', style]];
}

function opened(tag: string, attributes: string, end: string, { label, colours, tip }: SvgWords): string {
  const pairs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!] as const);
  const all = new Map(pairs);
  const own = tag === 'text' ? withUnusualLetters(all) : pairs;
  const kept = own.filter(([name]) => ATTRIBUTES.has(name)).map(([name, value]) => attributeOf(name, value, colours));
  const series = kept.find((one) => one.series !== null)?.series ?? null;
  const [of, point] = ['ecmeta_series_index', 'ecmeta_data_index'].map((name) => Number(all.get(name) ?? Number.NaN));
  const text = Number.isInteger(of) && Number.isInteger(point) ? tip(of!, point!) : null;
  const words = [
    ...kept.map((one) => one.text),
    ...(series === null ? [] : [` data-series="${series}"`]),
    ...(text === null ? [] : [` data-tip role="img" aria-label="${escaped(text)}"`]),
    ...(tag === 'svg' ? [` role="group" aria-label="${escaped(label)}" focusable="false"`] : []),
  ];
  return `<${tag}${words.join('')}${end}>`;
}

/** Lines of one look behind each other, such as those of a grid: thousands of them are a third of a large page. */
const LINE = String.raw`<path d="[ML\d. -]+"`;
const GREY = `( fill="none"(?: pointer-events="visible")? stroke="#(?!fe00)[^>]*)`;
const SAME_LINES = new RegExp(String.raw`${LINE}${GREY}></path>\n(?:${LINE}\1></path>\n)+`, 'g');

function joined(lines: string, look: string): string {
  const shapes = [...lines.matchAll(/ d="([^"]*)"/g)].map(([, shape]) => shape);
  return `<path d="${shapes.join('')}"${look}></path>\n`;
}

/** A mark, as a path that is scaled and moved; a circle takes half of the letters. */
const ROUND = new RegExp(
  '<path d="M1 0A1 1 0 1 1 1 -0\\.1A1 1 0 0 1 1 0" ' +
    'transform="matrix\\(([\\d.]+),0,0,\\1,([\\d.-]+),([\\d.-]+)\\)"([^<>]*)></path>',
  'g',
);

function circle(_: string, scale: string, x: string, y: string, look: string): string {
  const [, width = '1'] = / stroke-width="([\d.]+)"/.exec(look) ?? [];
  const others = look.replace(/ stroke-width="[^"]*"/, '');
  const place = [x, y].map((at) => Number(Number(at).toFixed(1)));
  const line = `stroke-width="${Number(width) * Number(scale)}"`;
  return `<circle cx="${place[0]}" cy="${place[1]}" r="${scale}" ${line}${others}></circle>`;
}

/** Returns what `renderSvg` drew as a part of a page. Throws an `Error` for a shape that is not listed. */
export function pageSvg(svg: string, words: SvgWords): Markup {
  const parts = svg
    .replace(STYLE, '')
    .replace(SAME_LINES, joined)
    .replace(ROUND, circle)
    .split(/(<[^>]*>)/);
  const text = parts.map((part) => {
    if (!part.startsWith('<')) return part.replaceAll('>', '&gt;');
    const [, close, tag, attributes = '', end = ''] = TAG.exec(part) ?? [];
    if (tag === undefined) throw new Error(`a chart has a shape that no page may have: ${part.slice(0, 80)}`);
    return close === '/' ? `</${tag}>` : opened(tag, attributes, end, words);
  });
  return new Markup(text.join(''));
}
