import { describe, expect, it } from '@jest/globals';
import { coresSchema, costDifferenceSchema } from '../../../lib/bench/result/cores-schema.js';
import { CORE_KEYS } from '../../../lib/bench/types/ledger-keys.js';

const interval = { median: 1, low: 1, high: 1 };

describe('the schema of costs', () => {
  const parts = Object.fromEntries(CORE_KEYS.map((key) => [key, { cores: 0.2, low: 0, high: 1 }]));
  const cores = { ...interval, confidence: 0.95, rounds: 6, parts };

  it('wants all parts, for they have to add up', () => {
    expect(coresSchema().parse(cores)).toEqual(cores);
    const { coresRest: _rest, ...others } = parts;
    expect(coresSchema().safeParse({ ...cores, parts: others }).success).toBe(false);
  });

  it('wants of a difference which cells it is of, and of every part whether it is significant', () => {
    const one = { ...interval, significant: true };
    const between = { id: 'a', scenario: 's', of: 'a/b', to: 'a/c', ...one, rounds: 6 };
    const all = Object.fromEntries(CORE_KEYS.map((key) => [key, one]));
    expect(costDifferenceSchema().parse({ ...between, parts: all })).toEqual({ ...between, parts: all });
    const unsure = Object.fromEntries(CORE_KEYS.map((key) => [key, interval]));
    expect(costDifferenceSchema().safeParse({ ...between, parts: unsure }).success).toBe(false);
  });
});
