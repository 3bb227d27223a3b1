import { afterAll, describe, expect, it } from '@jest/globals';
import { DESIGN_NAMES, DESIGNS } from '../../../lib/designs/designs.js';
import { COMPLETION_MODES } from '../../../lib/dma/completion-modes.js';
import {
  type MachineConfig,
  type MachineOptions,
  machineConfig,
  mergeOptions,
} from '../../../lib/machine/build/config.js';
import { ThreadedMachine } from '../../../lib/machine/run/threaded-machine.js';
import type { TrialPlan } from '../../../lib/machine/run/trial.js';
import type { TxTrial } from '../../../lib/machine/run/tx-trial.js';
import { Region } from '../../../lib/memory/region.js';
import { WAYS } from '../../designs/fixtures/ways.js';
import { falsePromise } from '../fixtures/false-promise.js';
import { largePagesOf } from '../fixtures/large-pages.js';
import { longerUntil } from '../fixtures/longer-until.js';
import { UNSUPPORTED_KERNEL } from '../fixtures/unsupported-kernel.js';

const machine = new ThreadedMachine([]);
const SHORT = { warmupMs: 5, measureMs: 100 };

function configOf(given: MachineOptions): MachineConfig {
  return machineConfig(
    {
      cpus: { copyKernel: 0 },
      sockets: { learn: 'told', sendBufferBytes: 1 << 20, userBufferBytes: 1 << 18 },
      slotPool: { bytes: 4 << 20 },
      checking: { everyByte: true },
    },
    given,
  );
}

afterAll(() => machine.close());

/** Resolves to a trial in which data arrived while it was measured, and which `shown` accepts. */
function busyTrial(config: MachineConfig, shown: (trial: TxTrial) => boolean = () => true): Promise<TxTrial> {
  return longerUntil(
    (measureMs) => machine.run(config, { ...SHORT, measureMs }),
    (trial) => trial.bytes > 0 && shown(trial),
  );
}

