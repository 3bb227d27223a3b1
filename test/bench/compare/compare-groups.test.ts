import { describe, expect, it } from '@jest/globals';
import { median } from 'simple-statistics';
import {
  type CompareOptions,
  compareGroups,
  FAMILY_ROWS,
  type GroupComparison,
  methodFor,
} from '../../../lib/bench/compare/compare-groups.js';
import type { RunFacts } from '../../../lib/bench/compare/run-facts.js';
import { rankTest } from '../../../lib/bench/statistics/rank-test.js';
import { random } from '../../../lib/random.js';
import { planted, rowOf, type SimulatedRow, simulatedRuns } from './fixtures/simulated-runs.js';

const OPTIONS: CompareOptions = { minimalEffect: 0.03, isStrict: false, deviations: [new Map(), new Map()] };

const conditionsOf = (design: string): SimulatedRow[] =>
  Array.from({ length: 6 }, (_, at) => ({ id: `tx/${design}/senders=${at + 1}`, median: 100 * (at + 1) }));

/** Two designs under six conditions each, copies of twelve sizes, and single operations. */
const ROWS: readonly SimulatedRow[] = [
  ...conditionsOf('bounce'),
  ...conditionsOf('bounce-pages'),
  ...Array.from({ length: 12 }, (_, at) => ({ id: `copy/libc/hot/size=${2 ** at}`, median: 2 ** at })),
  { id: 'control/page', median: 50 },
  { id: 'control/check', median: 50 },
  { id: 'control/refill', median: 50 },
];

const found = ({ differences }: GroupComparison) =>
  differences.filter(({ significant }) => significant).map(({ row }) => row.id);

const shareFound = (comparisons: readonly GroupComparison[]) => {
  const all = comparisons.flatMap(({ differences }) => differences);
  return all.filter(({ significant }) => significant).length / all.length;
};

/** Comparisons of runs of one host. */
function underNoDifference(runs: number, trials: number, options = OPTIONS, deviation = 0.08): GroupComparison[] {
  return Array.from({ length: trials }, (_, trial) => {
    const all = simulatedRuns(2 * runs, { rows: ROWS, deviation }, trial);
    return compareGroups(all.slice(0, runs), all.slice(runs), options);
  });
}

