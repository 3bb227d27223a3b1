import { describe, expect, it } from '@jest/globals';
import { COLOURS, colourAt, FONT, renderSvg, titleOf } from '../../../lib/report/plots/chart.js';

const bars = (data: readonly number[], option: object = {}) => ({
  xAxis: { type: 'category', data: data.map((_, at) => `bar ${at}`) },
  yAxis: { type: 'value' },
  series: [{ type: 'bar', data }],
  ...option,
});

describe('renderSvg', () => {
  it('draws a document of the size asked for, in the colours and the type of all charts', () => {
    const svg = renderSvg(bars([1, 2]), 640, 320);
    expect(svg).toMatch(/^<svg [^>]*width="640"[^>]*height="320"/);
    expect(svg).toMatch(/<\/svg>\s*$/);
    for (const part of ['bar 0', 'bar 1', COLOURS[0]!, FONT, '#ffffff']) expect(svg).toContain(part);
    expect(svg).not.toContain('<animate');
  });

  it('draws the same picture each time', () => {
    const [first, second] = [renderSvg(bars([3]), 300, 200), renderSvg(bars([3]), 300, 200)];
    // Classes have names that count on through the process.
    const withoutNames = (svg: string) => svg.replace(/zr\d+-cls-\d+/g, 'zr-cls');
    expect(withoutNames(first)).toBe(withoutNames(second));
  });

  it('prefers an option to the defaults of all charts', () => {
    const svg = renderSvg(bars([1], { backgroundColor: '#123456', color: ['#abcdef'] }), 300, 200);
    for (const colour of ['#123456', '#abcdef']) expect(svg).toContain(colour);
    expect(svg).not.toContain(COLOURS[0]!);
  });

  it('draws the axes also without any data', () => {
    expect(renderSvg(bars([]), 300, 200)).toMatch(/^<svg .*<\/svg>\s*$/s);
  });

  it('escapes text of a result', () => {
    const svg = renderSvg(bars([1], { title: { text: '<script>&"' } }), 300, 200);
    expect(svg).toContain('&lt;script&gt;&amp;');
    expect(svg).not.toContain('<script>');
  });
});

describe('a text with characters that XML has not', () => {
  it('is drawn with spaces for them', () => {
    const svg = renderSvg(bars([1], { title: { text: 'a\u0000b\u001bc\ufffed\ud800e' } }), 300, 200);
    expect(svg).toContain('>a b c d e<');
  });
});

describe('titleOf', () => {
  it('has what is shown in large letters, and lines of their own below it', () => {
    const svg = renderSvg(bars([1], { title: titleOf('Rates', 'as a logarithm', 'of a host') }), 300, 200);
    for (const text of ['>Rates<', '>as a logarithm<', '>of a host<']) expect(svg).toContain(text);
  });
});

describe('colourAt', () => {
  it('is another for each of 8 lines, and begins again with the ninth', () => {
    const eight = Array.from({ length: 8 }, (_, at) => colourAt(at));
    expect(eight).toEqual(COLOURS);
    expect(colourAt(8)).toBe(eight[0]);
  });
});

describe('COLOURS', () => {
  it('has a different colour for each of 8 parts of a core or copy kernels', () => {
    expect(new Set(COLOURS).size).toBe(8);
  });
});