describe('ThreadedMachine, with a thread for every CPU', () => {
  const shapes = WAYS.flatMap((way) => COMPLETION_MODES.map((device) => ({ ...way, device })));

  it.each(shapes)(
    'delivers every byte as it was sent, copied as $design says, with a device of mode $device and $freeDispatch',
    async ({ design, device, freeDispatch }) => {
      for (const cpus of [1, 2, 3]) {
        const config = configOf({
          design,
          freeDispatch,
          cpus: { count: cpus },
          sockets: { senders: cpus, messageBytes: 20_000 },
          devices: { queues: Math.min(cpus, 2), completion: device },
        });
        const { bounceCopies, bouncesHeaders } = DESIGNS[design].promises;
        const bounces = { bounce: bounceCopies === 1, header: bouncesHeaders };
        const copied = ({ copyLedger }: TxTrial) => ({
          bounce: copyLedger.sum('bounce').bytes > 0,
          header: copyLedger.sum('header').bytes > 0,
        });
        // What has arrived may have been copied before it was measured.
        const isWhole = (trial: TxTrial) =>
          (copied(trial).bounce || !bounces.bounce) && (copied(trial).header || !bounces.header);
        const trial = await busyTrial(config, isWhole);
        expect(trial.skbs).toBeGreaterThan(0);
        expect(trial.bytes).toBeGreaterThan(0);
        expect(copied(trial)).toEqual(bounces);
      }
    },
  );

  const grown = DESIGN_NAMES.flatMap((design) =>
    (['pools', 'per-mapping'] as const).flatMap((growth) =>
      (['retire', 'line-rate', 'read'] as const).map((device) => ({ design, growth, device })),
    ),
  );

  // A message is larger than the slot pool, and interrupts are late: a device that completes at the doorbell has its
  // slots freed behind each packet otherwise, before the pool is full.
  const starved: MachineOptions = {
    sockets: { messageBytes: 2 << 20, userBufferBytes: 4 << 20, sendBufferBytes: 4 << 20, smallQueueBytes: 4 << 20 },
    slotPool: { bytes: 1 << 20, growthBytes: 32 << 20 },
    devices: { interruptIntervalNs: 10e6 },
  };

  it.each(grown)('grows bounce memory while other CPUs use it: $design, $growth, device $device', async (shape) => {
    const { design, growth, device } = shape;
    const { bounceCopies, holdsSlots } = DESIGNS[design].promises;
    const isPools = growth === 'pools' && (bounceCopies === 1 || holdsSlots);
    for (const cpus of [1, 3]) {
      const config = configOf(
        mergeOptions(starved, largePagesOf(design), {
          design,
          cpus: { count: cpus },
          sockets: { senders: 2 },
          slotPool: { growth },
          devices: { queues: Math.min(cpus, 2), completion: device },
        }),
      );
      const seen = { arrived: false, added: false, transient: false };
      const play = async (measureMs: number) => {
        const { bytes, poolsAdded, transientPools } = await machine.run(config, { ...SHORT, measureMs });
        seen.arrived ||= bytes > 0;
        seen.added ||= poolsAdded > 0; // by a thread that a busy host may let in too late
        seen.transient ||= transientPools > 0;
        return seen;
      };
      await longerUntil(play, () => seen.arrived && seen.added === isPools && seen.transient === isPools);
      expect(seen).toEqual({ arrived: true, added: isPools, transient: isPools });
    }
  });

  it('has fewer map failures, and makes progress, where bounce memory grows', async () => {
    const of = (growth: MachineConfig['slotPool']['growth'], starves: (trial: TxTrial) => boolean) =>
      busyTrial(
        configOf(mergeOptions(starved, { cpus: { count: 2 }, sockets: { senders: 2 }, slotPool: { growth } })),
        starves,
      );
    const none = await of('none', ({ mapFailures }) => mapFailures > 0);
    expect(none).toMatchObject({ poolsAdded: 0, transientPools: 0 });
    expect(none.mapFailures).toBeGreaterThan(0);
    const pools = await of('pools', ({ transientPools }) => transientPools > 0);
    expect(pools.transientPools).toBeGreaterThan(0);
    expect(pools.mapFailures).toBe(0);
  });

  it('ends trials at any time of growth, with all memory free again', async () => {
    for (const measureMs of [0, 1, 2, 3, 5, 8]) {
      const config = configOf(
        mergeOptions(starved, { cpus: { count: 2 }, sockets: { senders: 2 }, slotPool: { growth: 'pools' } }),
      );
      const { poolsAdded } = await machine.run(config, { warmupMs: 0, measureMs });
      expect(poolsAdded).toBeLessThanOrEqual(32);
    }
    const stop = new AbortController();
    const endless = { warmupMs: 0, measureMs: 60_000 };
    const trial = machine.run(
      configOf(mergeOptions(starved, { cpus: { count: 2 }, sockets: { senders: 2 }, slotPool: { growth: 'pools' } })),
      endless,
      stop.signal,
    );
    setTimeout(() => stop.abort(), 20);
    expect((await trial).cpuNs).toBeGreaterThan(0);
  });

  it('measures how long TX locks were held where it is configured to', async () => {
    const of = (timesTxLock: boolean) =>
      busyTrial(
        configOf({ checking: { timesTxLock } }),
        ({ txLockNs, refillNs }) => refillNs > 0 && txLockNs > 0 === timesTxLock,
      );
    expect((await of(true)).txLockNs).toBeGreaterThan(0);
    expect((await of(false)).txLockNs).toBe(0);
  });

  it.each([1, 2, 8])('shares a slot pool of %i areas among CPUs, and gives all of it back', async (areas) => {
    const config = configOf({
      design: 'bounce',
      cpus: { count: 3 },
      sockets: { senders: 3 },
      devices: { queues: 3 },
      slotPool: { areas, bytes: 4 << 20 },
    });
    expect((await busyTrial(config)).areas).toHaveLength(areas);
  });

  it('runs without a queueing discipline', async () => {
    const { bytes } = await busyTrial(
      configOf({ cpus: { count: 2 }, sockets: { senders: 3 }, devices: { qdisc: 'none' } }),
    );
    expect(bytes).toBeGreaterThan(0);
  });

  it('stops when its signal aborts, long before its time, with nothing lost', async () => {
    const stop = new AbortController();
    const began = performance.now();
    const trial = machine.run(
      configOf({ cpus: { count: 2 }, sockets: { senders: 2 } }),
      { warmupMs: 0, measureMs: 60_000 },
      stop.signal,
    );
    setImmediate(() => stop.abort());
    expect((await trial).cpuNs).toBeGreaterThan(0);
    expect(performance.now() - began).toBeLessThan(30_000);
  });

  it('takes pages by the percentage that is set while it runs, and then by the configured one again', async () => {
    const config = configOf({
      design: 'bounce-pages',
      cpus: { count: 2 },
      sockets: { learn: 'transmit', senders: 2 },
      slotPool: { pagePercent: 0 },
    });
    const played = (percent: number) =>
      longerUntil(
        (measureMs) => {
          const trial = machine.run(config, { ...SHORT, measureMs });
          machine.setPercent(percent);
          return trial;
        },
        ({ bytes, pagesTaken }) => bytes > 0 && pagesTaken > 0 === percent > 0,
      );
    for (const percent of [90, 0]) expect((await played(percent)).pagesTaken > 0).toBe(percent > 0);
  });

  it.each([-1, 91, 2 ** 32 - 1, 0.5, Number.NaN])('refuses a percentage of %d', async (percent) => {
    const trial = machine.run(configOf({ cpus: { count: 2 }, sockets: { senders: 2 } }), SHORT);
    expect(() => machine.setPercent(percent)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    await trial;
  });

  it('refuses to set a percentage between trials', async () => {
    const set = () => machine.setPercent(50);
    const none = expect.objectContaining({ code: 'ERR_NOT_RUNNING' });
    expect(set).toThrow(none);
    await machine.run(configOf({}), SHORT);
    expect(set).toThrow(none);
  });

  it('checks every invariant at the end, if it checks every byte', async () => {
    const config = (everyByte: boolean) => configOf({ design: falsePromise, checking: { everyByte } });
    const failure = { code: 'ERR_INVARIANT', details: { invariant: 'I9' } };
    const unchecked = await longerUntil(
      (measureMs) => machine.run(config(false), { ...SHORT, measureMs }),
      ({ bytes }) => bytes > 0,
    );
    expect(unchecked.bytes).toBeGreaterThan(0);
    await expect(machine.run(config(true), { warmupMs: 0, measureMs: 500 })).rejects.toMatchObject(failure);
  });

  it('rejects with the failure of a CPU, and can be used again', async () => {
    const impossible = configOf({ cpus: { copyKernel: UNSUPPORTED_KERNEL, count: 2 }, sockets: { senders: 2 } });
    await expect(machine.run(impossible, { warmupMs: 0, measureMs: 5000 })).rejects.toMatchObject({
      code: 'ERR_KERNEL_UNSUPPORTED',
    });
    expect((await busyTrial(configOf({}))).bytes).toBeGreaterThan(0);
  });

  it.each<[plan: unknown, named: string]>([
    [undefined, 'warmupMs .* not undefined'],
    [{}, 'warmupMs .* not undefined'],
    [{ warmupMs: 1 }, 'measureMs .* not undefined'],
    [{ warmupMs: 1, measureMs: Number.NaN }, 'measureMs .* not NaN'],
    [{ warmupMs: 1, measureMs: Infinity }, 'measureMs .* not Infinity'],
    [{ warmupMs: 1, measureMs: -1 }, 'measureMs .* not -1'],
    [{ warmupMs: 1, measureMs: '5' }, "measureMs .* not '5'"],
    [{ warmupMs: -1, measureMs: 5 }, 'warmupMs .* not -1'],
  ])('refuses the plan %j, with which a trial might never end', async (plan, named) => {
    const trial = machine.run(configOf({}), plan as TrialPlan);
    await expect(trial).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE', message: expect.stringMatching(named) });
  });

  it('refuses a second trial during one, which goes on undisturbed', async () => {
    const first = machine.run(configOf({}), SHORT);
    await expect(machine.run(configOf({}), SHORT)).rejects.toMatchObject({ code: 'ERR_ALREADY_RUNNING' });
    expect((await first).bytes).toBeGreaterThanOrEqual(0);
    await machine.run(configOf({}), SHORT);
  });

  describe('of two trials at once', () => {
    const direct = configOf({ design: 'direct' });
    const bounce = configOf({ design: 'bounce' });
    const bounced = ({ copyLedger }: TxTrial) => copyLedger.sum('bounce').bytes > 0;
    const refused = { code: 'ERR_ALREADY_RUNNING' };

    it('refuses all but the first, whose result and the next ones are those of their own machines', async () => {
      for (const [first, others, next] of [
        [direct, bounce, bounce],
        [bounce, direct, direct],
      ] as const) {
        const trial = machine.run(first, SHORT);
        const refusals = [machine.run(others, { warmupMs: 0, measureMs: 1 }), machine.run(others, SHORT)];
        for (const refusal of refusals) await expect(refusal).rejects.toMatchObject(refused);
        expect(() => machine.prepare([others])).toThrow(expect.objectContaining(refused));
        const result = await trial;
        expect(result.bytes > 0 && bounced(result)).toBe(result.bytes > 0 && first === bounce);
        const after = await busyTrial(next, (one) => next === direct || bounced(one));
        expect(bounced(after)).toBe(next === bounce);
      }
    });

    it('refuses the second also when the first is aborted, and then when it fails', async () => {
      const stop = new AbortController();
      const aborted = machine.run(direct, { warmupMs: 0, measureMs: 60_000 }, stop.signal);
      stop.abort();
      await expect(machine.run(bounce, SHORT)).rejects.toMatchObject(refused);
      expect(bounced(await aborted)).toBe(false);
      const failing = machine.run(configOf({ design: 'bounce', cpus: { copyKernel: UNSUPPORTED_KERNEL } }), SHORT);
      await expect(machine.run(direct, SHORT)).rejects.toMatchObject(refused);
      await failing.catch(() => {});
      expect(bounced(await busyTrial(direct))).toBe(false);
      expect(bounced(await busyTrial(bounce, bounced))).toBe(true);
    });

    it('refuses the second when both begin in one turn with the renewal of memory or threads', async () => {
      for (const renew of [() => machine.renewMemory(), () => machine.renewThreads()]) {
        await busyTrial(direct);
        const renewal = renew();
        await expect(machine.run(bounce, SHORT)).rejects.toMatchObject(refused);
        await expect(machine.renewMemory()).rejects.toMatchObject(refused);
        await expect(machine.renewThreads()).rejects.toMatchObject(refused);
        await renewal;
        expect(bounced(await busyTrial(bounce, bounced))).toBe(true);
      }
    });

    it('rejects the one that runs when the machine is closed, and the other one as well', async () => {
      const other = new ThreadedMachine([]);
      const trial = other.run(direct, { warmupMs: 0, measureMs: 60_000 });
      const ended = expect(trial).rejects.toMatchObject({
        code: 'ERR_REGION_CLOSED',
        message: 'the machine was closed during this trial',
      });
      const closed = other.close();
      await expect(other.run(bounce, SHORT)).rejects.toMatchObject({ code: 'ERR_REGION_CLOSED' });
      await Promise.all([ended, closed]);
    });
  });

  it('runs on in memory of another mapping, and does not renew it during a trial', async () => {
    const config = configOf({ design: 'bounce' });
    await busyTrial(config);
    const { id, bytes } = machine.ram!;
    await machine.renewMemory(4 << 20);
    expect(machine.ram!.id).not.toBe(id);
    expect(() => Region.attach(id)).toThrow(expect.objectContaining({ code: 'ERR_REGION_CLOSED' })); // by no thread
    expect(machine.ram!.bytes).toBe(bytes);
    const trial = machine.run(config, SHORT);
    await expect(machine.renewMemory()).rejects.toMatchObject({ code: 'ERR_ALREADY_RUNNING' });
    await trial;
    await busyTrial(config);
  });

  it('prepares memory and threads ahead, in slices, and refuses all else meanwhile', async () => {
    await using other = new ThreadedMachine([]);
    const [small, large] = [configOf({}), configOf({ slotPool: { bytes: 64 << 20 } })];
    const refused = { code: 'ERR_ALREADY_RUNNING', message: 'this machine prepares its memory' };
    const prepared = other.prepareAsync([small, large]);
    expect(() => other.prepare([small])).toThrow(expect.objectContaining(refused));
    await expect(other.prepareAsync([small])).rejects.toMatchObject(refused);
    await expect(other.run(small, SHORT)).rejects.toMatchObject(refused);
    await prepared;
    const { id } = other.ram!;
    await other.run(large, SHORT);
    expect(other.ram!.id).toBe(id);
    const bad = { sginal: 1 } as { signal?: AbortSignal };
    await expect(other.prepareAsync([small], bad)).rejects.toMatchObject({ code: 'ERR_UNKNOWN_OPTION' });
    await expect(other.renewMemory(0, bad)).rejects.toMatchObject({ code: 'ERR_UNKNOWN_OPTION' });
  });

  it('has no memory after a signal has stopped its preparation or renewal, and runs later all the same', async () => {
    await using other = new ThreadedMachine([]);
    const reason = new Error('enough');
    const stopped = { signal: AbortSignal.abort(reason) };
    await expect(other.prepareAsync([configOf({})], stopped)).rejects.toBe(reason);
    expect(other.ram).toBeNull();
    await other.run(configOf({}), SHORT);
    await expect(other.renewMemory(1 << 20, stopped)).rejects.toBe(reason);
    expect(other.ram).toBeNull();
    await other.run(configOf({}), SHORT);
  });

  it('has neither memory nor threads after it was closed while it prepared them', async () => {
    const other = new ThreadedMachine([]);
    const prepared = expect(other.prepareAsync([configOf({})])).rejects.toMatchObject({ code: 'ERR_REGION_CLOSED' });
    await other.close();
    await prepared;
    expect(other.ram).toBeNull();
  });

  it('runs on with other threads in the same memory, and does not renew them during a trial', async () => {
    const config = configOf({ design: 'bounce' });
    await busyTrial(config);
    const { id } = machine.ram!;
    await machine.renewThreads();
    const trial = machine.run(config, SHORT);
    await expect(machine.renewThreads()).rejects.toMatchObject({ code: 'ERR_ALREADY_RUNNING' });
    await trial;
    await busyTrial(config);
    expect(machine.ram!.id).toBe(id);
    const closed = new ThreadedMachine([]);
    await closed.close();
    await expect(closed.renewThreads()).rejects.toMatchObject({ code: 'ERR_REGION_CLOSED' });
  });

  it('takes no CPU that Linux cannot have, before a trial asks for it', () => {
    expect(() => new ThreadedMachine([0, 8192])).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
  });

  it('refuses to run after it was closed, and may be closed again', async () => {
    const other = new ThreadedMachine([]);
    await other.close();
    await other.close();
    await expect(other.run(configOf({}), SHORT)).rejects.toMatchObject({ code: 'ERR_REGION_CLOSED' });
    await expect(other.renewMemory()).rejects.toMatchObject({ code: 'ERR_REGION_CLOSED' });
    await expect(other.renewThreads()).rejects.toMatchObject({ code: 'ERR_REGION_CLOSED' });
  });

  it('refuses ballast that is no size', async () => {
    for (const bytes of [-1, Number.NaN, Number.POSITIVE_INFINITY, '1' as never]) {
      await expect(machine.renewMemory(bytes)).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    }
  });
});
