/** Pictures are parsed again: what is drawn is compared with the values, in the units of the axes. */
import { describe, expect, it } from '@jest/globals';
import { topicSections } from '../../../lib/report/html/result-sections.js';
import { COLOURS } from '../../../lib/report/plots/chart.js';
import { plots } from '../../../lib/report/plots/plots.js';
import { surfacePlot } from '../../../lib/report/plots/surface-plot.js';
import { elementsOfPart } from '../fixtures/elements.js';
import { copyCells, resultOf } from '../fixtures/result.js';
import { otherCells, SIZES, sizeCells, surfaceResult } from '../fixtures/surface.js';

/** Pixels are written with one digit after the point. */
const PIXELS = 0.2;
const [TOP, BOTTOM] = [148, 504];

/** Points of the lines, in pixels. */
function linesOf(svg: string): { colour: string; points: [number, number][] }[] {
  const path = /<path d="(M[^"]*)" fill="none"[^>]*stroke="(#\w+)" stroke-width="2"/g;
  return [...svg.matchAll(path)].map(([, points, colour]) => ({
    colour: colour!,
    points: [...points!.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]),
  }));
}

describe('surfacePlot', () => {
  const svg = surfacePlot(surfaceResult([...sizeCells(), ...otherCells()]))!;

  it('has a panel for each pair of states, with a line for each copy kernel through its rates', () => {
    const lines = linesOf(svg);
    expect(lines.map(({ colour }) => colour)).toEqual([COLOURS[0], COLOURS[1], COLOURS[0], COLOURS[1]]);
    // From 4 to 32 GB/s: three octaves.
    const heights = [32, 16, 8, 4].map((rate) => BOTTOM - ((BOTTOM - TOP) * Math.log2(rate / 4)) / 3);
    for (const [at, height] of heights.entries()) {
      expect(lines[at]!.points).toHaveLength(SIZES.length);
      for (const [, y] of lines[at]!.points) expect(Math.abs(y - height)).toBeLessThan(PIXELS);
    }
  });

  it('draws a bar for each interval', () => {
    expect([...svg.matchAll(/d="M[\d.]+ [\d.]+L[\d.]+ [\d.]+"[^>]*stroke-width="3"/g)]).toHaveLength(4 * SIZES.length);
  });

  it('names copy kernels, states, caches, and what is moved for each byte', () => {
    for (const word of ['nt-avx2', 'hot to hot', 'memory to memory', '>L3<', 'moved: 2 B', 'moved: 2 to 3 B']) {
      expect(svg).toContain(word);
    }
  });

  it('draws nothing without such cells, and is a picture of a result and of its page', () => {
    expect(surfacePlot(resultOf(copyCells()))).toBeNull();
    const result = surfaceResult(sizeCells());
    expect(plots(result).map(({ file }) => file)).toEqual(['copy-surface.svg']);
    const [section] = topicSections([{ name: 'a', document: result }], 1000);
    expect(section!.heading).toBe('Copy surface');
    const seen = elementsOfPart(String(section!.content));
    expect(seen.some(({ name, text }) => name === 'text' && text === 'memory to memory')).toBe(true);
  });
});
