import { describe, expect, it } from '@jest/globals';
import { basePosition, fleetDocument, quantile } from '../../../lib/bench/fleet/fleet-document.js';
import { fleetSchema } from '../../../lib/bench/fleet/fleet-schema.js';
import { scratchFolder } from '../../scratch.js';
import { collect, writeSmallFleet } from './fixtures/small-fleet.js';

const fingerprints = ['1-aa', '1-aa', '1-bb'];

describe('the document of a fleet', () => {
  it('is what its schema says, with the headlines of each group and how groups differ', () => {
    const document = fleetDocument(collect(writeSmallFleet(scratchFolder(), 30, { fingerprints })))!;
    expect(fleetSchema().parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
    expect(document.groups.map(({ files, mayHaveOutliers }) => [files, mayHaveOutliers])).toEqual([
      [20, true],
      [10, true],
    ]);
    for (const { numbers } of document.groups) {
      expect(numbers).toHaveLength(document.headlines.length);
      for (const { low, median, high, deviationPercent } of numbers) {
        expect(low).toBeLessThan(median);
        expect(median).toBeLessThan(high);
        expect(deviationPercent).toBeGreaterThan(1);
        expect(deviationPercent).toBeLessThan(15);
      }
    }
    expect(document.differences).toHaveLength(1);
    const [{ numbers, method }] = document.differences as [(typeof document.differences)[number]];
    expect(method).toBe('runs');
    expect(numbers.map(({ headline }) => headline)).toEqual([...document.headlines.keys()]);
  });

  it('finds that the hosts of one group are slower', () => {
    const slower = new Map(Array.from({ length: 10 }, (_, at) => [3 * at + 2, 1.2] as const));
    const document = fleetDocument(collect(writeSmallFleet(scratchFolder(), 30, { fingerprints, slower })))!;
    const rates = document.differences[0]!.numbers.filter(
      ({ headline }) => document.headlines[headline]!.kind === 'rate',
    );
    expect(rates).toHaveLength(3);
    for (const { ratio, significant } of rates) {
      expect(significant).toBe(true);
      expect(ratio).toBeCloseTo(1 / 1.2, 1);
    }
  });

  it('begins with the base that is asked for', () => {
    const fleet = collect(writeSmallFleet(scratchFolder(), 6, { fingerprints }));
    for (const base of ['2', '1-b', '1-bb'])
      expect(fleetDocument(fleet, { base })!.groups[0]!.fingerprint).toBe('1-bb');
    expect(fleetDocument(fleet)!.groups[0]!.fingerprint).toBe('1-aa');
    expect(fleetDocument(fleet, { base: '3' })).toBeNull();
    expect(basePosition([], '')).toBe(-1);
  });

  it('is there for a fleet of nothing', () => {
    expect(fleetDocument(collect([]))).toMatchObject({ files: 0, runs: 0, groups: [], differences: [] });
  });
});

describe('a quantile', () => {
  it('lies between neighbours in proportion', () => {
    const sorted = Float64Array.of(1, 2, 3);
    expect([0, 0.25, 0.5, 1].map((share) => quantile(sorted, share))).toEqual([1, 1.5, 2, 3]);
  });
});
