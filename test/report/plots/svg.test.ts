import { describe, expect, it } from '@jest/globals';
import { copyCostPlot, coresPlot, plots } from '../../../lib/report/plots/svg.js';
import { copyCells, designCells, resultOf } from '../fixtures/result.js';

describe('plots', () => {
  it('stacks the parts of a core per design', () => {
    const svg = coresPlot(resultOf(designCells()))!;
    expect(svg).toMatch(/^<svg /);
    for (const word of ['direct', 'bounce-pages', 'bounce copy', 'waiting for locks', '1.65', 'lower bound']) {
      expect(svg).toContain(word);
    }
  });

  it('marks the caches where copies get slower', () => {
    const svg = copyCostPlot(resultOf(copyCells()))!;
    for (const word of ['libc hot', 'movsb cold', 'L1 32 KiB', 'L3 32 MiB', 'GB/s']) expect(svg).toContain(word);
  });

  it('are only those that there are data for', () => {
    expect(plots(resultOf(copyCells())).map(({ file }) => file)).toEqual(['copy-cost.svg']);
    expect(plots(resultOf())).toEqual([]);
  });
});
