import { describe, expect, it } from '@jest/globals';
import { COMPONENTS, type ComponentName, type Components } from '../../../dev/variance/components.js';
import { outlook, type RunPlan } from '../../../dev/variance/outlook.js';

const PLAN: RunPlan = {
  rounds: 16,
  seconds: 15,
  processes: 1,
  roundsPerMemory: Number.POSITIVE_INFINITY,
  roundsPerThreads: Number.POSITIVE_INFINITY,
};
const of = (given: Partial<Record<ComponentName, number>>) =>
  Object.fromEntries(COMPONENTS.map((name) => [name, given[name] ?? 0])) as Components;
const has = (components: Partial<Record<ComponentName, number>>, plan: Partial<RunPlan> = {}) =>
  outlook(of(components), { ...PLAN, ...plan }).has;

describe('outlook', () => {
  it('divides noise by the number of rounds, and the run claims just that', () => {
    const { has: real, claims } = outlook(of({ noise: 0.0016 }), PLAN);
    expect(real).toBeCloseTo(0.01, 12);
    expect(claims).toBeCloseTo(0.01, 12);
  });

  it('keeps all of what a run has one of, and the run claims none of it', () => {
    for (const name of ['memory', 'threads', 'process'] as const) {
      const { has: real, claims } = outlook(of({ [name]: 0.0016 }), PLAN);
      expect({ name, real, claims }).toEqual({ name, real: expect.closeTo(0.04, 12), claims: 0 });
    }
  });

  it('divides memory by its renewals, threads by theirs, and a process by the number of them', () => {
    expect(has({ memory: 0.0016 }, { roundsPerMemory: 1 })).toBeCloseTo(0.01, 12);
    expect(has({ memory: 0.0016 }, { roundsPerMemory: 4 })).toBeCloseTo(0.02, 12);
    expect(has({ threads: 0.0016 }, { roundsPerThreads: 4 })).toBeCloseTo(0.02, 12);
    expect(has({ threads: 0.0016 }, { processes: 4 })).toBeCloseTo(0.02, 12);
    expect(has({ process: 0.0016 }, { processes: 4 })).toBeCloseTo(0.02, 12);
    expect(has({ process: 0.0016 }, { roundsPerThreads: 1, roundsPerMemory: 1 })).toBeCloseTo(0.04, 12);
  });

  it('lets weather go by that is short against the run, and none that is longer', () => {
    expect(has({ minutes: 0.0016 })).toBeCloseTo(0.04, 12);
    expect(has({ seconds: 0.0016 }, { seconds: 50 })).toBeLessThan(0.02);
    expect(has({ seconds: 0.0016 }, { seconds: 1 })).toBeCloseTo(0.04, 12);
    const [short, long] = [has({ minute: 0.0016 }, { seconds: 9 }), has({ minute: 0.0016 }, { seconds: 50 })];
    expect(short).toBeCloseTo(0.04, 12);
    expect(long).toBeLessThan(0.035);
  });
});
