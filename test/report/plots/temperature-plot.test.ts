/** Pictures are parsed again: what is drawn is compared with the values, in the units of the axes. */
import { describe, expect, it } from '@jest/globals';
import { COLOURS } from '../../../lib/report/plots/chart.js';
import { plots } from '../../../lib/report/plots/plots.js';
import { temperaturePlot } from '../../../lib/report/plots/temperature-plot.js';
import { MIB } from '../../../lib/units.js';
import { copyCells, resultOf } from '../fixtures/result.js';
import { type PlantedLine, QUEUED, TWO_LINES, temperatureCells, temperatureResult } from '../fixtures/temperature.js';

/** Pixels are written with one digit after the point. */
const PIXELS = 0.2;
const [LEFT, RIGHT, TOP, BOTTOM] = [84, 1252, 132, 508];

const drawn = (lines: readonly PlantedLine[], sendBuffer?: number | null, floor: number | null = 300) =>
  temperaturePlot(temperatureResult(temperatureCells(lines, floor), sendBuffer))!;

/** Points of the lines of each colour, in pixels. */
function linesOf(svg: string): { colour: string; points: [number, number][] }[] {
  const path = /<path d="(M[^"]*)" fill="none"[^>]*stroke="(#\w+)" stroke-width="2"/g;
  return [...svg.matchAll(path)].map(([, points, colour]) => ({
    colour: colour!,
    points: [...points!.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]),
  }));
}

describe('temperaturePlot', () => {
  it('draws both axes as logarithms: a line for each copy kernel through its medians', () => {
    const lines = linesOf(drawn(TWO_LINES));
    expect(lines.map(({ colour }) => colour)).toEqual([COLOURS[0], COLOURS[1]]);
    const octaves = Math.log2(QUEUED.at(-1)! / QUEUED[0]!);
    const decades = 2; // 100 ns to 10 µs
    for (const [at, { nsOf }] of TWO_LINES.entries()) {
      for (const [index, queued] of QUEUED.entries()) {
        const [x, y] = lines[at]!.points[index]!;
        expect(Math.abs(x - (LEFT + ((RIGHT - LEFT) * Math.log2(queued / QUEUED[0]!)) / octaves))).toBeLessThan(PIXELS);
        const height = Math.log10(nsOf(queued) / 100) / decades;
        expect(Math.abs(y - (BOTTOM - (BOTTOM - TOP) * height))).toBeLessThan(PIXELS);
      }
    }
  });

  it('draws a bar from end to end of each interval', () => {
    const bars = [...drawn(TWO_LINES).matchAll(/d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"[^>]*stroke-width="3"/g)];
    expect(bars).toHaveLength(2 * QUEUED.length);
    const height = (Math.log10(1.02 / 0.98) / 2) * (BOTTOM - TOP);
    for (const [, fromX, fromY, toX, toY] of bars) {
      expect(fromX).toBe(toX);
      expect(Math.abs(Number(fromY) - Number(toY) - height)).toBeLessThan(2 * PIXELS);
    }
  });

  it('cuts an interval that a disturbance has made a hundred times as long, and keeps its axis', () => {
    const cells = temperatureCells(TWO_LINES);
    const [, first, ...rest] = cells;
    const disturbed = { ...first!, summary: { ...first!.summary, high: 1e6 } };
    const svg = temperaturePlot(temperatureResult([cells[0]!, disturbed, ...rest]))!;
    expect(linesOf(svg)).toEqual(linesOf(drawn(TWO_LINES)));
    const ends = [...svg.matchAll(/d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"[^>]*stroke-width="3"/g)].map((bar) =>
      Number(bar[4]),
    );
    expect(Math.abs(Math.min(...ends) - TOP)).toBeLessThan(1);
  });

  it('names the copy kernels, the caches, memory, the send buffer, the floor and the knees', () => {
    const svg = drawn(TWO_LINES);
    for (const word of [
      'movsb',
      'nt-avx2',
      '>L1<',
      '>L3<',
      '>memory<',
      'tcp_wmem 4 MiB',
      'floor 300 ns',
      'movsb slower',
    ]) {
      expect(svg).toContain(word);
    }
  });

  it('leaves out the marks of what is not known or not there', () => {
    for (const none of [null, 2 * 1024 * MIB]) expect(drawn(TWO_LINES, none)).not.toContain('tcp_wmem');
    expect(drawn(TWO_LINES, 4 * MIB, null)).not.toContain('floor');
    expect(drawn([{ kernel: 'libc', writer: 'same core', nsOf: () => 4000 }])).not.toContain(' slower');
    const result = temperatureResult(temperatureCells(TWO_LINES));
    const untold = { ...result, machine: { ...result.machine, caches: null } };
    expect(temperaturePlot(untold)).not.toContain('>memory<');
  });

  it('has a panel for each writer of the queue', () => {
    const other = { kernel: 'movsb', writer: 'another core', nsOf: () => 9000 };
    const aged = { kernel: 'movsb', writer: 'aged', nsOf: () => 9500 };
    const svg = drawn([...TWO_LINES, other, aged]);
    expect(linesOf(svg)).toHaveLength(4);
    for (const word of ['written by the same core', 'written by another core', 'aged: in no cache any more']) {
      expect(svg).toContain(word);
    }
  });

  it('draws nothing without such cells, and is one of the pictures of a result', () => {
    expect(temperaturePlot(resultOf(copyCells()))).toBeNull();
    const files = plots(temperatureResult(temperatureCells(TWO_LINES))).map(({ file }) => file);
    expect(files).toEqual(['copy-temperature.svg']);
  });
});
