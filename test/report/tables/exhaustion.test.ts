import { describe, expect, it } from '@jest/globals';
import type { CellResult } from '../../../lib/bench/result/result.js';
import { exhaustionTables, poolSizing } from '../../../lib/report/tables/exhaustion.js';
import { verdict } from '../../../lib/report/verdict.js';
import { MIB } from '../../../lib/units.js';
import { controlCells, resultOf } from '../fixtures/result.js';

/** `turnovers` below one: the windows were never full. */
function cellOf(
  flows: number,
  pool: number,
  value: number,
  turnovers = 5,
  machine = 'bounce-pages hardened',
): CellResult {
  const fits = machine === 'bounce' ? {} : { fits: Math.floor((0.9 * pool) / (4 * MIB + 32768)) };
  return {
    id: `pool-exhaustion/${machine}/${flows}/${pool}`,
    scenario: 'pool-exhaustion',
    params: { machine, flows, window: 4 * MIB, pool, percent: 90, ...fits },
    unit: '%',
    higherIsBetter: false,
    batch: 1,
    samples: [0, value],
    durationsMs: [25, 25],
    summary: { median: value / 2, low: 0, high: value, confidence: 0.5 },
    ledger: { failedShare: 0.25, mostUsedShare: 0.5, gbps: 12.3, turnovers },
    warnings: [],
  };
}

const POOLS = [4, 16, 64].map((size) => size * MIB);
const SCENARIO = { name: 'pool-exhaustion', question: 'How large?', seconds: 1, warmUpRounds: 1, rounds: [] };
const result = (cells: readonly CellResult[]) => {
  const other = resultOf(controlCells());
  return { ...other, scenarios: [...other.scenarios, SCENARIO], results: [...cells] };
};

describe('exhaustionTables', () => {
  it('shows, by number of flows, the share of the payload that fell back, next to the number of flows that fit', () => {
    const cells = POOLS.flatMap((pool) => [cellOf(4, pool, pool < 16 * MIB ? 40 : 0), cellOf(16, pool, 80)]);
    const [begins, twice, failed, used, rate] = exhaustionTables([...cells, cellOf(4, POOLS[0]!, 100, 5, 'bounce')]);
    expect(begins).toMatch(/hardened +4 MiB +4 MiB +0 +at 4\n/);
    expect(begins).toMatch(/hardened +4 MiB +64 MiB +14 +at 16$/);
    expect(begins).not.toMatch(/^bounce +4/m);
    expect(twice).toMatch(/hardened +4 MiB +4 MiB +20\.0 +40\.0\n/);
    expect(twice).toMatch(/^bounce +4 MiB +4 MiB +50\.0 +-$/m);
    expect(failed).toContain('25.0');
    expect(used).toContain('50.0');
    expect(rate).toContain('12.3');
  });
});

describe('the slot pool that was large enough', () => {
  it('is the smallest without fall-back in any round, above which none fell back', () => {
    const odd = [cellOf(4, POOLS[0]!, 0), cellOf(4, POOLS[1]!, 1), cellOf(4, POOLS[2]!, 0)];
    const line = poolSizing(result([...odd, cellOf(16, POOLS[2]!, 80)]))[0]!;
    expect(line).toContain('4 MiB in flight each: 4 flows swiotlb=32768 (64 MiB), full send buffers need 17.9 MiB');
    expect(line).toContain('16 flows none of them, full send buffers need 71.7 MiB.');
  });

  it('is not one that was never put to the test', () => {
    expect(poolSizing(result([cellOf(4, POOLS[2]!, 0, 0.5)]))[0]).toContain('4 flows none of them');
  });

  it('is in the verdict, if the run looked for it', () => {
    expect(verdict(result([cellOf(4, POOLS[2]!, 0)])).join('\n')).toContain('swiotlb=32768 (64 MiB)');
    expect(verdict(resultOf(controlCells())).join('\n')).not.toContain('swiotlb=');
  });
});
