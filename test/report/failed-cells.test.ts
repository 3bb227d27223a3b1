import { describe, expect, it } from '@jest/globals';
import type { FailedCell } from '../../lib/bench/result/result.js';
import { failedLines } from '../../lib/report/failed-cells.js';
import { resultOf } from './fixtures/result.js';

const cell = { scenario: 'scaling', params: {}, samples: 3 };
const linesOf = (failed: readonly FailedCell[]) => failedLines({ ...resultOf(), failed: [...failed] });

describe('the lines on cells that have no result', () => {
  it('say why this host has no value of them, once for each reason', () => {
    const here = { ...cell, why: 'not here' as const };
    expect(
      linesOf([
        { ...here, id: 'scaling/a', message: 'Linux gives this process no memory of node 1' },
        { ...here, id: 'scaling/b', message: 'Linux gives this process no memory of node 1' },
        { ...here, id: 'scaling/c' },
      ]),
    ).toEqual([
      'scaling/a and 1 other: no value, because Linux gives this process no memory of node 1',
      'scaling/c: no value, and no reason is told',
    ]);
  });

  it('name each cell in which nothing moved, or that ended with an error', () => {
    expect(
      linesOf([
        { ...cell, id: 'scaling/a', why: 'threw', message: 'a thread died' },
        { ...cell, id: 'scaling/b', why: 'nothing moved' },
      ]),
    ).toEqual(['scaling/b: nothing moved in 3 samples', 'scaling/a: ended with an error: a thread died']);
  });

  it('are none where every cell has a result', () => {
    expect(linesOf([])).toEqual([]);
  });
});
