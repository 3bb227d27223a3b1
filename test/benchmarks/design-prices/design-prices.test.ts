/** The cells of the scenario, and what they account. No test depends on a speed. */
import { describe, expect, it } from '@jest/globals';
import {
  designPrices,
  pricedDesigns,
  pricesOf,
  smallShape,
  untilStopped,
} from '../../../benchmarks/design-prices/design-prices.js';
import { headlineShape } from '../../../benchmarks/shared/tx-shapes.js';
import { addon } from '../../../lib/addon/addon.js';
import { type BenchSettings, defaultSettings } from '../../../lib/bench/plan/settings.js';
import { type Ledger, MINIMAL_CPU_SHARE } from '../../../lib/bench/types/ledger-keys.js';
import { ALL_DESIGN_NAMES, designOf } from '../../../lib/designs/designs.js';
import { CopytaxError } from '../../../lib/errors.js';
import { NO_PROGRESS_MS } from '../../../lib/machine/run/progress-watch.js';
import type { TxTrial } from '../../../lib/machine/run/tx-trial.js';
import { MIB } from '../../../lib/units.js';
import { longerUntil } from '../../machine/fixtures/longer-until.js';
import { withCells } from '../fixtures/opened.js';

const settings: BenchSettings = {
  ...defaultSettings('quick', addon().affinity().slice(0, 1), 5),
  senders: [1, 2],
  messages: [16384, 65536],
};
const NEVER = new AbortController().signal;
const shape = headlineShape(settings)!;

describe('designPrices', () => {
  it('has a cell for every design of the table, and one in a small slot pool for those that bounce', async () => {
    const { cells } = await designPrices(settings);
    const bounced = ALL_DESIGN_NAMES.filter((design) => designOf(design).forceBounce);
    expect(cells.map(({ params }) => [params.design, params.pool])).toEqual([
      ...ALL_DESIGN_NAMES.map((design) => [design, 64 * MIB]),
      ...bounced.map((design) => [design, 2 * MIB]),
    ]);
    for (const { params } of cells) expect(params).toMatchObject({ senders: 2, queues: 1, message: 65536 });
    expect(cells[0]!.id).toBe('design-prices/direct/senders=2/queues=1/message=65536/window=4194304');
    expect(cells.at(-1)!.id).toMatch(/\/pool=2097152$/);
  });

  it('compares each design with the conventional path, and with itself in the small slot pool', async () => {
    const { ratios } = await designPrices({ ...settings, designs: ['bounce', 'bounce-pages'] });
    const rest = 'senders=2/queues=1/message=65536/window=4194304';
    const small = `${rest}/pool=2097152`;
    expect(ratios).toEqual(
      [
        ['bounce-pages:bounce', rest, 'bounce-pages', rest, 'bounce', rest],
        ['bounce:bounce', small, 'bounce', small, 'bounce', rest],
        ['bounce-pages:bounce-pages', small, 'bounce-pages', small, 'bounce-pages', rest],
      ].map(([pair, where, of, ofWhere, to, toWhere]) => ({
        id: `design-prices/${pair}/${where}`,
        of: `design-prices/${of}/${ofWhere}`,
        to: `design-prices/${to}/${toWhere}`,
      })),
    );
  });

  it('has no cell without a shape, and none in a small slot pool if that of the run is as small', async () => {
    const none = await designPrices({ ...settings, senders: [1], queues: [2] });
    expect({ cells: none.cells, ratios: none.ratios }).toEqual({ cells: [], ratios: [] });
    const { cells } = await designPrices({ ...settings, pools: [MIB] });
    expect(cells).toHaveLength(ALL_DESIGN_NAMES.length);
  });

  it('accounts what a machine holds, copies and allocates', async () => {
    const sampled = async (sampleMs: number) => {
      const scenario = await designPrices({ ...settings, sampleMs });
      return withCells(scenario, scenario.cells, async () => {
        const ledgers: (Ledger & { readonly design: string; readonly pool: number })[] = [];
        for (const { params, sample } of scenario.cells) {
          const { ledger } = await sample(NEVER);
          ledgers.push({ ...ledger!, design: `${params.design}`, pool: Number(params.pool) });
        }
        return ledgers;
      });
    };
    const ledgers = await longerUntil(sampled, (all) => all.every(({ bytes, looks }) => bytes! > 0 && looks! > 1), 200);
    for (const { design, pool, ...ledger } of ledgers) {
      const { copiesPerByte, slotBytesHeld, slotBytesHeldMost, payloadBytesHeld } = ledger;
      expect(slotBytesHeld).toBeLessThanOrEqual(slotBytesHeldMost!);
      expect(slotBytesHeldMost).toBeLessThanOrEqual(pool);
      expect(payloadBytesHeld).toBeGreaterThan(0);
      const hasCost = ledger.onCpuShare! >= MINIMAL_CPU_SHARE;
      expect([ledger.allocNsPer64K, ledger.refillNsPer64K].map(Number.isFinite)).toEqual([hasCost, hasCost]);
      const { userCopies, bounceCopies } = designOf(design).promises;
      expect(copiesPerByte).toBeGreaterThanOrEqual(userCopies + bounceCopies);
      expect(copiesPerByte).toBeLessThanOrEqual(2);
      if (!designOf(design).forceBounce)
        expect({ copiesPerByte, slotBytesHeld }).toEqual({ copiesPerByte: 1, slotBytesHeld: 0 });
    }
  });
});

