import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sharingOf } from '../../../../lib/bench/facts/memory/cache-sharing.js';

const of = (claims: Readonly<Record<number, readonly number[] | null>>) =>
  sharingOf(new Map(Object.entries(claims).map(([cpu, claim]) => [Number(cpu), claim])));

describe('sharingOf', () => {
  it('makes one instance of the CPUs that say the same', () => {
    expect(of({ 0: [0, 2], 1: [1, 3], 2: [0, 2], 3: [1, 3] })).toEqual({
      instances: [
        [0, 2],
        [1, 3],
      ],
      unknown: [],
    });
  });

  it('does not know who shares with CPUs that contradict each other', () => {
    expect(of({ 0: [0, 1], 1: [1], 2: [2] })).toEqual({ instances: [[2]], unknown: [0, 1] });
    expect(of({ 0: [0, 1], 1: [1, 2], 2: [2, 3], 3: [3] })).toEqual({ instances: [], unknown: [0, 1, 2, 3] });
    expect(of({ 0: [0, 5], 1: [1, 5] })).toEqual({ instances: [], unknown: [0, 1] });
  });

  it('believes a CPU that names one which says nothing', () => {
    expect(of({ 0: [0, 1], 1: null, 2: null })).toEqual({ instances: [[0, 1]], unknown: [2] });
    expect(of({ 0: [0, 1] })).toEqual({ instances: [[0, 1]], unknown: [] });
    expect(of({ 0: null, 1: [1], 2: [0, 2] }).instances).toEqual([[0, 2], [1]]);
  });

  it('puts each CPU in one instance, or says of it that it is not known', () => {
    const claim = fc.option(fc.uniqueArray(fc.nat(7), { maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(claim, { minLength: 1, maxLength: 8 }), (claims) => {
        const sorted = claims.map((cpus, cpu) => cpus && [...new Set([...cpus, cpu])].sort((a, b) => a - b));
        const { instances, unknown } = sharingOf(new Map(sorted.entries()));
        const named = instances.flat();
        expect(new Set(named).size).toBe(named.length);
        for (const cpu of claims.keys()) expect(Number(named.includes(cpu)) + Number(unknown.includes(cpu))).toBe(1);
        for (const instance of instances) expect(sorted).toContainEqual(instance);
      }),
    );
  });
});
