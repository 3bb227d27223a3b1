import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  type MachineConfig,
  type MachineOptions,
  machineConfig,
  mergeOptions,
} from '../../../lib/machine/build/config.js';
import { ThreadedMachine } from '../../../lib/machine/run/threaded-machine.js';
import type { TxTrial } from '../../../lib/machine/run/tx-trial.js';
import { DESIGN_NAMES, DESIGNS, FREE_DISPATCHES } from '../../../lib/net/designs.js';
import { longerUntil } from '../fixtures/longer-until.js';

const host = new ThreadedMachine([]);
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

afterAll(() => host.close());

/** A trial in which something arrived while it was measured, and was `shown`. */
function busyRound(config: MachineConfig, shown: (trial: TxTrial) => boolean = () => true): Promise<TxTrial> {
  return longerUntil(
    (measureMs) => host.run(config, { ...SHORT, measureMs }),
    (trial) => trial.bytes > 0 && shown(trial),
  );
}

describe('ThreadedMachine, with a thread for every CPU', () => {
  const shapes = DESIGN_NAMES.flatMap((design) =>
    (['retire', 'line-rate', 'read'] as const).flatMap((device) =>
      FREE_DISPATCHES.map((freeDispatch) => ({ design, device, freeDispatch })),
    ),
  );

  it.each(shapes)(
    '$design, device $device, $freeDispatch: every byte arrives as it was sent, copied as the design says',
    async ({ design, device, freeDispatch }) => {
      for (const cpus of [1, 2, 3]) {
        const config = configOf({
          ...{ design, freeDispatch, cpus: { count: cpus } },
          sockets: { senders: cpus, messageBytes: 20_000 },
          devices: { queues: Math.min(cpus, 2), completion: device },
        });
        const { payloadCopies, bouncesHeaders } = DESIGNS[design];
        const bounces = { bounce: payloadCopies === 2, header: bouncesHeaders };
        const copied = ({ ledger }: TxTrial) => ({
          ...{ bounce: ledger.sum('bounce').bytes > 0, header: ledger.sum('header').bytes > 0 },
        });
        // What has arrived may have been copied before it was measured.
        const isWhole = (trial: TxTrial) =>
          (copied(trial).bounce || !bounces.bounce) && (copied(trial).header || !bounces.header);
        const trial = await busyRound(config, isWhole);
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

  // A message is larger than the pool, and nothing is completed before it is sent.
  const starved: MachineOptions = {
    sockets: { messageBytes: 2 << 20, userBufferBytes: 4 << 20, sendBufferBytes: 4 << 20, smallQueueBytes: 4 << 20 },
    slotPool: { bytes: 1 << 20, growthBytes: 32 << 20 },
  };

  it.each(grown)('$design, $growth, device $device: bounce memory grows while others use it', async (shape) => {
    const { design, growth, device } = shape;
    const isPools = growth === 'pools' && design !== 'direct';
    for (const cpus of [1, 3]) {
      const config = configOf(
        mergeOptions(starved, {
          ...{ design, cpus: { count: cpus }, sockets: { senders: 2 }, slotPool: { growth } },
          devices: { queues: Math.min(cpus, 2), completion: device },
        }),
      );
      const seen = { arrived: false, added: false, transient: false };
      const play = async (measureMs: number) => {
        const { bytes, poolsAdded, transientPools } = await host.run(config, { ...SHORT, measureMs }); // checked, and balanced
        seen.arrived ||= bytes > 0;
        seen.added ||= poolsAdded > 0; // by a thread that a busy host may let in too late
        seen.transient ||= transientPools > 0;
        return seen;
      };
      await longerUntil(play, () => seen.arrived && seen.added === isPools && seen.transient === isPools);
      expect(seen).toEqual({ arrived: true, added: isPools, transient: isPools });
    }
  });

  it('fails to map less, and moves on, where bounce memory grows', async () => {
    const of = (growth: MachineConfig['slotPool']['growth'], starves: (trial: TxTrial) => boolean) =>
      busyRound(
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

  it('ends trials at any time of growth, with everything back', async () => {
    for (const measureMs of [0, 1, 2, 3, 5, 8]) {
      const config = configOf(
        mergeOptions(starved, { cpus: { count: 2 }, sockets: { senders: 2 }, slotPool: { growth: 'pools' } }),
      );
      const { poolsAdded } = await host.run(config, { warmupMs: 0, measureMs });
      expect(poolsAdded).toBeLessThanOrEqual(32);
    }
    const stop = new AbortController();
    const endless = { warmupMs: 0, measureMs: 60_000 };
    const trial = host.run(
      configOf(mergeOptions(starved, { cpus: { count: 2 }, sockets: { senders: 2 }, slotPool: { growth: 'pools' } })),
      endless,
      stop.signal,
    );
    setTimeout(() => stop.abort(), 20);
    expect((await trial).cpuNs).toBeGreaterThan(0);
  });

  it('says how long TX locks were held, when it is asked to', async () => {
    const of = (timesTxLock: boolean) =>
      busyRound(
        configOf({ checking: { timesTxLock } }),
        ({ txLockNs, refillNs }) => refillNs > 0 && txLockNs > 0 === timesTxLock,
      );
    expect((await of(true)).txLockNs).toBeGreaterThan(0);
    expect((await of(false)).txLockNs).toBe(0);
  });

  it('without a queueing discipline', async () => {
    const { bytes } = await busyRound(
      configOf({ cpus: { count: 2 }, sockets: { senders: 3 }, devices: { qdisc: 'none' } }),
    );
    expect(bytes).toBeGreaterThan(0);
  });

  it('stops when it is told to, with nothing lost, long before its time', async () => {
    const stop = new AbortController();
    const began = performance.now();
    const trial = host.run(
      configOf({ cpus: { count: 2 }, sockets: { senders: 2 } }),
      { warmupMs: 0, measureMs: 60_000 },
      stop.signal,
    );
    setImmediate(() => stop.abort());
    expect((await trial).cpuNs).toBeGreaterThan(0);
    expect(performance.now() - began).toBeLessThan(30_000);
  });

  it('takes pages from the pool by the percentage that is set while it runs, and begins again with its own', async () => {
    const config = configOf({
      design: 'bounce-pages',
      cpus: { count: 2 },
      sockets: { learn: 'transmit', senders: 2 },
      slotPool: { pagePercent: 0 },
    });
    const played = (percent: number) =>
      longerUntil(
        (measureMs) => {
          const trial = host.run(config, { ...SHORT, measureMs });
          host.setPercent(percent);
          return trial;
        },
        ({ bytes, pagesTaken }) => bytes > 0 && pagesTaken > 0 === percent > 0,
      );
    for (const percent of [90, 0]) expect((await played(percent)).pagesTaken > 0).toBe(percent > 0);
  });

  it.each([-1, 91, 2 ** 32 - 1, 0.5, Number.NaN])('refuses to be set to %d percent', async (percent) => {
    const trial = host.run(configOf({ cpus: { count: 2 }, sockets: { senders: 2 } }), SHORT);
    expect(() => host.setPercent(percent)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    await trial;
  });

  it('has no percentage to set between trials', async () => {
    const set = () => host.setPercent(50);
    const none = expect.objectContaining({ code: 'ERR_NOT_RUNNING' });
    expect(set).toThrow(none);
    await host.run(configOf({}), SHORT);
    expect(set).toThrow(none);
  });

  it('says what went wrong on a CPU, and can be used again', async () => {
    const impossible = configOf({ cpus: { copyKernel: 99, count: 2 }, sockets: { senders: 2 } });
    await expect(host.run(impossible, { warmupMs: 0, measureMs: 5000 })).rejects.toMatchObject({
      code: 'ERR_KERNEL_UNSUPPORTED',
    });
    expect((await busyRound(configOf({}))).bytes).toBeGreaterThan(0);
  });

  it('refuses to run after it was closed; closing again is no matter', async () => {
    const other = new ThreadedMachine([]);
    await other.close();
    await other.close();
    await expect(other.run(configOf({}), SHORT)).rejects.toMatchObject({ code: 'ERR_REGION_CLOSED' });
  });
});

const inChild = (script: string) => {
  const files = ['run/threaded-machine', 'build/config'].map(
    (name) => new URL(`../../../lib/machine/${name}.js`, import.meta.url).href,
  );
  const [txHost, config] = files.map((href) => JSON.stringify(href));
  const source = `import { ThreadedMachine } from ${txHost}; import { machineConfig } from ${config}; ${script}`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', source], { encoding: 'utf8', timeout: 50_000 });
};

describe('a process', () => {
  it('ends by itself after closing its host', () => {
    const script = `const host = new ThreadedMachine([]);
      await host.run(machineConfig({ cpus: { copyKernel: 0, count: 2 }, sockets: { senders: 2 } }), { warmupMs: 1, measureMs: 200 });
      await host.close(); console.log('closed');`;
    expect(inChild(script)).toMatchObject({ status: 0, signal: null, stdout: 'closed\n', stderr: '' });
  });

  it('hears of a thread that dies in a trial, and goes on with others', () => {
    const script = `import { Worker } from 'node:worker_threads';
      const post = Worker.prototype.postMessage; let kill = true;
      Worker.prototype.postMessage = function (message) { post.call(this, message); if (kill) { kill = false; this.terminate(); } };
      const host = new ThreadedMachine([]); const config = machineConfig({ cpus: { copyKernel: 0, count: 2 }, sockets: { senders: 2 } });
      const code = await host.run(config, { warmupMs: 1, measureMs: 1e6 }).catch((error) => error.code);
      let bytes = 0;
      for (let measureMs = 100; bytes === 0 && measureMs < 10_000; measureMs *= 2) {
        bytes = (await host.run(config, { warmupMs: 1, measureMs })).bytes;
      }
      await host.close(); console.log(code, bytes > 0);`;
    expect(inChild(script)).toMatchObject({ status: 0, signal: null, stdout: 'ERR_WORKER_DIED true\n' });
  });
});
