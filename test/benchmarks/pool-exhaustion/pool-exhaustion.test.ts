/** The shape of the scenario, and what exhaustion does: in machines whose CPUs take turns, so always the same. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { exhaustionOf, flowsThatFit, poolExhaustion } from '../../../benchmarks/pool-exhaustion/pool-exhaustion.js';
import { addon } from '../../../lib/addon/addon.js';
import { type BenchSettings, defaultSettings } from '../../../lib/bench/plan/settings.js';
import {
  type MachineConfig,
  type MachineOptions,
  machineConfig,
  mergeOptions,
} from '../../../lib/machine/build/config.js';
import { InlineMachine } from '../../../lib/machine/run/inline-machine.js';
import { txTrial } from '../../../lib/machine/run/tx-trial.js';
import { CopyList } from '../../../lib/memory/copy-list.js';
import { NO_ADDRESS } from '../../../lib/swiotlb/swiotlb.js';
import { MIB } from '../../../lib/units.js';
import { testCpu } from '../../smp/fixtures/cpus.js';
import { withCells } from '../fixtures/opened.js';

const NEVER = new AbortController().signal;
const settings: BenchSettings = defaultSettings('quick', addon().affinity().slice(0, 1), 5);

describe('poolExhaustion', () => {
  it('has a cell for every machine, send buffer, slot pool and number of flows', async () => {
    const { cells, maxRounds } = await poolExhaustion(settings);
    expect({ cells: cells.length, maxRounds }).toEqual({ cells: 3 * 3 * 2, maxRounds: 2 });
    expect(cells[0]).toMatchObject({
      id: 'pool-exhaustion/bounce/flows=4/window=4194304/pool=4194304',
      params: { machine: 'bounce', flows: 4, window: 4 * MIB, pool: 4 * MIB, percent: 90 },
    });
    expect(cells.at(-1)).toMatchObject({
      id: 'pool-exhaustion/bounce-pages/faithful/flows=16/window=4194304/pool=67108864',
      params: { machine: 'bounce-pages faithful', fits: 14 },
    });
    expect(cells[0]!.params).not.toHaveProperty('fits');
    const full = await poolExhaustion({ ...settings, effort: 'full' });
    expect(full.cells).toHaveLength(3 * 2 * 3 * 6);
  });

  it('takes samples of machines that share threads and memory', async () => {
    const scenario = await poolExhaustion(settings);
    const { cells } = scenario;
    const wanted = ['bounce/flows=4', 'bounce-pages/hardened/flows=4'].map((id) => `pool-exhaustion/${id}/`);
    const few = cells.filter(({ id, params }) => params.pool === 4 * MIB && wanted.some((one) => id.startsWith(one)));
    await withCells(scenario, few, async () => {
      for (const cell of few) {
        const { value, ledger } = await cell.sample(NEVER);
        expect(value).toBeLessThanOrEqual(100);
        expect(value === 0).toBe(ledger!.bounceBytes === 0);
        if (cell.params.machine === 'bounce' && ledger!.userBytes! > 0) expect(value).toBe(100);
      }
    });
  });

  it.each([
    [4, 64, 14],
    [4, 4, 0],
    [1, 16, 13],
  ])('says for send buffers of %i MiB and a slot pool of %i MiB that %i flows fit', (window, pool, flows) => {
    expect(flowsThatFit({ window: window * MIB, pool: pool * MIB }, 90)).toBe(flows);
  });
});

describe('a slot pool', () => {
  let machine: InlineMachine | undefined;
  afterEach(() => {
    machine?.close();
    Reflect.deleteProperty(CopyList.ofThisThread(), 'now');
  });

  const WINDOW = MIB;
  const MESSAGES = 60;
  const lean = {
    sockets: { userBufferBytes: 1 << 17, sendBufferBytes: WINDOW, learn: 'told' },
    slotPool: { exactCounters: true },
    checking: { everyByte: true },
  } as const;

  /** Everything is sent, arrives, and goes back where it was, or `run` throws. */
  function played(given: MachineOptions) {
    const config = machineConfig(
      { design: 'bounce-pages', cpus: { copyKernel: 0 }, sockets: { messagesPerSender: MESSAGES } },
      lean,
      given,
    );
    machine = new InlineMachine(config);
    machine.run();
    const { system } = machine;
    for (let flow = 0; flow < config.sockets.senders; flow++) {
      expect(system.peers.receivedBytes(flow)).toBe(MESSAGES * config.sockets.messageBytes);
    }
    const { flows, window, pool } = { flows: config.sockets.senders, window: WINDOW, pool: config.slotPool.bytes };
    return exhaustionOf(txTrial(system, []), { flows, window, pool });
  }

  it.each([1, 3])('copies no byte twice for %i flows that fit', (senders) => {
    const { value, ledger } = played({ sockets: { senders }, slotPool: { bytes: 4 * MIB } });
    expect(flowsThatFit({ window: WINDOW, pool: 4 * MIB }, 90)).toBe(3);
    expect(value).toBe(0);
    expect(ledger).toMatchObject({ mapFailures: 0, pagesOverLimit: 0, pagesWithoutBlock: 0 });
  });

  it('counts the bytes of more flows that fall back, loses none, and keeps pages to their percentage', () => {
    const { value, ledger } = played({ sockets: { senders: 12 }, slotPool: { bytes: 4 * MIB } });
    expect(value).toBeGreaterThan(0);
    expect(ledger.pagesOverLimit! + ledger.pagesWithoutBlock!).toBeGreaterThan(0);
    expect(ledger.bounceBytes).toBeLessThanOrEqual((ledger.pagesOverLimit! + ledger.pagesWithoutBlock!) * 32768);
    expect(ledger.turnovers).toBeCloseTo((MESSAGES * 65536) / WINDOW);
  });

  it('makes mappings fail, which are then tried again', () => {
    const large = {
      sockets: { smallQueueBytes: 8 * MIB },
      devices: { ringDescriptors: 1024, byteQueueLimits: false, completion: 'read' },
    } as const;
    const { ledger } = played(mergeOptions(large, { sockets: { senders: 6 }, slotPool: { bytes: MIB } }));
    expect(ledger.mapFailures).toBeGreaterThan(0);
  });

  /** Sends until pages have all that they can get, with a line on which nothing moves. */
  function exhausted(flavour: MachineConfig['flavour']): InlineMachine {
    const still = {
      sockets: { smallQueueBytes: 1 },
      devices: { completion: 'line-rate', lineBitsPerSecond: 1e6, interruptFrames: 1 },
    } as const;
    const many = { sockets: { senders: 8, messagesPerSender: 200 }, slotPool: { bytes: MIB } };
    machine = new InlineMachine(
      machineConfig({ design: 'bounce-pages', flavour, cpus: { copyKernel: 0 } }, lean, still, many),
    );
    for (let turn = 0; turn < 200; turn++) machine.step();
    return machine;
  }

  it('has slots for ordinary mappings left in hardened, and none left by pages in faithful', () => {
    // The count that faithful goes by is as old as the clock says.
    Object.defineProperty(CopyList.ofThisThread(), 'now', { configurable: true, get: () => 1e9 });
    const mapped = (['hardened', 'faithful'] as const).map((flavour) => {
      const { system } = exhausted(flavour);
      const { counters } = system.freeing;
      const device = system.devices.all[0]!;
      const isRefused = counters.overLimit + counters.withoutBlock > 0;
      const isShared = 16 * (counters.allocated - counters.freed) <= 0.9 * system.swiotlb.pool.slots;
      const small = system.swiotlb.alloc(testCpu(), device, 4096, 2048, 0);
      const large = system.swiotlb.alloc(testCpu(), device, 4096, 65536, 0);
      machine!.close();
      return { isRefused, isShared, finds: flavour === 'hardened' ? small !== NO_ADDRESS : large !== NO_ADDRESS };
    });
    expect(mapped).toEqual([
      { isRefused: true, isShared: true, finds: true },
      { isRefused: true, isShared: false, finds: false },
    ]);
  });
});
