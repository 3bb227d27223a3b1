import { describe, expect, it } from '@jest/globals';
import {
  byPlan,
  defaultQueues,
  defaultScenarios,
  defaultSenders,
  defaultWindows,
  sweptOver,
} from '../../../lib/bench/plan/option-defaults.js';
import type { RunBasis } from '../../../lib/bench/plan/option-row.js';
import { UNKNOWN_MEMORY } from '../../../lib/bench/plan/swept-pools.js';

const MIB = 2 ** 20;
const basis = (plan: RunBasis['plan'], more: Partial<RunBasis> = {}): RunBasis => ({
  plan,
  seed: 1,
  cpus: [0, 1, 2, 3, 4],
  memory: UNKNOWN_MEMORY,
  entries: [],
  ...more,
});

describe('a default', () => {
  it('can be a value for each plan, or one for all but a sweep', () => {
    const rate = byPlan({ quick: 1, default: 2, full: 3, sweep: 4 });
    expect(rate(basis('full'))).toBe(3);
    const percents = sweptOver(90, [0, 90]);
    expect({ quick: percents(basis('quick')), sweep: percents(basis('sweep')) }).toEqual({
      quick: [90],
      sweep: [0, 90],
    });
  });

  it('for senders is the number of CPUs, beside 1 unless the run is quick, and in a sweep powers of two', () => {
    expect(defaultSenders(basis('quick'))).toEqual([5]);
    expect(defaultSenders(basis('default'))).toEqual([1, 5]);
    expect(defaultSenders(basis('sweep'))).toEqual([1, 2, 4]);
    expect(defaultSenders(basis('sweep', { cpus: [] }))).toEqual([1]);
  });

  it('for queues is more than one value only in a full run and in a sweep', () => {
    expect(defaultQueues(basis('quick'))).toEqual([1]);
    expect(defaultQueues(basis('default'))).toEqual([1]);
    expect(defaultQueues(basis('full'))).toEqual([1, 5]);
    expect(defaultQueues(basis('sweep'))).toEqual([1, 2, 4]);
  });

  it('has no windows in a sweep for which all senders together would need more than a quarter of the memory', () => {
    expect(defaultWindows(basis('sweep'))).toEqual([MIB / 4, 4 * MIB, 64 * MIB]);
    const memory = { ...UNKNOWN_MEMORY, available: 512 * MIB };
    expect(defaultWindows(basis('sweep', { memory }))).toEqual([MIB / 4, 4 * MIB]);
    expect(defaultWindows(basis('full', { memory }))).toEqual([MIB / 4, 4 * MIB, 32 * MIB]);
  });

  it('has scenarios on request only in a full run, and those of designs in a sweep', () => {
    const entries = [{ name: 'a', measuresDesigns: true }, { name: 'b' }, { name: 'c', onRequest: true }] as const;
    expect(defaultScenarios(basis('quick', { entries }))).toEqual(['a', 'b']);
    expect(defaultScenarios(basis('full', { entries }))).toEqual(['a', 'b', 'c']);
    expect(defaultScenarios(basis('sweep', { entries }))).toEqual(['a']);
    const more = [...entries, { name: 'd', measuresDesigns: 'at one shape' }] as const;
    expect(defaultScenarios(basis('quick', { entries: more }))).toEqual(['a', 'b', 'd']);
    expect(defaultScenarios(basis('sweep', { entries: more }))).toEqual(['a']);
    const few = [...entries, { name: 'e', onRequest: 'in quick runs' }] as const;
    expect(defaultScenarios(basis('quick', { entries: few }))).toEqual(['a', 'b']);
    expect(defaultScenarios(basis('default', { entries: few }))).toEqual(['a', 'b', 'e']);
    expect(defaultScenarios(basis('full', { entries: few }))).toEqual(['a', 'b', 'c', 'e']);
  });
});
