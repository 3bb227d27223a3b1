import { describe, expect, it } from '@jest/globals';
import { copyCost } from '../../../benchmarks/copy-cost/copy-cost.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { defaultSettings } from '../../../lib/bench/plan/settings.js';
import { withCells } from '../fixtures/opened.js';

const NEVER = new AbortController().signal;
const settings = defaultSettings('quick', [0], 1);

describe('copyCost', () => {
  it('measures a copy of each kernel, size and state', async () => {
    const scenario = await copyCost(settings, { host: hostFacts() });
    const some = scenario.cells.filter(({ params }) => Number(params.size) <= 65_536);
    expect(some.length).toBeGreaterThan(8);
    const [largest] = scenario.cells.toSorted((a, b) => Number(b.params.size) - Number(a.params.size));
    some.push(largest!); // it takes all of the memory
    await withCells(scenario, some, async () => {
      for (const cell of [...some, ...some.toReversed()]) {
        const { value, durationMs, ledger } = await cell.sample(NEVER);
        expect(durationMs).toBeCloseTo((value! * cell.batch) / 1e6, 6);
        expect(ledger!.gigabytesPerSecond! * value!).toBeCloseTo(Number(cell.params.size), 3);
      }
    });
  });

  it('draws another offset of the source for each sample', async () => {
    const scenario = await copyCost(settings, { host: hostFacts() });
    const [cell] = scenario.cells;
    await withCells(scenario, [cell!], async () => {
      const offsets = new Set<number>();
      for (let sample = 0; sample < 20; sample++) offsets.add((await cell!.sample(NEVER)).ledger!.offsetBytes!);
      expect(offsets.size).toBeGreaterThan(5);
      for (const offset of offsets) expect(offset % 64).toBe(0);
    });
  });
});
