import { describe, expect, it } from '@jest/globals';
import {
  EVENTS,
  OPERATIONS,
  PAGE_POOL_FORMAT,
  problemOf,
  STATE,
  STATS,
} from '../../../lib/trace/page-pool/page-pool-format.js';
import { linesOf, RECORDINGS, verdictOf } from './fixtures/oracle.js';

interface Header {
  readonly [field: string]: unknown;
  readonly constants: Record<string, unknown>;
}

describe('the format of page pool traces', () => {
  const [first, ...rows] = linesOf('pp-03');
  const header = first as Header;

  it.each(RECORDINGS)('is what the header of %s says', (recording) => {
    const { columns, state, stats, ops, events } = linesOf(recording)[0] as Record<string, unknown>;
    expect({ columns, state, stats }).toEqual({
      columns: Object.keys(PAGE_POOL_FORMAT.columns),
      state: [...STATE],
      stats: [...STATS],
    });
    const lengths = (of: object) => Object.entries(of).map(([name, items]) => [name, (items as unknown[]).length]);
    expect([lengths(ops as object), lengths(events as object)]).toEqual([lengths(OPERATIONS), lengths(EVENTS)]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['another version', { version: 2 }, 'version 2 of page-pool-trace is not known'],
    ['other counters', { stats: ['fast'] }, 'must be fast, slow'],
    ['another state', { state: [] }, 'must be cacheCount, ringCount'],
    ['other pages', { page: ['pfn'] }, 'must be pfn, refs'],
    ['a CPU without a node', { cpus: 3 }, 'a CPU has no node'],
    ['too many pages', { nodes: 2 ** 30 }, 'more than 4194304 pages'],
    ['another size of pages', { constants: { ...header.constants, pageSize: 65536 } }, 'the header is wrong'],
    ['another refill', { constants: { ...header.constants, cacheRefill: 16 } }, 'half of a cache is got at a time'],
    ['no columns', { columns: [] }, 'the header has no column op'],
  ])('refuses a header with %s', (_what, fields, why) => {
    const verify = () => verdictOf([{ ...header, ...fields }, ...rows]);
    expect(verify).toThrow('some.jsonl:1: ');
    expect(verify).toThrow(why);
  });

  it.each([
    [[1], ['integer'], null],
    [[1, 2], ['integer'], 'has 2 items instead of 1'],
    [[1.5], ['integer'], 'has 1.5 where an exact integer must be'],
    [[1], ['text'], 'has 1 where text must be'],
    [[2], ['bit'], 'has 2 where 0 or 1 must be'],
    [['B-4'], ['count'], null],
    [['B--1'], ['count'], null],
    [['C-4'], ['count'], 'has "C-4" where a count of fragments must be'],
    [[[1, 2]], ['pages'], null],
    [[[1, 'x']], ['pages'], 'has [1,"x"] where a list of pages must be'],
  ] as const)('checks %j against %j', (items, kinds, problem) => {
    expect(problemOf(items, kinds)).toBe(problem);
  });
});
