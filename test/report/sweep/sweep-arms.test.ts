import { describe, expect, it } from '@jest/globals';
import { gridOf, sweepParts } from '../../../lib/report/sweep/sweep-arms.js';
import { conditions } from '../../../lib/report/tables/conditions.js';
import { MIB } from '../../../lib/units.js';
import { sweepOf, sweptCell } from '../fixtures/sweep.js';

const GRID = [{ senders: 1 }, {}, { message: 64 }, { queues: 2 }];
const ARMS = [
  { ackDelayNs: 50_000 },
  { ackDelayNs: 1e6 },
  { pool: 1024 * MIB },
  { percent: 0 },
  { pool: 1024 * MIB, percent: 0 },
  { pool: 1024 * MIB, window: 64 * MIB },
];
const conditionsOf = (all: readonly object[]) =>
  conditions(sweepOf(all.map((params) => sweptCell('bounce', 1, params))));

describe('sweepParts', () => {
  const parts = sweepParts(conditionsOf([...GRID, ...ARMS]));
  const values = (title: RegExp, ...names: string[]) =>
    parts.find((part) => title.test(part.title))!.conditions.map(({ params }) => names.map((name) => params[name]));

  it('returns a grid, and arms with the condition at which each begins', () => {
    expect(values(/senders/, 'senders', 'queues', 'message')).toEqual([
      [1, 1, 65536],
      [2, 1, 65536],
      [2, 1, 64],
      [2, 2, 65536],
    ]);
    expect(values(/acknowledgement/, 'ackDelayNs')).toEqual([[0], [50_000], [1e6]]);
    expect(values(/pool, and/, 'pool', 'percent')).toEqual([
      [64 * MIB, 90],
      [1024 * MIB, 90],
      [64 * MIB, 0],
      [1024 * MIB, 0],
    ]);
    expect(values(/send buffers/, 'window', 'pool')).toEqual([
      [4 * MIB, 1024 * MIB],
      [64 * MIB, 1024 * MIB],
    ]);
    expect(parts).toHaveLength(4);
  });

  it('loses no condition, whatever a run was asked for', () => {
    const odd = { ackDelayNs: 1e6, percent: 0 };
    const all = sweepParts(conditionsOf([...GRID, ...ARMS, odd]));
    expect(all.at(-1)).toMatchObject({ title: 'everything else', conditions: [{ params: odd }] });
    expect(sweepParts(conditionsOf([{}])).map(({ conditions: of }) => of.length)).toEqual([1]);
    expect(sweepParts([])).toEqual([]);
  });
});

describe('gridOf', () => {
  it('returns conditions whose other parameters have their commonest values', () => {
    expect(gridOf(conditionsOf([...GRID, ...ARMS]))).toHaveLength(GRID.length);
  });
});
