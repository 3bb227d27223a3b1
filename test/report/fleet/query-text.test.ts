import { describe, expect, it } from '@jest/globals';
import { queryJson, queryText } from '../../../lib/report/fleet/query-text.js';

const RESULT = {
  columns: ['id', 'n'],
  rows: [
    ['a\nb', 7],
    [null, 12345],
    [['x'], null],
  ],
} as const;

describe('the rows of a query', () => {
  it('are a table, with numbers to the right and nothing where a value is missing', () => {
    expect(queryText(RESULT)).toBe('id         n\na b        7\n       12345\n["x"]\n');
  });

  it('are JSON with one object a line', () => {
    expect(JSON.parse(queryJson(RESULT))).toEqual([
      { id: 'a\nb', n: 7 },
      { id: null, n: 12345 },
      { id: ['x'], n: null },
    ]);
    expect(queryJson(RESULT).split('\n')).toHaveLength(6);
    expect(queryJson({ columns: ['a'], rows: [] })).toBe('[]\n');
  });
});