describe('a comparison of two groups of runs', () => {
  it('finds nothing between runs and themselves', () => {
    for (const count of [1, 3, 5, 12]) {
      const runs = simulatedRuns(count, { rows: ROWS, deviation: 0.05 }, 1);
      const comparison = compareGroups(runs, runs, OPTIONS);
      expect(comparison.differences).toHaveLength(ROWS.length);
      expect(found(comparison)).toEqual([]);
    }
  });

  it.each([1, 2, 3, 5, 10])(
    'calls at most 5 %% of the rows different between %d and as many runs of one host',
    (runs) => {
      expect(shareFound(underNoDifference(runs, 60))).toBeLessThan(0.05);
    },
  );

  it('calls hardly any family different if there is one of all rows', () => {
    const comparisons = underNoDifference(10, 60, { ...OPTIONS, isStrict: true });
    expect(comparisons.filter((comparison) => found(comparison).length > 0).length).toBeLessThan(9);
  });

  it('finds a difference of 10 % with five runs a side that vary by 2 %', () => {
    let hits = 0;
    for (let trial = 0; trial < 100; trial++) {
      const runs = simulatedRuns(10, { rows: ROWS, deviation: 0.02 }, 1000 + trial);
      const slower = planted(runs.slice(5), 'value tx/bounce/senders=3', 1.1);
      if (found(compareGroups(runs.slice(0, 5), slower, OPTIONS)).includes('tx/bounce/senders=3')) hits++;
    }
    expect(hits).toBeGreaterThan(90);
  });

  it('says by which factor, with an interval that holds it', () => {
    const runs = simulatedRuns(16, { rows: ROWS, deviation: 0.02 }, 5);
    const { differences } = compareGroups(runs.slice(0, 8), planted(runs.slice(8), 'value control/page', 1.5), OPTIONS);
    const page = differences.find(({ row }) => row.id === 'control/page')!;
    expect(page.ratio).toBeCloseTo(1.5, 1);
    expect(page.low).toBeLessThan(1.5);
    expect(page.high).toBeGreaterThan(1.5);
    expect(page.value / page.base).toBeCloseTo(page.ratio, 1);
  });

  it('does not call an effect significant that is too small to count', () => {
    const runs = simulatedRuns(20, { rows: ROWS, deviation: 0.001 }, 6);
    const other = planted(runs.slice(10), 'value control/page', 1.02);
    expect(found(compareGroups(runs.slice(0, 10), other, OPTIONS))).toEqual([]);
    const faster = planted(runs.slice(10), 'value control/page', 0.9);
    expect(found(compareGroups(runs.slice(0, 10), faster, OPTIONS))).toEqual(['control/page']);
    expect(found(compareGroups(runs.slice(0, 10), other, { ...OPTIONS, minimalEffect: 0.01 }))).toEqual([
      'control/page',
    ]);
  });

  it('corrects neighbours of a line together, in families that five runs a side can decide', () => {
    const [comparison] = underNoDifference(5, 1);
    const sizes = new Map<string, number>();
    for (const { family } of comparison!.differences) sizes.set(family, (sizes.get(family) ?? 0) + 1);
    expect(Math.max(...sizes.values())).toBe(FAMILY_ROWS);
    expect(sizes.get('value copy/libc/hot 2')).toBe(6);
    expect(sizes.get('value control/page 1')).toBe(1);
    for (const { chance, corrected } of comparison!.differences) expect(corrected).toBeGreaterThanOrEqual(chance!);
  });

  it('goes by the order of runs where that can be significant, and by intervals else', () => {
    for (const [runs, others, method] of [
      [1, 1, 'intervals'],
      [3, 3, 'intervals'],
      [4, 4, 'intervals'],
      [4, 7, 'runs'],
      [5, 5, 'runs'],
      [2, 8, 'intervals'],
      [2, 25, 'runs'],
      [1, 20, 'intervals'],
    ] as const) {
      expect({ runs, others, method: methodFor(runs, others) }).toEqual({ runs, others, method });
    }
  });

  it('finds large differences between single runs, and none where runs have no interval', () => {
    const [base, other] = simulatedRuns(2, { rows: ROWS, deviation: 0.02 }, 9) as [RunFacts, RunFacts];
    const twice = planted([other], 'value control/page', 2);
    expect(found(compareGroups([base], twice, OPTIONS))).toEqual(['control/page']);
    const silent = simulatedRuns(2, { rows: ROWS, deviation: 0.02, spread: null }, 9);
    const { differences } = compareGroups(
      silent.slice(0, 1),
      planted(silent.slice(1), 'value control/page', 9),
      OPTIONS,
    );
    expect(new Set(differences.map(({ untold }) => untold))).toEqual(new Set(['no interval']));
    expect(differences.some(({ significant }) => significant)).toBe(false);
  });

  it('lets single runs that claim too much for their host find less where more of its runs are known', () => {
    const runs = simulatedRuns(2, { rows: ROWS, deviation: 0.01 }, 10);
    const other = planted(runs.slice(1), 'value control/page', 1.5);
    expect(found(compareGroups(runs.slice(0, 1), other, OPTIONS))).toEqual(['control/page']);
    const known = new Map([['value control/page', 0.3]]);
    expect(found(compareGroups(runs.slice(0, 1), other, { ...OPTIONS, deviations: [known, known] }))).toEqual([]);
  });

  it('takes what runs vary by from the host of each side, for as many runs as that has', () => {
    const KEY = 'value control/page';
    const runs = simulatedRuns(4, { rows: ROWS, deviation: 0 }, 11);
    const halfWidth = (known: CompareOptions['deviations']) => {
      const { differences } = compareGroups(runs.slice(0, 3), runs.slice(3), { ...OPTIONS, deviations: known });
      const { low, high } = differences.find(({ row }) => row.id === 'control/page')!;
      return Math.log(high / low) / 2 / 1.96;
    };
    const [wild, calm] = [new Map([[KEY, 0.3]]), new Map([[KEY, 0.01]])];
    expect(halfWidth([wild, calm])).toBeCloseTo(Math.hypot(0.3 / Math.sqrt(3), 0.01), 4);
    expect(halfWidth([calm, wild])).toBeCloseTo(Math.hypot(0.01 / Math.sqrt(3), 0.3), 4);
  });

  it('calls an effect significant from the smallest that counts on, to either side', () => {
    const runs = simulatedRuns(10, { rows: [{ id: 'control/page', median: 64 }], deviation: 0 }, 12);
    const doubled = planted(runs.slice(5), 'value control/page', 2);
    const comparison = (minimalEffect: number) =>
      found(compareGroups(runs.slice(0, 5), doubled, { ...OPTIONS, minimalEffect }));
    expect([comparison(0.999), comparison(1.001)]).toEqual([['control/page'], []]);
    // Half is as far from the base as twice.
    const halved = planted(runs.slice(5), 'value control/page', 0.5);
    expect(found(compareGroups(runs.slice(0, 5), halved, { ...OPTIONS, minimalEffect: 0.99 }))).toEqual([
      'control/page',
    ]);
  });

  it('goes by intervals for a number that too few of the runs have', () => {
    const KEY = 'value control/page';
    const runs = simulatedRuns(10, { rows: ROWS, deviation: 0.02, spread: null }, 13);
    const lacking = runs.slice(7).map((run) => {
      const numbers = new Map(run.numbers);
      numbers.delete(KEY);
      return { ...run, numbers };
    });
    const { method, differences } = compareGroups(runs.slice(0, 5), [...runs.slice(5, 7), ...lacking], OPTIONS);
    const untold = differences.filter((one) => one.untold !== null).map(({ row }) => row.id);
    expect({ method, untold }).toEqual({ method: 'runs', untold: ['control/page'] });
  });

  it('names the numbers that only one side has', () => {
    const all = simulatedRuns(2, { rows: ROWS, deviation: 0 }, 1);
    const fewer = simulatedRuns(1, { rows: ROWS.slice(1), deviation: 0 }, 2);
    expect(compareGroups(all.slice(0, 1), fewer, OPTIONS)).toMatchObject({
      onlyBase: ['value tx/bounce/senders=1'],
      onlyOther: [],
    });
    expect(compareGroups(fewer, all.slice(0, 1), OPTIONS).onlyOther).toEqual(['value tx/bounce/senders=1']);
  });
});

