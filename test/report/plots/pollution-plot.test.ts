/** Pictures are parsed again: what is drawn is compared with the values, in the units of the axes. */
import { describe, expect, it } from '@jest/globals';
import { COLOURS } from '../../../lib/report/plots/chart.js';
import { plots } from '../../../lib/report/plots/plots.js';
import { pollutionChart, pollutionPlot } from '../../../lib/report/plots/pollution-plot.js';
import { COPY, KERNELS, pollutionCell, pollutionCells, pollutionResult, READ, SLOWER } from '../fixtures/pollution.js';
import { copyCells, resultOf } from '../fixtures/result.js';

const [TOP, BOTTOM] = [124, 456];
/** Pixels are written with one digit after the point. */
const PIXELS = 0.2;
const cells = pollutionCells();

interface Series {
  readonly name: string;
  readonly xAxisIndex: number;
  readonly data: readonly (readonly [number, number])[];
  readonly markLine: { readonly data: readonly unknown[] };
}

const seriesOf = (result = pollutionResult()) => pollutionChart(result)!.option.series as readonly Series[];

/** Points of the lines of each colour, in pixels. */
function linesOf(svg: string): { colour: string; points: [number, number][] }[] {
  const path = /<path d="(M[^"]*)" fill="none"[^>]*stroke="(#\w+)" stroke-width="2"/g;
  return [...svg.matchAll(path)].map(([, points, colour]) => ({
    colour: colour!,
    points: [...points!.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]),
  }));
}

describe('pollutionPlot', () => {
  it('draws slowdowns as logarithms: a line for each copy kernel, in a panel for each victim', () => {
    const lines = linesOf(pollutionPlot(pollutionResult())!);
    expect(lines).toHaveLength(3 * KERNELS.length);
    const octaves = 2; // from 0.5 to 2
    for (const [at, kernel] of KERNELS.entries()) {
      const ofKernel = lines.filter(({ colour }) => colour === COLOURS[at]);
      expect(ofKernel).toHaveLength(3);
      for (const [, y] of ofKernel.flatMap(({ points }) => points)) {
        const height = Math.log2(SLOWER[kernel] / 0.5) / octaves;
        expect(Math.abs(y - (BOTTOM - (BOTTOM - TOP) * height))).toBeLessThan(PIXELS);
      }
    }
  });

  it('has a point for the copy and each read in microseconds, with its interval', () => {
    const times = seriesOf().filter(({ xAxisIndex }) => xAxisIndex === 3);
    expect(times.map(({ name, data }) => [name, ...data.map(([, us]) => us)])).toEqual(
      KERNELS.map((kernel) => [kernel, COPY[kernel] / 1000, READ[kernel] / 1000, READ[kernel] / 1000]),
    );
    for (const { data, markLine } of seriesOf()) expect(markLine.data).toHaveLength(data.length);
  });

  it('names the victims, what the sender does, and what a bounce is made of', () => {
    const svg = pollutionPlot(pollutionResult())!;
    for (const words of [
      'victim on the core, after 4 packets',
      'neighbour, sender paced',
      'neighbour, sender at full speed',
      'copy, and read by a device',
      'nt-avx2',
    ]) {
      expect(svg).toContain(words);
    }
  });

  it('draws of several numbers of packets the usual one, or the first', () => {
    const drawnOf = (...packets: number[]) => {
      const all = packets.flatMap((count) =>
        ['none', ...KERNELS].map((kernel) =>
          pollutionCell('same core', kernel, { workingSet: 4096, packets: count }, 1),
        ),
      );
      return pollutionPlot(pollutionResult(all));
    };
    expect(drawnOf(1, 4, 16)).toContain('after 4 packets');
    expect(drawnOf(16)).toContain('after 16 packets');
  });

  it('leaves out panels of what was not measured, and draws nothing without such cells', () => {
    const few = cells.filter(({ params }) => params.part !== 'neighbour');
    expect(new Set(seriesOf(pollutionResult(few)).map(({ xAxisIndex }) => xAxisIndex)).size).toBe(2);
    expect(pollutionPlot(pollutionResult([]))).toBeNull();
    expect(pollutionPlot(resultOf(copyCells()))).toBeNull();
    expect(plots(pollutionResult()).map(({ file }) => file)).toEqual(['pollution.svg']);
  });
});
