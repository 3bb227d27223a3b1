/** The cells of the scenario. No test depends on a speed. */
import { describe, expect, it } from '@jest/globals';
import { growthLookup, growthShapes, LIVE, operationsOf } from '../../../benchmarks/growth-lookup/growth-lookup.js';
import { GROWTHS } from '../../../benchmarks/growth-lookup/growth-rig.js';
import { addon } from '../../../lib/addon/addon.js';
import { defaultSettings } from '../../../lib/bench/plan/settings.js';

const settings = defaultSettings('quick', addon().affinity().slice(0, 1), 5);
const NEVER = new AbortController().signal;

describe('growthLookup', () => {
  it('has all shapes for each way to grow, and compares each with none', async () => {
    const { cells, ratios } = await growthLookup(settings);
    const ids = new Set(cells.map(({ id }) => id));
    expect(ids.size).toBe(cells.length);
    expect(cells).toHaveLength(growthShapes().length * GROWTHS.length);
    const withoutGrowth = (id: string) => id.split('/')[2] === 'none';
    for (const { id } of cells) {
      const partners = ratios.filter(({ of, to }) => of === id && withoutGrowth(to)).map(({ to }) => to);
      const [scenario, ask, , ...rest] = id.split('/');
      expect(partners).toEqual(withoutGrowth(id) ? [] : [[scenario, ask, 'none', ...rest].join('/')]);
    }
    for (const { of, to } of ratios) expect(ids.has(of) && ids.has(to)).toBe(true);
  });

  it('has a mapping and a foreign address for each number of live mappings', () => {
    for (const live of LIVE) {
      const here = growthShapes().filter((shape) => shape.live === live);
      const asked = here.map(({ ask, ...rest }) => `${ask} ${Object.values(rest).at(-1)}`);
      expect(asked).toEqual(expect.arrayContaining(['mapping newest', 'mapping oldest', 'foreign set']));
    }
    expect(growthShapes().some((shape) => shape.ask === 'foreign' && shape.flag === 'clear')).toBe(true);
  });

  it('does fewer operations on a long list than on a short one', () => {
    const operations = (live: number) => operationsOf('per-mapping-list', { ask: 'mapping', live, order: 'oldest' });
    expect(operations(4096) * 4096).toBeLessThan(2 ** 21);
    expect(operations(1)).toBe(operationsOf('none', { ask: 'mapping', live: 4096, order: 'oldest' }));
    expect(operationsOf('per-mapping-list', { ask: 'mapping', live: 4096, order: 'newest' })).toBe(operations(1));
  });

  it('measures nanoseconds, and accounts the slot pools and the flag', async () => {
    const { cells } = await growthLookup(settings);
    const some = cells.filter(({ params }) => params.live === 256 || params.flag === 'clear');
    await Promise.all(some.map((cell) => cell.prepare!()));
    for (const cell of some) {
      const { value, durationMs, ledger } = await cell.sample(NEVER);
      expect(value).toBeGreaterThan(0);
      expect(durationMs).toBeCloseTo((value! * cell.batch) / 1e6, 6);
      const { growth, flag, live } = cell.params;
      const isFlagged = growth !== 'none' && flag !== 'clear';
      expect(ledger).toMatchObject({
        pools: growth !== 'pools' ? 1 : live === 256 ? 2 : 5,
        flagged: Number(isFlagged),
      });
    }
    for (const cell of some) await cell.dispose?.();
  });
});
