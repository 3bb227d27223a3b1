/** The cells of the scenario. No test depends on a speed. */
import { describe, expect, it } from '@jest/globals';
import { controlCost } from '../../../benchmarks/control-cost/control-cost.js';
import { OPERATION_NAMES } from '../../../benchmarks/control-cost/control-operations.js';
import { addon } from '../../../lib/addon/addon.js';
import { defaultSettings } from '../../../lib/bench/plan/settings.js';
import { withCells } from '../fixtures/opened.js';

const settings = { ...defaultSettings('quick', addon().affinity().slice(0, 1), 5), pools: [8 << 20] };
const NEVER = new AbortController().signal;

describe('controlCost', () => {
  it('compares pages from the slot pool with pages of the system', async () => {
    const { cells, ratios } = await controlCost(settings);
    expect(cells.map(({ id }) => id)).toEqual(OPERATION_NAMES.map((name) => `control-cost/${name}`));
    const ids = new Set(cells.map(({ id }) => id));
    expect(ratios.map(({ id }) => id)).toEqual([
      'control-cost/bounce-page:system-page',
      'control-cost/refill-bounce:refill-system',
    ]);
    expect(ratios.flatMap(({ of, to }) => [of, to]).filter((id) => !ids.has(id))).toEqual([]);
  });

  it('measures nanoseconds with the same clock and calls as it accounts, and does all of the work', async () => {
    const scenario = await controlCost(settings);
    const { cells } = scenario;
    await withCells(scenario, cells, async () => {
      for (const cell of [...cells, ...cells.toReversed()]) {
        const { value, durationMs, ledger, pulseNs } = await cell.sample(NEVER);
        expect(pulseNs).toEqual([expect.any(Number)]);
        const { timedNs, proof, 'own:calls': calls, 'own:p99Ns': p99 } = ledger!;
        expect(value).toBeGreaterThan(0);
        expect(value! * cell.batch).toBeCloseTo(timedNs!, 3);
        expect(p99).toBeGreaterThanOrEqual(value!);
        expect(calls).toBeGreaterThanOrEqual(16);
        expect(durationMs * 1e6).toBeGreaterThan((timedNs! * calls!) / 2);
        if (cell.id.endsWith('crossing-noop')) expect(proof).toBe(calls! * cell.batch);
        if (cell.id.endsWith('crossing-copy=3')) expect(proof).toBe(3 * calls! * cell.batch);
        expect(proof).toBeGreaterThan(0);
      }
    });
  });
});