describe('pricedDesigns', () => {
  it('are all of the table, unless the run names some or has others than the usual ones', () => {
    expect(pricedDesigns(settings)).toEqual(ALL_DESIGN_NAMES);
    expect(pricedDesigns({ designs: ['bounce-pages', 'bounce'] })).toEqual(['bounce-pages', 'bounce']);
    expect(pricedDesigns({ designs: ['direct', 'bounce-pages', 'bounce'] })).toHaveLength(3);
    expect(pricedDesigns({ ...settings, designsNamed: true })).toEqual(['direct', 'bounce', 'bounce-pages']);
  });
});

describe('smallShape', () => {
  it('has a slot pool of a quarter of what may be in flight, a power of two that a machine may have', () => {
    expect(smallShape({ ...shape, senders: 2, window: 4 * MIB })).toMatchObject({ pool: 2 * MIB });
    expect(smallShape({ ...shape, senders: 3, window: 4 * MIB })).toMatchObject({ pool: 4 * MIB });
    expect(smallShape({ ...shape, senders: 1, window: 65536 })).toMatchObject({ pool: MIB });
  });

  it('is null where the slot pool of the run is no larger', () => {
    expect(smallShape({ ...shape, senders: 2, window: 4 * MIB, pool: 2 * MIB })).toBeNull();
  });
});

describe('untilStopped', () => {
  const sample = { value: 5, durationMs: 1 };
  const failing = (code: 'ERR_STALLED' | 'ERR_UNBALANCED') => {
    const calls: number[] = [];
    const one = untilStopped(async () => {
      calls.push(1);
      if (calls.length > 1) throw new CopytaxError(code, 'it failed');
      return sample;
    });
    return { calls, one };
  };

  it('samples until the machine stops, says that it stops, and does not run it again', async () => {
    const { calls, one } = failing('ERR_STALLED');
    const stopped = { value: 0, durationMs: NO_PROGRESS_MS, ledger: { stopped: 1 } };
    expect([await one(NEVER), await one(NEVER), await one(NEVER)]).toEqual([sample, stopped, stopped]);
    expect(calls).toHaveLength(2);
  });

  it('lets any other failure through', async () => {
    const { one } = failing('ERR_UNBALANCED');
    await one(NEVER);
    await expect(one(NEVER)).rejects.toMatchObject({ code: 'ERR_UNBALANCED' });
  });
});

describe('pricesOf', () => {
  const trial = {
    bytes: 2 * 65536,
    time: { slotPage: 600 },
    refillNs: 200,
    onCpuShare: 0.95,
    cpuPerBusyNs: 0.5,
    userBytesTotal: 1000,
    bounceBytesTotal: 250,
    sentBytesTotal: 1000,
    mapFailures: 1,
    packets: 3,
    held: null,
  } as TxTrial;

  it('counts what was copied per byte that was sent, and CPU time per 64 KiB that arrived', () => {
    expect(pricesOf(trial)).toMatchObject({
      copiesPerByte: 1.25,
      secondCopyShare: 0.25,
      failedShare: 0.25,
      allocNsPer64K: 150,
      refillNsPer64K: 50,
    });
  });

  it('has the mean of what was held, and of slots the most', () => {
    const held = {
      looks: 5,
      slots: { meanBytes: 10, mostBytes: 20 },
      pages: { meanBytes: 30, mostBytes: 40 },
      payload: { meanBytes: 50, mostBytes: 60 },
    };
    expect(pricesOf({ ...trial, held })).toMatchObject({
      looks: 5,
      slotBytesHeld: 10,
      slotBytesHeldMost: 20,
      pageBytesHeld: 30,
      payloadBytesHeld: 50,
    });
  });

  it('has no number where nothing arrived, or no look was taken', () => {
    expect(pricesOf({ ...trial, bytes: 0 }).allocNsPer64K).toBeNaN();
    expect(pricesOf({ ...trial, onCpuShare: 0.9 }).allocNsPer64K).toBeNaN();
    expect(pricesOf(trial)).toMatchObject({ looks: 0, slotBytesHeld: Number.NaN, payloadBytesHeld: Number.NaN });
  });
});