describe('runs whose CPUs moved', () => {
  const KEY = 'value tx/bounce/senders=2';
  const NEAR = { low: 70, high: 80 };
  const FAR = { low: 300, high: 320 };

  /** A run whose CPUs were at these distances, one for each round; far apart everything takes three times as long. */
  function moving(seed: number, distances: readonly (typeof NEAR)[]): RunFacts {
    const next = random(seed);
    const samples = distances.map((distance) => (distance === NEAR ? 100 : 300) * (1 + 0.04 * (next() - 0.5)));
    const row = { ...rowOf({ id: 'tx/bounce/senders=2' }), needsCpus: true };
    const number = { row, median: median(samples), spread: 0.3, rounds: { samples, distances } };
    const [run] = simulatedRuns(1, { rows: [{ id: 'control/page', median: 50 }], deviation: 0.01 }, seed);
    const distance = {
      low: Math.min(...distances.map(({ low }) => low)),
      high: Math.max(...distances.map(({ high }) => high)),
    };
    return { ...run!, distance, distances, numbers: new Map(run!.numbers).set(KEY, number) };
  }

  const mostly = (seed: number, near: number): RunFacts =>
    moving(seed, [...new Array<typeof NEAR>(near).fill(NEAR), ...new Array<typeof NEAR>(20 - near).fill(FAR)]);
  const numberOf = (comparison: GroupComparison) => comparison.differences.find(({ row }) => row.id.startsWith('tx'))!;

  it('are compared over rounds in which the CPUs were at one distance', () => {
    const [base, other] = [5, 6].map((from) => [1, 2, 3, 4, 5].map((at) => mostly(10 * from + at, 4 + at)));
    const same = compareGroups(base!, other!, OPTIONS);
    expect(same.place).not.toBeNull();
    expect(numberOf(same).significant).toBe(false);
    const slower = numberOf(compareGroups(base!, planted(other!, KEY, 1.1), OPTIONS));
    expect(slower).toMatchObject({ significant: true, untold: null });
    expect(slower.ratio).toBeCloseTo(1.1, 1);
  });

  it('are compared over all rounds where too few of them have rounds at that distance', () => {
    const base = [1, 2, 3, 4, 5].map((at) => mostly(at, at < 3 ? 20 : 0));
    const other = [6, 7, 8, 9, 10].map((at) => mostly(at, 20));
    const medians = (runs: readonly RunFacts[]) => runs.map(({ numbers }) => numbers.get(KEY)!.median);
    const { chance, untold } = numberOf(compareGroups(base, other, OPTIONS));
    expect({ chance, untold }).toEqual({ chance: rankTest(medians(other), medians(base)), untold: null });
  });

  it('are compared even one with one', () => {
    const comparison = compareGroups([mostly(1, 8)], planted([mostly(2, 16)], KEY, 2), OPTIONS);
    expect(numberOf(comparison)).toMatchObject({ significant: true, untold: null });
    expect(numberOf(comparison).ratio).toBeCloseTo(2, 1);
  });

  it('tell nothing, one by one, if they were never at the same distance', () => {
    const comparison = compareGroups([mostly(1, 20)], [mostly(2, 0)], OPTIONS);
    expect(comparison.place).toBeNull();
    expect(numberOf(comparison)).toMatchObject({ significant: false, untold: 'CPUs elsewhere' });
    expect(comparison.differences.map(({ untold }) => untold)).toContain(null); // of what one CPU does alone
  });

  it('tell of a number that one of five lacks, over the rounds that the others have at one distance', () => {
    const [base, other] = [5, 6].map((from) => [1, 2, 3, 4, 5].map((at) => mostly(10 * from + at, 4 + at)));
    const { numbers } = other![4]!;
    const without = { ...other![4]!, numbers: new Map([...numbers].filter(([key]) => key !== KEY)) };
    const four = planted(other!.slice(0, 4), KEY, 2);
    const found = numberOf(compareGroups(base!, [...four, without], OPTIONS));
    expect(found).toMatchObject({ significant: true, untold: null });
    expect(found.ratio).toBeCloseTo(2, 1);
  });

  it('are compared over all rounds by the order of many runs, if they were never at the same distance', () => {
    const [near, far] = [20, 0].map((rounds) => [1, 2, 3, 4, 5].map((at) => mostly(100 + rounds + at, rounds)));
    expect(numberOf(compareGroups(near!, far!, OPTIONS))).toMatchObject({ significant: true, untold: null });
  });
});
