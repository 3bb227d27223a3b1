import { describe, expect, it } from '@jest/globals';
import { EVENTS, OPERATIONS, STATE, STATS } from '../../../lib/trace/page-pool/page-pool-format.js';
import { linesOf, RECORDINGS, verdictOf } from './fixtures/oracle.js';

type Line = [string, number, number, number, number, unknown[], unknown, unknown[][], unknown[][], number[], number[]];

const [OP, CPU, SOFTIRQ, POOL, JIFFIES, ARGS, RESULT, EVENT, PAGES, COUNTS, STATISTICS] = Array.from(
  { length: 11 },
  (_, at) => at,
) as [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

describe('a recording of page pools', () => {
  it.each(RECORDINGS)('%s has the decisions, counters and reference counts of ours', (recording) => {
    const lines = linesOf(recording);
    const { name, operations, difference } = verdictOf(lines);
    expect({ name, operations, difference }).toEqual({
      name: recording,
      operations: lines.length - 1,
      difference: null,
    });
  });

  it('has each operation and each event', () => {
    const rows = RECORDINGS.flatMap((recording) => linesOf(recording).slice(1) as Line[]);
    const events = new Set(rows.flatMap((row) => row[EVENT].map(([name]) => name)));
    expect(new Set(rows.map(([op]) => op))).toEqual(new Set(Object.keys(OPERATIONS)));
    expect(events).toEqual(new Set(Object.keys(EVENTS)));
  });
});

describe('a wrong value in a recording', () => {
  const lines = linesOf('pp-13');
  const rows = lines as Line[];
  /** Changes the first row from line 1000 on that `fits`, and returns the difference that is found. */
  const change = (fits: (row: Line) => boolean, changed: (row: Line) => void) => {
    const at = rows.findIndex((row, index) => index >= 1000 && fits(row));
    const copy = structuredClone(rows[at]!);
    changed(copy);
    return { line: at + 1, difference: differenceAt(lines, at, copy) };
  };
  const more = (list: unknown[], at: number) => {
    list[at] = typeof list[at] === 'string' ? 'B-1000' : (list[at] as number) + 1;
  };
  const told = ({ line, difference }: ReturnType<typeof change>) => ({
    isThere: difference?.line === line,
    ...difference,
  });

  it.each(STATE.map((name, at) => [name, at] as const))('is told in %s of the state', (name, at) => {
    expect(
      told(
        change(
          (row) => row[COUNTS] !== null,
          (row) => more(row[COUNTS], at),
        ),
      ),
    ).toMatchObject({
      isThere: true,
      field: `state.${name}`,
    });
  });

  it.each(STATS.map((name, at) => [name, at] as const))('is told in %s of the statistics', (name, at) => {
    expect(
      told(
        change(
          (row) => row[STATISTICS] !== null,
          (row) => more(row[STATISTICS], at),
        ),
      ),
    ).toMatchObject({
      isThere: true,
      field: `stats.${name}`,
    });
  });

  it.each([0, 1, 2, 3, 4, 5])('is told in item %i of a page', (at) => {
    const found = change(
      (row) => row[PAGES][0]?.length === 6 && row[ARGS].length > 0,
      (row) => more(row[PAGES][0]!, at),
    );
    expect(told(found)).toMatchObject({ isThere: true, field: 'pages' });
  });

  it.each(Object.entries(EVENTS).flatMap(([name, items]) => items.map((kind, at) => ({ name, kind, at: at + 1 }))))(
    'is told in item $at of event $name',
    ({ name, kind, at }) => {
      const { its, place } = firstWith(name);
      const copy = structuredClone(its[place]!);
      const event = copy[EVENT].find(([other]) => other === name)!;
      if (kind === 'pages') (event[at] as number[]).pop();
      else more(event, at);
      expect(differenceAt(its, place, copy)).toMatchObject({ line: place + 1 });
    },
  );

  it.each(Object.keys(EVENTS))('is told when an event %s is missing, or another is there', (name) => {
    const { its, place } = firstWith(name);
    const less = structuredClone(its[place]!);
    less[EVENT] = less[EVENT].filter(([other]) => other !== name);
    // That a page is of the reserve is told when it comes back.
    if (name === 'reserve') expect(verdictOf(its.with(place, less)).difference).not.toBeNull();
    else expect(differenceAt(its, place, less)).toMatchObject({ line: place + 1 });
    const twice = structuredClone(its[place]!);
    twice[EVENT].push(twice[EVENT].at(-1)!);
    expect(differenceAt(its, place, twice)).toMatchObject({ line: place + 1, field: 'events' });
  });

  it.each(['alloc', 'allocFrag', 'allocAny', 'unref', 'dump', 'create'])('is told in the result of %s', (op) => {
    const wrong = (row: Line) => {
      const result = row[RESULT];
      if (!Array.isArray(result)) more(row, RESULT);
      else if (Array.isArray(result[0])) result[0].push(1);
      else more(result, result.length - 1);
    };
    const found = change((row) => row[OP] === op && (op === 'unref' || JSON.stringify(row[RESULT]).length > 5), wrong);
    expect(told(found)).toMatchObject({
      isThere: true,
      field: 'result',
    });
  });

  it.each([
    ['op', (row: Line) => row[OP] === 'recycleDirect' && row[EVENT].length === 0, OP, 'ref'],
    ['softirq', (row: Line) => row[OP] === 'put' && row[SOFTIRQ] === 1 && wasCached(row), SOFTIRQ, 0],
    ['cpu', (row: Line) => row[OP] === 'put' && row[SOFTIRQ] === 1 && wasCached(row), CPU, 3],
    ['pool', (row: Line) => row[OP] === 'create' && row[POOL] > 0, POOL, 99],
    ['jiffies', (row: Line) => rowHas(row, 'stalled'), JIFFIES, 0],
    ['args', (row: Line) => row[OP] === 'allocFrag' && Array.isArray(row[RESULT]), ARGS, [4000]],
  ] as const)('is told in the given column %s', (_name, fits, column, value) => {
    const places = rows.flatMap((row, at) => (at > 0 && fits(row) ? [at] : []));
    const findings = places.slice(0, 40).map((at) => {
      const copy = structuredClone(rows[at]!) as unknown[];
      copy[column] = value;
      return verdictOf(lines.with(at, copy)).difference?.line === at + 1;
    });
    expect({ places: places.length > 0, isTold: findings.includes(true) }).toEqual({ places: true, isTold: true });
  });

  /** The difference that is found when a line is another, in a trace that ends behind it. */
  function differenceAt(its: readonly unknown[], at: number, line: unknown) {
    return verdictOf([...its.slice(0, at), line]).difference;
  }

  /** The first line that has an event, and the recording that it is in. */
  function firstWith(event: string): { readonly its: Line[]; readonly place: number } {
    const its = RECORDINGS.map((one) => linesOf(one) as Line[]).find((one) => one.some((row) => rowHas(row, event)))!;
    return { its, place: its.findIndex((row) => rowHas(row, event)) };
  }

  function rowHas(row: Line, event: string): boolean {
    return Array.isArray(row) && row[EVENT].some(([name]) => name === event);
  }

  /** True if the put before this row's state went into the cache. */
  function wasCached(row: Line): boolean {
    const before = rows[rows.indexOf(row) - 1]!;
    return row[ARGS][2] === 0 && Array.isArray(before) && before[POOL] === row[POOL] && before[STATISTICS] !== null
      ? row[STATISTICS][6]! > before[STATISTICS][6]!
      : false;
  }
});
