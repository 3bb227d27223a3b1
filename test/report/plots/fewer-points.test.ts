import { describe, expect, it } from '@jest/globals';
import type { Chart, Part } from '../../../lib/report/plots/chart.js';
import { fewerPoints, MOST_POINTS, withoutCrowds } from '../../../lib/report/plots/fewer-points.js';
import { plots } from '../../../lib/report/plots/plots.js';
import { designCells, resultWithPulses } from '../fixtures/result.js';

const RARE = 777;

/** Heights that repeat, but for one that is lower than all others. */
const pointsOf = (count: number) =>
  Array.from({ length: count }, (_, at): [number, number] => [at, at === RARE ? 1 : 10 + (at % 7)]);

const chartOf = (count: number, more: Part = {}): Chart => ({
  option: {
    title: { text: 'Speed', subtext: 'of a host' },
    xAxis: { type: 'value' },
    yAxis: { type: 'value' },
    series: [{ type: 'line', data: pointsOf(count), ...more }],
  },
  width: 960,
  height: 360,
});

const dataOf = (option: Part) => (option.series as readonly { data: readonly [number, number][] }[])[0]!.data;

describe('fewerPoints', () => {
  it('keeps the lowest and the highest of each stretch, in their order, and says how many those are', () => {
    const { chart, said } = fewerPoints(chartOf(10_000), 200);
    const data = dataOf(chart.option);
    expect(data.length).toBeLessThanOrEqual(200);
    expect(data).toContainEqual([RARE, 1]);
    const places = data.map(([at]) => at);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(said).toBe(`${data.length} of 10000 points: the lowest and the highest of each stretch`);
  });

  it('keeps of intervals those of the points that are left', () => {
    const bars = pointsOf(10_000).map(([x, y]) => [{ coord: [x, y - 1] }, { coord: [x, y + 1] }]);
    const { chart } = fewerPoints(chartOf(10_000, { markLine: { data: bars } }), 200);
    const [line] = chart.option.series as readonly { data: [number, number][]; markLine: { data: typeof bars } }[];
    expect(line!.markLine.data.map(([from]) => from!.coord[0])).toEqual(line!.data.map(([x]) => x));
  });

  it('leaves a chart of few points, of bars or of nothing as it is', () => {
    const few = chartOf(100);
    expect(fewerPoints(few, 200)).toEqual({ chart: few, said: null });
    const bars = chartOf(1000, { type: 'bar' });
    expect(fewerPoints(bars, 200)).toEqual({ chart: bars, said: null });
    const empty = { option: {}, width: 1, height: 1 };
    expect(fewerPoints(empty, 200)).toEqual({ chart: empty, said: null });
  });
});

describe('withoutCrowds', () => {
  it('says below the title what it leaves out', () => {
    const { option } = withoutCrowds(chartOf(10 * MOST_POINTS));
    const { length } = dataOf(option);
    expect(length).toBeLessThanOrEqual(MOST_POINTS);
    const said = `of a host\n${length} of ${10 * MOST_POINTS} points: the lowest and the highest of each stretch`;
    expect(option.title).toEqual([{ text: 'Speed', subtext: said }]);
  });

  it('returns a chart that has room for its points', () => {
    const chart = chartOf(MOST_POINTS);
    expect(withoutCrowds(chart)).toBe(chart);
  });
});

describe('the picture of the speed of CPUs as a file', () => {
  it('has as few points as can be told apart, however many samples a run took, and says so', () => {
    const few = resultWithPulses([designCells()], () => [1]);
    const many = { ...few, results: Array.from({ length: 100 }, () => few.results).flat() };
    const [speed] = plots(many).filter(({ file }) => file === 'cpu-speed.svg');
    const points = speed!.svg.match(/ecmeta_series_index="0"/g)!.length;
    expect(points).toBeLessThanOrEqual(MOST_POINTS);
    expect(speed!.svg).toContain(' of 3600 points: the lowest and the highest of each stretch');
    expect(speed!.svg).toContain('of 3600 samples at full speed');
  });
});
