import { describe, expect, it } from '@jest/globals';
import { seriesOf } from '../../../dev/variance/observations.js';
import { exampleData, turnOf } from './fixtures/example-data.js';

const data = exampleData([
  turnOf([
    [0, 100, 80, 1, 77, 0.2],
    [1, 200, 40, 0.9, 308, 0.4],
    [2, 300, 9, null, null, 0.2],
    [2, 301, 10, null, null, 0.2],
  ]),
  turnOf(
    [
      [1, 1200, null, null, 77, 0.2],
      [0, 1300, 90, 1, 77, 0.2],
    ],
    { process: 1, threads: 2, memory: 3 },
  ),
]);
const find = (id: string, leastShare?: number) => seriesOf(data, leastShare).find((series) => series.id === id)!;

describe('seriesOf', () => {
  it('returns designs, then their ratios to bounce, then copies', () => {
    expect(seriesOf(data).map(({ id, kind }) => [id, kind])).toEqual([
      ['direct', 'design'],
      ['bounce', 'design'],
      ['direct : bounce', 'ratio'],
      ['copy hot', 'copy'],
    ]);
    expect(seriesOf(exampleData([])).map(({ observations }) => observations)).toEqual([[], [], [], []]);
  });

  it('takes logarithms, keeps each sample of a turn with its place, and passes over those that failed', () => {
    const { observations } = find('copy hot');
    expect(observations.map(({ y, trip }) => [Math.exp(y), trip])).toEqual([
      [expect.closeTo(9), null],
      [expect.closeTo(10), null],
    ]);
    expect(find('bounce').observations).toHaveLength(1);
    expect(find('direct').observations[1]).toMatchObject({ process: 1, threads: 2, memory: 3, atMs: 1300 });
  });

  it('pairs the samples of a turn for a ratio, at the time and in the host between them', () => {
    const { observations } = find('direct : bounce');
    expect(observations).toHaveLength(1);
    const [{ y, atMs, trip, pulse }] = observations as [(typeof observations)[number]];
    expect(y).toBeCloseTo(Math.log(2), 12);
    expect(atMs).toBe(150);
    expect(Math.exp(trip!)).toBeCloseTo(154, 9); // the geometric mean of 77 and 308
    expect(Math.exp(pulse!)).toBeCloseTo(Math.sqrt(0.08), 9);
  });

  it('leaves out samples that had less of their CPUs than asked for, and their ratios', () => {
    const counts = ['direct', 'bounce', 'direct : bounce', 'copy hot'].map((id) => find(id, 0.95).observations.length);
    expect(counts).toEqual([2, 0, 0, 2]);
  });
});
