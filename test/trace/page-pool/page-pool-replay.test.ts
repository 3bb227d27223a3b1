import { describe, expect, it } from '@jest/globals';
import { linesOf, verdictOf } from './fixtures/oracle.js';

type Line = unknown[];

const lines = linesOf('pp-02');
const rows = lines as Line[];
const LAST = lines.length;

/** Puts `row` in place of line 20. */
const replaced = (row: unknown) => () => verdictOf(lines.with(19, row));
const ROW = rows[19]!;
const changed = (column: number, value: unknown) => ROW.with(column, value);

describe('the replay of a page pool trace', () => {
  it('refuses a trace that is cut off at the end of a line', () => {
    expect(() => verdictOf(lines.slice(0, LAST - 1))).toThrow(
      `some.jsonl:${LAST - 1}: the trace is cut off: 1 page pools are left at its end`,
    );
  });

  it('reports a difference rather than what is missing behind it', () => {
    const counts = rows[19]!.with(10, new Array(11).fill(9));
    expect(verdictOf([...lines.slice(0, 19), counts]).difference).toMatchObject({ line: 20 });
  });

  it.each([
    ['has an unknown operation', changed(0, 'free'), 'op "free" is not known'],
    ['is of a CPU that is not there', changed(1, 1), 'there is no CPU 1'],
    ['is neither in softirq nor out of it', changed(2, 2), 'softirq must be 0 or 1'],
    ['is of a page pool that is not there', changed(3, 2), 'there is no page pool 2'],
    ['has an argument too many', ROW.with(5, [...(ROW[5] as unknown[]), 1]), 'args has'],
    ['has an event that is not known', changed(7, [['free', 1]]), 'event ["free",1] is not known'],
    ['has an event of Object.prototype', changed(7, [['constructor', 1]]), 'event ["constructor",1] is not known'],
    ['has an event that is no list', changed(7, [7]), 'event 7 is not known'],
    ['has an event with an item too few', changed(7, [['put', 1]]), 'event ["put",1] has 1 items instead of 2'],
    ['has an event with a wrong item', changed(7, [['put', 'x', 0]]), 'has "x" where an exact integer must be'],
    [
      'puts a page that is not in use',
      ['putFull', 0, 1, 1, 0, [9000, 0], null, [], [], [], []],
      'page 9000 is not in use',
    ],
    ['puts a page out of range', ['putFull', 0, 1, 1, 0, [2 ** 40, 0], null, [], [], [], []], 'is not in use'],
    [
      'creates too large blocks',
      ['create', 0, 1, 2, 0, [11, 4, -1, 0, 2, 0, 0, -1, -1, 1, ''], null, [], [], [], []],
      'no block has order 11',
    ],
    [
      'creates a wrong ring',
      ['create', 0, 1, 2, 0, [0, -4, -1, 0, 2, 0, 0, -1, -1, 1, ''], null, [], [], [], []],
      'no ring has -4 slots',
    ],
  ])('refuses a line that %s', (_what, row, why) => {
    expect(replaced(row)).toThrow(`some.jsonl:20: `);
    expect(replaced(row)).toThrow(why);
    expect(replaced(row)).toThrow(expect.objectContaining({ code: 'ERR_TRACE_SYNTAX' }));
  });

  it('refuses a page of another page pool, and more fragments than there are', () => {
    const first = rows[2]![6] as number;
    const put = ['unref', 0, 1, 1, 0, [first, 7], 0, [], [], [], []];
    expect(() => verdictOf(lines.toSpliced(3, 0, put))).toThrow(/some\.jsonl:\d+: page \d+ has \d+ fragments, not 7/);
    const create = [
      'create',
      0,
      1,
      2,
      0,
      [0, 4, -1, 0, 2, 0, 0, -1, -1, 1, ''],
      [2, 4, 1],
      [],
      [],
      new Array(9).fill(0).with(6, -1),
      new Array(11).fill(0),
    ];
    const other = ['ref', 0, 1, 2, 0, [first], null, [], [], [], []];
    expect(() => verdictOf(lines.toSpliced(3, 0, create, other))).toThrow(`page ${first} is not one of page pool 2`);
  });
});
