import { describe, expect, it } from '@jest/globals';
import { fleetDocument, writeFleet } from '../../../dev/fleet/fleet-files.js';
import { parseResult, type ResultDocument } from '../../../lib/bench/result/result.js';
import { readResult } from '../../../lib/bench/result/result-file.js';
import { planOf } from '../../bench/fleet/fixtures/small-fleet.js';
import { scratchFolder } from '../../scratch.js';

const documentOf = (plan: Parameters<typeof fleetDocument>[0], file: number): ResultDocument =>
  parseResult(fleetDocument(plan, file), 'generated');

describe('a generated fleet', () => {
  it('follows from its seed', () => {
    expect(fleetDocument(planOf(2), 1)).toEqual(fleetDocument(planOf(2), 1));
    expect(fleetDocument(planOf(2), 1)).not.toEqual(fleetDocument(planOf(2, { seed: 2 }), 1));
  });

  it('has files that are results, with fingerprints in turns', () => {
    const paths = writeFleet(scratchFolder(), planOf(3, { fingerprints: ['1-a', null] }));
    expect(paths.map((path) => readResult(path).machine.fingerprint)).toEqual(['1-a', null, '1-a']);
  });

  it('has hosts that are slower in what they measure, and cost more', () => {
    const still = { deviation: 0 };
    const [even, slow] = [1, 2].map((slower) => documentOf(planOf(1, { ...still, slower: new Map([[0, slower]]) }), 0));
    for (const [at, cell] of even!.results.entries()) {
      const ratio = slow!.results[at]!.summary.median / cell.summary.median;
      expect(ratio).toBeCloseTo(cell.higherIsBetter ? 0.5 : 2);
      if (cell.cores) expect(slow!.results[at]!.cores!.median / cell.cores.median).toBeCloseTo(2);
    }
  });
});
