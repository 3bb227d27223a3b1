/** The cells of the scenario. No test depends on a speed. */
import { describe, expect, it } from '@jest/globals';
import { freeDispatch, ORDERS, TYPED_PERCENTS, typedFrees } from '../../../benchmarks/free-dispatch/free-dispatch.js';
import { FreeLoops, GROUP } from '../../../benchmarks/free-dispatch/free-loops.js';
import { addon } from '../../../lib/addon/addon.js';
import { defaultSettings } from '../../../lib/bench/plan/settings.js';
import { FREE_DISPATCHES } from '../../../lib/designs/design.js';
import { withCells } from '../fixtures/opened.js';

const settings = { ...defaultSettings('quick', addon().affinity().slice(0, 1), 5), pools: [8 << 20] };
const NEVER = new AbortController().signal;

describe('freeDispatch', () => {
  it('frees in both ways at each percentage, and compares the two', async () => {
    const { cells, ratios } = await freeDispatch(settings);
    const shapes = ORDERS.flatMap((order) => TYPED_PERCENTS.map((typed) => `order=${order}/typed=${typed}`));
    const idOf = (dispatch: string, shape: string) => `free-dispatch/${dispatch}/${shape}`;
    expect(cells.map(({ id }) => id)).toEqual(
      shapes.flatMap((shape) => FREE_DISPATCHES.map((dispatch) => idOf(dispatch, shape))),
    );
    expect(ratios).toEqual(
      shapes.map((shape) => ({
        id: idOf('typed-folio:allocator-hook', shape),
        of: idOf('typed-folio', shape),
        to: idOf('allocator-hook', shape),
      })),
    );
  });

  it('measures nanoseconds, and loses no page', async () => {
    const scenario = await freeDispatch(settings);
    const { cells } = scenario;
    await withCells(scenario, cells, async () => {
      for (const cell of [...cells, ...cells.toReversed()]) {
        const { value, durationMs, ledger } = await cell.sample(NEVER);
        expect(value).toBeGreaterThan(0);
        expect(durationMs).toBeCloseTo((value! * cell.batch) / 1e6, 6);
        expect(ledger).toEqual({ lost: 0 });
      }
    });
  });
});

describe('typed frees', () => {
  it.each(TYPED_PERCENTS)('are %i percent of all, in an order that the seed decides', (percent) => {
    const typed = typedFrees(percent, 5);
    expect(typed.length % GROUP).toBe(0);
    expect(typed.reduce((sum, one) => sum + one, 0)).toBe(Math.round((typed.length * percent) / 100));
    expect(typedFrees(percent, 5)).toEqual(typed);
    if (percent > 0) expect(typedFrees(percent, 6)).not.toEqual(typed);
  });

  it('are frees of pages from the slot pool', () => {
    const loops = new FreeLoops(8 << 20);
    const tooMany = new Uint8Array(2 * GROUP).fill(1);
    expect(() => loops.run('typed-folio', 5, tooMany)).toThrow(expect.objectContaining({ code: 'ERR_SWIOTLB_FULL' }));
    expect(loops.lost).toBeGreaterThan(GROUP); // what it had taken by then: 57 blocks of 32 pages
  });

  it.each(FREE_DISPATCHES)('and others return all pages by %s', (dispatch) => {
    const loops = new FreeLoops(8 << 20);
    const half = Uint8Array.from({ length: 4 * GROUP }, (_, at) => at % 2);
    for (const order of ORDERS) expect(loops.run(dispatch, order, half)).toBeGreaterThan(0);
    expect(loops.lost).toBe(0);
  });
});
