/** Pictures are parsed again: what is drawn is compared with the values, in the units of the axes. */
import { describe, expect, it } from '@jest/globals';
import type { ResultDocument } from '../../../lib/bench/result/result.js';
import { combineRuns } from '../../../lib/bench/runs/combine.js';
import { CORE_PARTS } from '../../../lib/report/costs/costs.js';
import { COLOURS } from '../../../lib/report/plots/chart.js';
import { plots } from '../../../lib/report/plots/plots.js';
import { copyCostPlot, coresPlot } from '../../../lib/report/plots/svg.js';
import { copyCells, designCells, priceCells, resultOf } from '../fixtures/result.js';

/** Runs that are all alike, as one result. */
const severalOf = (run: ResultDocument) =>
  combineRuns([run, run], { seed: 1, count: 2, complete: true, interrupted: false });

/** Pixels are written with one digit after the point. */
const PIXELS = 0.2;

/** What a pixel of an axis stands for, by its labels: `place` picks the coordinate and the text out of a label. */
function axisOf(svg: string, place: RegExp, scale = (value: number) => value) {
  const labels = [...svg.matchAll(place)].map((match) => ({ pixel: Number(match[1]), value: scale(Number(match[2])) }));
  const [first, last] = [labels[0]!, labels.at(-1)!];
  const perPixel = (last.value - first.value) / (last.pixel - first.pixel);
  return { value: (pixel: number) => first.value + (pixel - first.pixel) * perPixel, perPixel: Math.abs(perPixel) };
}

interface Bar {
  readonly series: number;
  readonly row: number;
  readonly from: number;
  readonly to: number;
  readonly fill: string;
}

/** Horizontal bars, from their left end to their right end in the unit of the axis. */
function barsOf(svg: string): { bars: Bar[]; tolerance: number } {
  const axis = axisOf(svg, /transform="translate\(([\d.]+) 460\)"[^>]*>([\d.]+)</g);
  const path =
    /<path d="M([\d.]+) [\d.]+l([\d.]+) 0l0 [\d.]+[^"]*" fill="(#\w+)" ecmeta_series_index="(\d)" ecmeta_data_index="(\d)"/g;
  const bars = [...svg.matchAll(path)].map(([, left, width, fill, series, row]) => ({
    series: Number(series),
    row: Number(row),
    fill: fill!,
    from: axis.value(Number(left)),
    to: axis.value(Number(left) + Number(width)),
  }));
  return { bars, tolerance: PIXELS * axis.perPixel };
}

/** Logarithms of the heights of the points of each line, by its colour and whether it is dashed. */
function linesOf(svg: string): { lines: Map<string, number[]>; tolerance: number } {
  const axis = axisOf(svg, /text-anchor="end"[^>]*transform="translate\(72 ([\d.]+)\)"[^>]*>([\d.]+)</g, Math.log2);
  const path = /<path d="(M[^"]*)" fill="none"[^>]*stroke="(#\w+)" stroke-width="2"( stroke-dasharray)?/g;
  const lines = [...svg.matchAll(path)].map(([, points, colour, dashed]): [string, number[]] => [
    `${colour}${dashed === undefined ? '' : ' dashed'}`,
    [...points!.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map((point) => axis.value(Number(point[1]))),
  ]);
  return { lines: new Map(lines), tolerance: PIXELS * axis.perPixel };
}

describe('coresPlot', () => {
  const result = resultOf(designCells());
  const svg = coresPlot(result)!;

  it('draws a bar as long as the value for each part of a core, one after the other, for each design', () => {
    const { bars, tolerance } = barsOf(svg);
    expect(bars).toHaveLength(CORE_PARTS.length * result.results.length);
    for (const [row, { ledger }] of result.results.entries()) {
      let from = 0;
      for (const [series, { key }] of CORE_PARTS.entries()) {
        const bar = bars.find((one) => one.row === row && one.series === series)!;
        expect(bar.fill).toBe(COLOURS[series]);
        expect(Math.abs(bar.from - from)).toBeLessThan(tolerance);
        from += ledger[key]!;
        expect(Math.abs(bar.to - from)).toBeLessThan(tolerance);
      }
    }
  });

  it('names the designs, the parts, their sum, and says that this is a lower bound', () => {
    const words = [...result.results.map(({ params }) => String(params.design)), ...CORE_PARTS.map(({ name }) => name)];
    for (const word of [...words, '0.75', '1.65', '0.85', 'lower bound']) expect(svg).toContain(`${word}`);
  });

  it('draws every design that was priced, with the slot pool of the run, and half the interval of its sum', () => {
    const priced = resultOf(designCells({ bounce: 120 }), priceCells());
    const { bars } = barsOf(coresPlot(priced)!);
    expect(new Set(bars.map(({ row }) => row)).size).toBe(3);
    for (const word of ['direct', 'bounce-pages', '1.65±0.00', '64 MiB slot pool']) {
      expect(coresPlot(priced)).toContain(word);
    }
  });

  it('draws nothing without the parts of a core', () => {
    const bare = result.results.map((cell) => ({ ...cell, ledger: {}, cores: undefined }));
    expect(coresPlot({ ...result, results: bare })).toBeNull();
  });
});

describe('copyCostPlot', () => {
  const result = resultOf(copyCells());
  const svg = copyCostPlot(result)!;

  it('draws a line for each copy kernel and state of the caches, as high as the logarithm of its rates', () => {
    const { lines, tolerance } = linesOf(svg);
    for (const [index, copyKernel] of ['libc', 'movsb'].entries()) {
      for (const state of ['hot', 'cold']) {
        const rates = result.results
          .filter(({ params }) => params.kernel === copyKernel && params.state === state)
          .map(({ params, summary }) => Number(params.size) / summary.median);
        const heights = lines.get(`${COLOURS[index]}${state === 'hot' ? '' : ' dashed'}`)!;
        expect(heights).toHaveLength(rates.length);
        for (const [at, rate] of rates.entries()) {
          expect(Math.abs(heights[at]! - Math.log2(rate))).toBeLessThan(tolerance);
        }
      }
    }
  });

  it('names the lines, the axis and the caches', () => {
    for (const word of ['libc hot', 'movsb cold', 'L1 32 KiB', 'L3 32 MiB', 'GB/s']) expect(svg).toContain(word);
  });
});

describe('plots', () => {
  it('returns only the pictures that a result has data for', () => {
    expect(plots(resultOf(copyCells())).map(({ file }) => file)).toEqual(['copy-cost.svg']);
    expect(plots(resultOf(designCells())).map(({ file }) => file)).toEqual(['cores-per-100-gbit.svg']);
    expect(plots(resultOf())).toEqual([]);
  });

  it('draws several runs as it draws one', () => {
    const run = resultOf(copyCells(), designCells());
    const [one, several] = [plots(run), plots(severalOf(run))];
    expect(several.map(({ file }) => file)).toEqual(one.map(({ file }) => file));
    const { bars } = barsOf(one.find(({ file }) => file.startsWith('cores'))!.svg);
    const drawn = barsOf(several.find(({ file }) => file.startsWith('cores'))!.svg);
    for (const [at, bar] of bars.entries()) expect(Math.abs(drawn.bars[at]!.to - bar.to)).toBeLessThan(drawn.tolerance);
  });
});
