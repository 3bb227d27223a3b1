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
    expect(rect!.attributes.get('data-tip')).toBe('1 <3>');
    expect(rect!.attributes.get('aria-label')).toBe('1 <3>');
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
