/** The cells of the scenario, and what growth does in it. No test depends on a speed. */
import { describe, expect, it } from '@jest/globals';
import { txDesigns } from '../../../benchmarks/tx-designs/tx-designs.js';
import { addon } from '../../../lib/addon/addon.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { type BenchSettings, defaultSettings } from '../../../lib/bench/plan/settings.js';
import type { Ledger } from '../../../lib/bench/types/ledger-keys.js';
import { ThreadedMachine } from '../../../lib/machine/run/threaded-machine.js';
import { longerUntil } from '../../machine/fixtures/longer-until.js';
import { withCells } from '../fixtures/opened.js';

const settings: BenchSettings = {
  ...defaultSettings('quick', addon().affinity().slice(0, 1), 5),
  senders: [1, 2],
  queues: [1, 2],
  messages: [65536],
  windows: [4 << 20],
};
const CONTEXT = { host: hostFacts() };
const NEVER = new AbortController().signal;

/** The ledger of a sample of each cell; samples get longer until something was sent in all, and `shown`. */
async function ledgersOf(given: BenchSettings, shown = (_: readonly Ledger[]) => true): Promise<Ledger[]> {
  const sampled = async (sampleMs: number) => {
    const scenario = await txDesigns({ ...given, sampleMs }, CONTEXT);
    return withCells(scenario, scenario.cells, async () => {
      const ledgers: Ledger[] = [];
      for (const cell of scenario.cells) ledgers.push((await cell.sample(NEVER)).ledger!);
      return ledgers;
    });
  };
  return longerUntil(sampled, (ledgers) => ledgers.every(({ bytes }) => bytes! > 0) && shown(ledgers), given.sampleMs);
}

describe('txDesigns', () => {
  it('has a cell for each design and shape, with no more queues than senders', async () => {
    const { cells } = await txDesigns({ ...settings, designs: ['direct', 'bounce'] }, CONTEXT);
    expect(cells.map(({ id }) => id)).toEqual(
      ['direct', 'bounce'].flatMap((design) =>
        ['senders=1/queues=1', 'senders=2/queues=1', 'senders=2/queues=2'].map(
          (shape) => `tx-designs/${design}/${shape}/message=65536/window=4194304`,
        ),
      ),
    );
    for (const { params } of cells) expect(params).not.toHaveProperty('growth');
  });

  it('names growth in the id of a cell that has it, and then in the parameters of all cells', async () => {
    const { cells } = await txDesigns(
      { ...settings, senders: [1], growths: ['none', 'pools'], designs: ['bounce'] },
      CONTEXT,
    );
    const id = 'tx-designs/bounce/senders=1/queues=1/message=65536/window=4194304';
    expect(cells.map((cell) => [cell.id, cell.params.growth])).toEqual([
      [id, 'none'],
      [`${id}/growth=pools`, 'pools'],
    ]);
  });

  it('names an acknowledgement delay and a percentage that are not the usual ones', async () => {
    const swept = { senders: [1], designs: ['bounce'], ackDelaysNs: [0, 50_000], percents: [90, 10] } as const;
    const { cells } = await txDesigns({ ...settings, ...swept }, CONTEXT);
    const id = 'tx-designs/bounce/senders=1/queues=1/message=65536/window=4194304';
    expect(cells.map((cell) => [cell.id, cell.params.ackDelayNs, cell.params.percent])).toEqual([
      [id, 0, 90],
      [`${id}/percent=10`, 0, 10],
      [`${id}/ackDelayNs=50000`, 50_000, 90],
      [`${id}/ackDelayNs=50000/percent=10`, 50_000, 10],
    ]);
  });

  it('has cells for each size of the slot pool, and names sizes that are not the usual one', async () => {
    const swept = { senders: [1], queues: [1], designs: ['bounce-pages'], pools: [64 << 20, 16 << 20] } as const;
    const { cells } = await txDesigns({ ...settings, ...swept }, CONTEXT);
    const id = 'tx-designs/bounce-pages/senders=1/queues=1/message=65536/window=4194304';
    expect(cells.map((cell) => [cell.id, cell.params.pool])).toEqual([
      [id, 64 << 20],
      [`${id}/pool=16777216`, 16 << 20],
    ]);
  });

  it('names a flavour and a free dispatch that are not the usual ones, and runs them', async () => {
    const ways = { flavours: ['faithful', 'hardened'], freeDispatches: ['design', 'typed-folio'] } as const;
    const one = { senders: [1], designs: ['bounce-pages'], sampleMs: 20 } as const;
    const { cells } = await txDesigns({ ...settings, ...one, ...ways }, CONTEXT);
    const id = 'tx-designs/bounce-pages/senders=1/queues=1/message=65536/window=4194304';
    expect(cells.map((cell) => [cell.id, cell.params.flavour, cell.params.freeDispatch])).toEqual([
      [`${id}/flavour=faithful`, 'faithful', 'design'],
      [`${id}/flavour=faithful/freeDispatch=typed-folio`, 'faithful', 'typed-folio'],
      [id, 'hardened', 'design'],
      [`${id}/freeDispatch=typed-folio`, 'hardened', 'typed-folio'],
    ]);
    for (const { params } of cells) expect(params).not.toHaveProperty('growth');
    for (const { gbps } of await ledgersOf({ ...settings, ...one, ...ways })) expect(gbps).toBeGreaterThan(0);
  });

  it('says beside each sample how fast each CPU was', async () => {
    const cpus = addon().affinity().slice(0, 2);
    const scenario = await txDesigns({ ...settings, cpus, sampleMs: 5 }, CONTEXT);
    const [cell] = scenario.cells;
    await withCells(scenario, [cell!], async () => {
      expect((await cell!.sample(NEVER)).pulseNs).toEqual(cpus.map(() => expect.any(Number)));
    });
  });

  it('compares every design with the conventional one of the same shape and growth', async () => {
    const { cells, ratios } = await txDesigns({ ...settings, growths: ['none', 'pools', 'per-mapping'] }, CONTEXT);
    const paramsOf = new Map(cells.map(({ id, params }) => [id, params]));
    expect(paramsOf.size).toBe(cells.length);
    expect(ratios).toHaveLength(cells.filter(({ params }) => params.design !== 'bounce').length);
    for (const { of, to } of ratios) {
      expect(paramsOf.get(to)).toEqual({ ...paramsOf.get(of), design: 'bounce' });
    }
  });
});

