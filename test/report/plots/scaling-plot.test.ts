/** Pictures are parsed again: what is drawn is compared with the values, in the units of the axes. */
import { describe, expect, it } from '@jest/globals';
import { COLOURS } from '../../../lib/report/plots/chart.js';
import { plots } from '../../../lib/report/plots/plots.js';
import { scalingPlot } from '../../../lib/report/plots/scaling-plot.js';
import { copyCells, resultOf } from '../fixtures/result.js';
import { FOUR_CPUS, ONE_CPU, type PlantedCell, scalingResult } from '../fixtures/scaling.js';

/** Pixels are written with one digit after the point. */
const PIXELS = 0.2;
const [TOP, BOTTOM] = [132, 508];
/** Left and right ends of both panels, and powers of two at both ends of their y axes. */
const PATH = { left: 84, right: 626, low: 6, high: 9 };
const COPIES = { left: 710, right: 1252, low: 3, high: 9 };

const drawn = (planted: readonly PlantedCell[]) => scalingPlot(scalingResult(planted))!;

/** Points of the lines of a width, with their colour and whether they are dashed, in pixels. */
function linesOf(svg: string, width: number) {
  const path = new RegExp(
    `<path d="(M[^"]*)" fill="none"[^>]*?stroke="(#\\w+)"(?: stroke-width="${width}")([^>]*)>`,
    'g',
  );
  return [...svg.matchAll(path)].map(([, points, colour, rest]) => ({
    colour: colour!,
    isDashed: rest!.includes('dasharray'),
    points: [...points!.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const),
  }));
}

function placeOf({ left, right, low, high }: typeof PATH, cpus: number, rate: number): readonly [number, number] {
  const x = left + ((right - left) * Math.log2(cpus)) / 2;
  return [x, BOTTOM - ((BOTTOM - TOP) * (Math.log2(rate) - low)) / (high - low)];
}

describe('scalingPlot', () => {
  it('draws a line for each design and sharing, and each copy kernel and place, through its medians', () => {
    const lines = linesOf(drawn(FOUR_CPUS), 2);
    const expected = [
      { panel: PATH, rates: [100, 160, 170], colour: COLOURS[0], isDashed: true },
      { panel: PATH, rates: [100, 200, 320], colour: COLOURS[0], isDashed: false },
      { panel: COPIES, rates: [10, 15, 16], colour: COLOURS[3], isDashed: true },
      { panel: COPIES, rates: [80, 160, 170], colour: COLOURS[3], isDashed: false },
    ];
    expect(lines.map(({ colour, isDashed }) => ({ colour, isDashed }))).toEqual(
      expected.map(({ colour, isDashed }) => ({ colour, isDashed })),
    );
    for (const [at, { panel, rates }] of expected.entries()) {
      for (const [index, rate] of rates.entries()) {
        const [x, y] = placeOf(panel, 2 ** index, rate);
        const [drawnX, drawnY] = lines[at]!.points[index]!;
        expect(Math.abs(x - drawnX)).toBeLessThan(PIXELS);
        expect(Math.abs(y - drawnY)).toBeLessThan(PIXELS);
      }
    }
  });

  it('draws what each line would be if it grew with the CPUs', () => {
    const ideals = linesOf(drawn(FOUR_CPUS), 1.2).filter(
      ({ points, colour }) => points.length === 2 && colour !== '#555555',
    );
    const starts = [placeOf(PATH, 1, 100), placeOf(COPIES, 1, 10), placeOf(COPIES, 1, 80)];
    const ends = [placeOf(PATH, 4, 400), placeOf(COPIES, 4, 40), placeOf(COPIES, 4, 320)];
    for (const [at, [x, y]] of starts.entries()) {
      const ideal = ideals.find(({ points }) => Math.hypot(points[0]![0] - x, points[0]![1] - y) < PIXELS)!;
      expect(Math.hypot(ideal.points[1]![0] - ends[at]![0], ideal.points[1]![1] - ends[at]![1])).toBeLessThan(PIXELS);
    }
  });

  it('draws a bar from end to end of each interval', () => {
    const bars = [...drawn(FOUR_CPUS).matchAll(/d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"[^>]*stroke-width="3"/g)];
    expect(bars).toHaveLength(12);
    for (const [, fromX, fromY, toX, toY] of bars) {
      expect(fromX).toBe(toX);
      expect(Number(fromY)).toBeGreaterThan(Number(toY));
    }
  });

  it('marks where siblings or other cores come, and names lines, panels and units', () => {
    const svg = drawn(FOUR_CPUS);
    for (const word of ['+ siblings', 'bounce shared', 'bounce own', 'movsb memory', '>transmit path<', '>GB/s<']) {
      expect(svg).toContain(word);
    }
    expect(drawn(ONE_CPU)).not.toContain('+ siblings');
  });

  it('draws one CPU, and a panel alone', () => {
    expect(drawn(ONE_CPU)).toContain('bounce one');
    const svg = drawn(ONE_CPU.filter(({ params }) => params.part === 'path'));
    expect(svg).toContain('>transmit path<');
    expect(svg).not.toContain('>bare copies<');
  });

  it('draws nothing without such cells, and is one of the pictures of a result', () => {
    expect(scalingPlot(resultOf(copyCells()))).toBeNull();
    expect(plots(scalingResult(FOUR_CPUS)).map(({ file }) => file)).toEqual(['scaling.svg']);
  });
});
