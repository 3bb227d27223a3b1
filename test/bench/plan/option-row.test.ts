import { describe, expect, it } from '@jest/globals';
import { flagOf, many, numbers, one, oneOrNone } from '../../../lib/bench/plan/option-row.js';

const values = numbers('count', [0, 9]);

describe('a row of the table of options', () => {
  it('says how many values its option takes, and keeps everything else as given', () => {
    const common = { option: 'ackDelay', help: 'how long' };
    const list = { ...common, default: () => [1, 2] };
    expect(many(values, list)).toEqual({ values, amount: 'many', ...list });
    const single = { ...common, default: () => 1 };
    expect(one(values, single)).toEqual({ values, amount: 'one', ...single });
    const none = { ...common, default: () => null };
    expect(oneOrNone(values, none)).toEqual({ values, amount: 'one or none', ...none });
  });
});

describe('flagOf', () => {
  it('writes the flag as users type it', () => {
    expect(flagOf({ option: 'ackDelay' })).toBe('--ack-delay');
    expect(flagOf({ option: 'seed' })).toBe('--seed');
  });
});
