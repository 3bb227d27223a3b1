import { describe, expect, it } from '@jest/globals';
import { plots } from '../../../lib/report/plots/plots.js';
import { speedPlot } from '../../../lib/report/plots/speed-plot.js';
import { designCells, resultOf, resultWithPulses } from '../fixtures/result.js';

/** The points of a picture: their pixels from the left and from the top. */
const pointsOf = (svg: string) =>
  [...svg.matchAll(/transform="matrix\([\d.]+,0,0,[\d.]+,([\d.]+),([\d.]+)\)"[^>]*ecmeta_series_index="0"/g)].map(
    ([, left, top]) => [Number(left), Number(top)] as const,
  );

describe("the picture of the CPUs' speed", () => {
  it('has a point for each sample, from left to right in time, lower where a CPU was slower', () => {
    const svg = speedPlot(resultWithPulses([designCells()], (round) => [round === 11 ? 2 : 1]))!;
    const points = pointsOf(svg);
    expect(points).toHaveLength(36);
    const lefts = points.map(([left]) => left);
    expect(lefts).toEqual(lefts.toSorted((a, b) => a - b));
    const tops = points.map(([, top]) => top);
    expect(new Set(tops.slice(0, 33)).size).toBe(1);
    for (const top of tops.slice(33)) expect(top).toBeGreaterThan(tops[0]! + 50);
    expect(svg).toContain('92 % of 36 samples at full speed');
  });

  it('is left out where no pulse was taken', () => {
    const result = resultOf(designCells());
    expect(speedPlot(result)).toBeNull();
    expect(plots(result).map(({ file }) => file)).not.toContain('cpu-speed.svg');
  });
});
