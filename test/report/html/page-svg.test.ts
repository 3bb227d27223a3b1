import { describe, expect, it } from '@jest/globals';
import { markerColour, pageSvg } from '../../../lib/report/html/page-svg.js';
import { elementsOfPart } from '../fixtures/elements.js';

const WORDS = { label: 'Rates', colours: ['#111111', '#222222'], tip: (of: number, at: number) => `${of} <${at}>` };
const inSvg = (shapes: string) => `<svg width="9" viewBox="0 0 9 9">${shapes}</svg>`;

describe('a picture of a page', () => {
  it('tells the series of each shape, and gives it its colour', () => {
    const shapes = `<path d="M0 0" stroke="${markerColour(1)}" class="x"></path><text fill="#333">a</text>`;
    const [svg, path, text] = elementsOfPart(String(pageSvg(inSvg(shapes), WORDS)));
    expect(svg!.attributes.get('aria-label')).toBe('Rates');
    expect(svg!.attributes.has('width')).toBe(false);
    expect(Object.fromEntries(path!.attributes)).toEqual({ d: 'M0 0', stroke: '#222222', 'data-series': '1' });
    expect([text!.text, text!.attributes.has('data-series')]).toEqual(['a', false]);
  });

  it('has a text at each mark', () => {
    const shapes = '<rect x="1" ecmeta_series_index="1" ecmeta_data_index="3"></rect>';
    const [, rect] = elementsOfPart(String(pageSvg(inSvg(shapes), WORDS)));
    expect(rect!.attributes.has('data-tip')).toBe(true);
    expect(rect!.attributes.get('aria-label')).toBe('1 <3>');
  });

  it('joins lines of one look that are behind each other, and no line of a series or a mark', () => {
    const line = (x: number, look: string) =>
      `<path d="M${x} 0L${x} 9" fill="none" pointer-events="visible" stroke="${look}></path>\n`;
    const [grid, series, mark] = [
      '#eee"',
      `${markerColour(1)}"`,
      '#eee" ecmeta_series_index="1" ecmeta_data_index="3"',
    ];
    const shapes = [grid, grid, grid, series, series, mark, grid, '#ddd"'].map((look, at) => line(at, look)).join('');
    const [, ...paths] = elementsOfPart(String(pageSvg(inSvg(shapes), WORDS)));
    expect(paths.map(({ attributes }) => attributes.get('d'))).toEqual([
      'M0 0L0 9M1 0L1 9M2 0L2 9',
      'M3 0L3 9',
      'M4 0L4 9',
      'M5 0L5 9',
      'M6 0L6 9',
      'M7 0L7 9',
    ]);
  });

  it('has round marks as circles of the same place, size and line', () => {
    const round = 'M1 0A1 1 0 1 1 1 -0.1A1 1 0 0 1 1 0';
    const marks = ['', ' stroke-width="0.5"'].map(
      (width) => `<path d="${round}" transform="matrix(4,0,0,4,84,153.6296)" fill="#fff"${width}></path>`,
    );
    const [, ...circles] = elementsOfPart(String(pageSvg(inSvg(marks.join('')), WORDS)));
    const place = { cx: '84', cy: '153.6', r: '4', fill: '#fff' };
    expect(circles.map(({ name, attributes }) => [name, Object.fromEntries(attributes)])).toEqual([
      ['circle', { ...place, 'stroke-width': '4' }],
      ['circle', { ...place, 'stroke-width': '2' }],
    ]);
  });

  it('says of letters only what is not usual for all', () => {
    const usual = 'font-size:12px;font-family:system-ui, sans-serif;';
    const bold = 'font-size:13px;font-family:system-ui, sans-serif;font-weight:bold;';
    const central = 'dominant-baseline="central"';
    const shapes = `<text style="${usual}" ${central}>a</text><text style="${bold}" ${central}>b</text><text>c</text>`;
    const [, ...texts] = elementsOfPart(String(pageSvg(inSvg(shapes), WORDS)));
    expect(texts.map(({ attributes }) => Object.fromEntries(attributes))).toEqual([
      {},
      { style: 'font-size:13px;font-weight:bold;' },
      { style: 'dominant-baseline:auto;' },
    ]);
  });

  it('leaves out styles and attributes that it does not list', () => {
    const shapes = '<style><![CDATA[.a{fill:url(x)}]]></style><g onclick="x" href="y" class="a"></g>';
    const [, group, ...others] = elementsOfPart(String(pageSvg(inSvg(shapes), WORDS)));
    expect([...group!.attributes]).toEqual([]);
    expect(others).toEqual([]);
  });

  it.each(['<script>a</script>', '<image x="1"></image>', '<g x=1></g>', '<foreignObject></foreignObject>'])(
    'refuses the shape %s',
    (shape) => {
      expect(() => pageSvg(inSvg(shape), WORDS)).toThrow('a chart has a shape that no page may have');
    },
  );
});
