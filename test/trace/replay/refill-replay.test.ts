import { describe, expect, it } from '@jest/globals';
import { REFILL_FORMAT, verifyRefill } from '../../../lib/trace/replay/refill-replay.js';
import { linesWhere, planted, recordedTraces, verdictOn } from '../fixtures/column-traces.js';

const TRACES = recordedTraces('refill');
const SEVERAL = TRACES.find(({ name }) => name.startsWith('refill-02'))!;
/** Columns that are compared in each row. */
const SEEN = ['highOrderDisabled', ...Object.keys(REFILL_FORMAT.columns).slice(7, -1)];

describe('a page fragment', () => {
  it.each(TRACES)("is refilled as Linux's is in $name", ({ lines }) => {
    const { operations, difference } = verdictOn(verifyRefill, lines);
    expect({ operations, difference }).toEqual({ operations: lines.length - 1, difference: null });
  });

  it('is held against two traces at least', () => {
    expect(TRACES.length).toBeGreaterThanOrEqual(2);
  });
});

describe('verifyRefill', () => {
  const verdict = (line: number, column: string, change: (value: unknown) => unknown) =>
    verdictOn(verifyRefill, planted(SEVERAL, line, column, change));

  it.each(SEEN)('finds a wrong value of %s after each operation', (column) => {
    for (const operation of REFILL_FORMAT.operations) {
      const lines = linesWhere(SEVERAL, ({ op }) => op === operation);
      const line = lines[lines.length >> 1]!;
      const { difference } = verdict(line, column, (value) => Number(value) + 1);
      expect({ line: difference?.line, field: difference?.field }).toEqual({ line, field: column });
    }
  });

  it.each([
    ['order3Available', 3],
    ['order0Available', 0],
  ])('finds a wrong value of %s when such a page was asked for', (column, order) => {
    const asks = ({ tried }: Record<string, unknown>) => (tried as number[][]).some(([asked]) => asked === order);
    for (const available of [0, 1]) {
      const line = linesWhere(SEVERAL, (row) => asks(row) && row[column] === available)[0]!;
      expect(verdict(line, column, () => 1 - available).difference).toMatchObject({ line, field: column });
    }
  });

  it('finds that an allocation was asked for with other flags, because it may reclaim or not', () => {
    for (const mayReclaim of [0, 1]) {
      const fallsBack = ({ mayReclaim: may, tried }: Record<string, unknown>) =>
        may === mayReclaim && (tried as number[][]).some(([order]) => order === 0);
      const line = linesWhere(SEVERAL, fallsBack)[0]!;
      expect(verdict(line, 'mayReclaim', () => 1 - mayReclaim).difference).toMatchObject({ line, field: 'tried' });
    }
  });

  it('finds each wrong value of an allocation, and one that was not asked for', () => {
    const line = linesWhere(SEVERAL, ({ tried }) => (tried as unknown[]).length === 2)[0]!;
    const changed = (change: (tried: number[][]) => unknown) =>
      verdict(line, 'tried', (tried) => change(tried as number[][])).difference;
    for (const flag of [2, 3, 4, 5]) {
      const other = changed(([large, single]) => [large!.with(flag, 1 - large![flag]!), single]);
      expect(other).toMatchObject({ line, field: 'tried' });
    }
    const order = changed(([large, single]) => [large!.with(0, 2), single]);
    const more = changed((tried) => [...tried, tried[1]]);
    const fewer = changed(([large]) => [large]);
    expect([order, more, fewer].map((difference) => difference?.line)).toEqual([line, line, line]);
  });

  it.each(REFILL_FORMAT.operations)('finds that an operation %s was another one, or that it was not', (operation) => {
    const lines = linesWhere(SEVERAL, ({ op }) => op === operation).slice(0, 20);
    const isTold = (line: number) => {
      try {
        return verdict(line, 'op', () => (operation === 'use' ? 'extend' : 'use')).difference !== null;
      } catch {
        return true; // refused: what it is done to does not exist
      }
    };
    expect(lines.every(isTold)).toBe(true);
  });

  it('finds that it was another page fragment, or that there were other bytes', () => {
    for (const line of linesWhere(SEVERAL, ({ op, pfn }) => op === 'use' && pfn !== -1).slice(0, 20)) {
      const bytes = verdict(line, 'arg', (arg) => Number(arg) - 1).difference;
      expect(bytes).toMatchObject({ line, field: 'offset' });
    }
    const line = linesWhere(SEVERAL, ({ op, frag }) => op === 'refill' && frag === 0)[5]!;
    expect(verdict(line, 'frag', () => 1).difference).toMatchObject({ line });
  });

  it.each([
    ['a page fragment that does not exist', 'use', 'frag', 3, 'there is no page fragment 3'],
    ['no page fragment', 'refill', 'frag', -1, 'there is no page fragment -1'],
    ['a page fragment where none is meant', 'put', 'frag', 0, 'frag of put must be -1'],
    ['a page fragment of the switch', 'disable', 'frag', 1, 'frag of disable must be -1'],
    ['a switch that is neither on nor off', 'disable', 'arg', 2, 'arg of disable must be 0 or 1'],
    ['room for fewer than no bytes', 'refill', 'arg', -1, 'arg of refill must not be negative'],
    ['a third way to reclaim', 'refill', 'mayReclaim', 2, 'mayReclaim must be 0 or 1'],
    ['half a large page', 'use', 'order3Available', -1, 'order3Available must be 0 or 1'],
    ['half a single page', 'put', 'order0Available', 7, 'order0Available must be 0 or 1'],
    ['more bytes than a page has', 'use', 'arg', 32769, 'its page has no 32769 bytes left'],
    ['fewer than no bytes', 'extend', 'arg', -1, 'its page has no -1 bytes left'],
    ['a page without a reference', 'put', 'arg', 7, 'page 7 has no reference'],
    ['a page that does not exist', 'put', 'arg', 2 ** 40, 'page 1099511627776 has no reference'],
    ['an allocation that is no array', 'refill', 'tried', [3], 'tried must be an array of arrays'],
    ['a page that is none', 'refill', 'tried', [[3, 2 ** 20, 0, 1, 1, 1]], 'page 1048576 is none of 1048576'],
    ['a page that is a text', 'refill', 'tried', [[3, 'a', 0, 1, 1, 1]], 'page "a" is none of 1048576'],
    ['a block that is not aligned', 'refill', 'tried', [[3, 4, 0, 1, 1, 1]], 'no block of 8 pages begins at page 4'],
  ])('refuses %s, with its line', (_what, operation, column, value, why) => {
    const line = linesWhere(SEVERAL, ({ op }) => op === operation)[0]!;
    expect(() => verdict(line, column, () => value)).toThrow(`some.jsonl:${line}: ${why}`);
  });

  it('refuses a page that is in use, and use of a page fragment without a page', () => {
    const [, second] = linesWhere(SEVERAL, ({ op, changed }) => op === 'refill' && changed === 1);
    const again = () => verdict(second!, 'tried', () => [[3, 2048, 0, 1, 1, 1]]);
    expect(again).toThrow(`some.jsonl:${second}: page 2048 is in use`);
    expect(() => verdict(2, 'op', () => 'use')).toThrow('some.jsonl:2: the page fragment has no page');
  });

  it('refuses a header without a number of page fragments, or with pages of another size', () => {
    for (const change of ['"frags":', '"pageSize":', '"fragOrder":']) {
      const header = SEVERAL.lines[0]!.replace(change, `${change}-`);
      expect(() => verdictOn(verifyRefill, [header])).toThrow('some.jsonl:1: the header is wrong');
    }
  });
});
