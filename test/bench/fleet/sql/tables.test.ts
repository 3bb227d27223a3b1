import { describe, expect, it } from '@jest/globals';
import {
  NUMBER_COLUMNS,
  numberCount,
  paramsOf,
  RUN_COLUMNS,
  tablesText,
} from '../../../../lib/bench/fleet/sql/tables.js';
import { scratchFolder } from '../../../scratch.js';
import { collect, writeSmallFleet } from '../fixtures/small-fleet.js';

describe('the tables of a fleet', () => {
  it('are listed with each column, its type and what it is', () => {
    const text = tablesText();
    for (const { name, type, help } of [...RUN_COLUMNS, ...NUMBER_COLUMNS]) {
      expect(text).toMatch(new RegExp(`^  ${name} +${type.replaceAll(/[()[\]]/g, '\\$&')} +`, 'm'));
      expect(text).toContain(help);
    }
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(112);
  });

  it('have a value or a gap in each column of a run', () => {
    const fleet = collect(writeSmallFleet(scratchFolder(), 2));
    const [run] = fleet.runs;
    const values = new Map(RUN_COLUMNS.map(({ name, of }) => [name, of(run!, new Set([run!.source]))]));
    expect(Object.fromEntries(values)).toMatchObject({ outlier: true, cpus: '0,1', governor: null, family: 25 });
    expect([...values.values()]).not.toContain(undefined);
    expect(numberCount(fleet)).toBe(2 * run!.rows.length);
  });

  it('have the times of copies and the distances of CPUs each in its own column', () => {
    const [run] = collect(writeSmallFleet(scratchFolder(), 1)).runs;
    const known = {
      ...run!,
      distance: { low: 70, high: 80 },
      copies: { kernel: 'libc', hotNs: 3000, coldNs: 9000 },
    };
    const values = RUN_COLUMNS.filter(({ name }) => name.endsWith('_ns')).map(({ name, of }) => [
      name,
      of(known, new Set()),
    ]);
    expect(Object.fromEntries(values)).toEqual({
      distance_low_ns: 70,
      distance_high_ns: 80,
      hot_copy_ns: 3000,
      flushed_copy_ns: 9000,
    });
  });

  it('have parameters as words', () => {
    const params = paramsOf({ params: '{"size":64,"state":"hot"}' } as Parameters<typeof paramsOf>[0]);
    expect(params).toEqual([
      ['size', '64'],
      ['state', 'hot'],
    ]);
  });
});