describe('a sweep', () => {
  const swept = {
    senders: [1],
    queues: [1],
    pools: [16 << 20],
    percents: [90, 10],
    designs: ['bounce', 'bounce-pages'],
  };
  const sweep = { ...settings, ...swept, sweep: true, sampleMs: 20 } as BenchSettings;

  it('has calibration cells for each design and for the memory, which no table of designs shows', async () => {
    const { cells, ratios } = await txDesigns(sweep, CONTEXT);
    const calibration = cells.filter(({ params }) => params.design === undefined);
    expect(calibration.map(({ params }) => [params.calibrates, params.message])).toEqual([
      ['bounce', 512],
      ['bounce', 32768],
      ['bounce-pages', 512],
      ['bounce-pages', 32768],
      ['memory', undefined],
    ]);
    expect(cells).toHaveLength(calibration.length + 4);
    for (const { of, to } of ratios) expect(`${of} ${to}`).not.toContain('calibration');
  });

  it('accounts in calibration cells what the model needs', async () => {
    const sampled = async (sampleMs: number) => {
      const scenario = await txDesigns({ ...sweep, designs: ['bounce'], percents: [90], sampleMs }, CONTEXT);
      const cell = scenario.cells.find(({ params }) => params.calibrates === 'bounce')!;
      return withCells(scenario, [cell], async () => (await cell.sample(NEVER)).ledger!);
    };
    const ledger = await longerUntil(sampled, ({ txLockNs }) => txLockNs! > 0, 20);
    expect(ledger).toMatchObject({ userBufferBytes: 2 << 20, refillNs: expect.any(Number) });
    expect(ledger.txLockNs).toBeGreaterThan(0);
  });
});

describe('the ledger of a sample', () => {
  it('has the waits for each area of the slot pool, which add up', async () => {
    const cpus = [...settings.cpus, ...settings.cpus]; // two logical CPUs, on one if need be
    const few = { cpus, senders: [2], queues: [1], designs: ['bounce'], messages: [2048], sampleMs: 40 } as const;
    const scenario = await txDesigns({ ...settings, ...few }, CONTEXT);
    const [cell] = scenario.cells;
    const { run } = ThreadedMachine.prototype;
    await withCells(scenario, [cell!], async () => {
      const ledger = (await cell!.sample(NEVER)).ledger!;
      expect(Object.keys(ledger).filter((key) => /^area\d/.test(key))).toEqual([
        'area0Waits',
        'area0WaitNs',
        'area1Waits',
        'area1WaitNs',
      ]);
      expect(ledger.areaContention).toBe(ledger.area0Waits! + ledger.area1Waits!);
      // Whether a CPU waited depends on the host, so the waits of the next sample are made up.
      const areas = [12, 34].map((waits) => ({ waits, waitNs: 100 * waits }));
      ThreadedMachine.prototype.run = async function (...asked) {
        return { ...(await run.apply(this, asked)), areas };
      };
      expect((await cell!.sample(NEVER)).ledger).toMatchObject({
        area0Waits: 12,
        area0WaitNs: 1200,
        area1Waits: 34,
        area1WaitNs: 3400,
      });
    }).finally(() => {
      ThreadedMachine.prototype.run = run;
    });
  });
});

describe('a slot pool that is too small for the send buffer', () => {
  // A device that takes its time: one that completes at the doorbell has its slots freed behind each packet.
  const starved = {
    pools: [1 << 20],
    senders: [2],
    queues: [1],
    designs: ['bounce'],
    device: 'line-rate',
    sampleMs: 40,
  } as const;

  it('leaves fewer skbs without memory if it grows, and the ledger says how it grew', async () => {
    const growths = ['none', 'pools', 'per-mapping'] as const;
    const [none, pools, perMapping] = await ledgersOf(
      { ...settings, ...starved, messages: [2 << 20], windows: [16 << 20], growths },
      ([without, withPools]) => without!.mapFailures! > 0 && withPools!.transientPools! > 0,
    );
    expect(none).not.toHaveProperty('poolsAdded');
    expect(none!.mapFailures).toBeGreaterThan(0);
    expect(pools!.transientPools).toBeGreaterThan(0);
    expect(pools!.mapFailures).toBeLessThan(none!.mapFailures!);
    expect(perMapping).toMatchObject({ poolsAdded: 0, transientPools: 0 });
    expect(perMapping!.mapFailures).toBeLessThan(none!.mapFailures!);
  });
});
