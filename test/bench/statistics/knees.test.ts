import { describe, expect, it } from '@jest/globals';
import { findKnees } from '../../../lib/bench/statistics/knees.js';
import { random } from '../../../lib/random.js';
import { KIB, MIB } from '../../../lib/units.js';
import { type SimulatedHost, simulatedLatency } from './simulated-latency.js';

const CAPACITIES = [48 * KIB, 1 * MIB, 32 * MIB];
const LEVELS = [1.4, 4.1, 14, 100];
const HOST: SimulatedHost = { capacities: CAPACITIES, levelsNs: LEVELS, seed: 1 };

const octavesBeside = (found: number, planted: number) => Math.abs(Math.log2(found / planted));

/** How many of the hosts have exactly the knees that were planted, each within half an octave. */
function right(hosts: readonly SimulatedHost[]): number {
  return hosts.filter((host) => {
    const found = findKnees(simulatedLatency(host)).map(({ bytes }) => bytes);
    return (
      found.length === host.capacities.length &&
      found.every((bytes, at) => octavesBeside(bytes, host.capacities[at]!) <= 0.5)
    );
  }).length;
}

const seeded = (host: Omit<SimulatedHost, 'seed'>, count = 20) =>
  Array.from({ length: count }, (_, seed) => ({ ...host, seed: seed + 1 }));

describe('the knees of a latency curve', () => {
  it('have the levels on both of their sides, and an interval around them', () => {
    const found = findKnees(simulatedLatency(HOST));
    expect(found).toHaveLength(3);
    for (const [at, { bytes, low, high, beforeNs, afterNs }] of found.entries()) {
      expect(low).toBeLessThanOrEqual(CAPACITIES[at]!);
      expect(high).toBeGreaterThan(CAPACITIES[at]!);
      expect(bytes).toBeGreaterThan(low);
      expect(bytes).toBeLessThan(high);
      expect(Math.abs(beforeNs / LEVELS[at]! - 1)).toBeLessThan(0.1);
      expect(Math.abs(afterNs / LEVELS[at + 1]! - 1)).toBeLessThan(0.3);
    }
  });

  it.each([
    [1, CAPACITIES.slice(2), LEVELS.slice(2)],
    [2, CAPACITIES.slice(1), LEVELS.slice(1)],
    [3, CAPACITIES, LEVELS],
    [4, [32 * KIB, 256 * KIB, 4 * MIB, 40 * MIB], [1.3, 4, 12, 40, 130]],
  ])('are found where %d are planted', (_count, capacities, levelsNs) => {
    expect(right(seeded({ capacities, levelsNs }))).toBeGreaterThanOrEqual(19);
  });

  it.each([
    ['a noisy host', { deviation: 0.08 }],
    ['a neighbour that disturbs one of six repeats', { disturbed: 1 / 6 }],
    ['a last cache that others use a third of at times', { shared: 1 / 3 }],
    ['a last cache that gives way gradually', { steepness: 0.8 }],
    ['a latency that rises slowly with the size', { slope: 0.03 }],
  ])('are found on %s', (_name, disturbance) => {
    expect(right(seeded({ capacities: CAPACITIES, levelsNs: LEVELS, ...disturbance }))).toBeGreaterThanOrEqual(18);
  });

  it.each([
    ['flat', { deviation: 0.03 }],
    ['flat and noisy', { deviation: 0.15 }],
    ['flat and disturbed', { disturbed: 0.25 }],
    ['rising slowly', { slope: 0.015, deviation: 0.05 }],
    ['rising steadily', { slope: 0.12 }],
  ])('are none on a curve that is %s, in at least 57 of 60', (_name, disturbance) => {
    const flat = seeded({ capacities: [], levelsNs: [5], ...disturbance }, 60);
    expect(flat.filter((host) => findKnees(simulatedLatency(host)).length > 0).length).toBeLessThanOrEqual(3);
  });

  it('are found within half an octave wherever they are, in at least 38 of 40', () => {
    const next = random(7);
    const hosts = Array.from({ length: 40 }, (_, seed): SimulatedHost => {
      const capacities = [2 ** (14 + 3 * next()), 2 ** (20 + 4 * next())];
      const [first, second] = [2 + 6 * next(), 2 + 6 * next()];
      return { capacities, levelsNs: [1.5, 1.5 * first, 1.5 * first * second], seed };
    });
    expect(right(hosts)).toBeGreaterThanOrEqual(38);
  });

  it('are none for a step below the smallest that counts, and are the same each time', () => {
    const small = { capacities: [1 * MIB], levelsNs: [4, 4.8], seed: 3 };
    expect(findKnees(simulatedLatency(small))).toEqual([]);
    expect(findKnees(simulatedLatency(HOST), 9)).toEqual(findKnees(simulatedLatency(HOST), 9));
  });

  it('are the same of a noisy curve, too, if no seed is given', () => {
    const noisy = seeded({ capacities: CAPACITIES, levelsNs: LEVELS, deviation: 0.12 }, 5).map(simulatedLatency);
    expect(noisy.map((curve) => findKnees(curve))).toEqual(noisy.map((curve) => findKnees(curve)));
  });

  it('are none where a third of the repeats, drawn anew, would not show them', () => {
    const bytes = Array.from({ length: 24 }, (_, at) => 2 ** (12 + at / 4));
    const stepOf = (fast: number) =>
      bytes.map((_, at) => Array.from({ length: 11 }, (_repeat, pass) => (at < 12 || pass < fast ? 5 : 10)));
    expect(findKnees({ bytes, ns: stepOf(0) })).toHaveLength(1);
    expect(findKnees({ bytes, ns: stepOf(2) })).toEqual([]);
  });

  it('are none where there are too few sizes', () => {
    expect(findKnees({ bytes: [1, 2, 4, 8, 16], ns: [[1], [1], [1], [9], [9]] })).toEqual([]);
  });

  it('are found where the largest sizes are still getting slower', () => {
    const { bytes, ns } = simulatedLatency({ ...HOST, capacities: [48 * KIB, 32 * MIB], levelsNs: [1.4, 12, 100] });
    const below = bytes.filter((size) => size < 60 * MIB).length;
    const found = findKnees({ bytes: bytes.slice(0, below), ns: ns.slice(0, below) });
    expect(found).toHaveLength(2);
    expect(octavesBeside(found[1]!.bytes, 32 * MIB)).toBeLessThanOrEqual(0.5);
  });
});
