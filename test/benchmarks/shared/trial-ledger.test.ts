/** What a sample accounts. No test depends on a speed. */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cpuNsPerByte, ledgerOf, rateOf } from '../../../benchmarks/shared/trial-ledger.js';
import { addon } from '../../../lib/addon/addon.js';
import { coresOf, roundCost } from '../../../lib/bench/result/cores.js';
import { CORE_KEYS, type Ledger, MINIMAL_CPU_SHARE } from '../../../lib/bench/types/ledger-keys.js';
import { machineConfig } from '../../../lib/machine/build/config.js';
import { ThreadedMachine } from '../../../lib/machine/run/threaded-machine.js';
import type { TxTrial } from '../../../lib/machine/run/tx-trial.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';
import { CopyLedger } from '../../../lib/smp/copy-ledger.js';

const NOTHING = {
  userCopy: 0,
  bounceCopy: 0,
  headerCopy: 0,
  slotPage: 0,
  lockWait: 0,
  application: 0,
  rest: 0,
  idle: 0,
};

function trialOf(given: Partial<Omit<TxTrial, 'time'>> & { time?: Partial<TxTrial['time']> } = {}): TxTrial {
  const { time, ...rest } = given;
  const usual = {
    seconds: 0.1,
    cpuNs: 2e8,
    gbps: 8,
    bytes: 1e8,
    skbs: 1000,
    onCpuShare: 1,
    cpuPerBusyNs: 1,
    areas: [],
  };
  const copyLedger = new CopyLedger(new Float64Array(0), 0);
  return { ...usual, copyLedger, ...rest, time: { ...NOTHING, ...time } } as unknown as TxTrial;
}

describe('the rate of a sample', () => {
  it('is none, and not zero, where nothing arrived', () => {
    expect([rateOf(trialOf({ gbps: 0 })), rateOf(trialOf({ gbps: 0.1 }))]).toEqual([null, 0.1]);
  });
});

describe('the costs of a sample', () => {
  it('are the CPU time of each part per byte, and their sum', () => {
    const time = { userCopy: 4e7, bounceCopy: 3e7, headerCopy: 1e7, slotPage: 2e7, lockWait: 1e7, rest: 1e7 };
    const ledger = ledgerOf(trialOf({ time, cpuPerBusyNs: 0.5 }));
    // Half of 0.4 ns a byte, at 12.5 bytes/ns for 100 Gbit/s.
    expect(ledger.coresUser).toBeCloseTo(2.5, 9);
    expect(ledger.coresBounce).toBeCloseTo(2.5, 9);
    expect(ledger.coresTotal).toBeCloseTo(7.5, 9);
    expect(ledger.controlNsPerSkb).toBeCloseTo(15_000, 6);
    expect(ledger.busyNs).toBe(2e8);
  });

  it('add up in every round, and agree with the rate and the time of the CPUs', () => {
    const ns = fc.double({ min: 0, max: 1e9, noNaN: true });
    const part = fc.record({ userCopy: ns, bounceCopy: ns, headerCopy: ns, slotPage: ns, lockWait: ns, rest: ns });
    fc.assert(
      fc.property(
        part,
        fc.integer({ min: 1, max: 1e12 }),
        fc.double({ min: 0.9, max: 1, noNaN: true }),
        (time, bytes, share) => {
          const ledger = ledgerOf(trialOf({ time, bytes, cpuPerBusyNs: share, onCpuShare: share }));
          const sum = CORE_KEYS.reduce((total, key) => total + ledger[key]!, 0);
          if (share < MINIMAL_CPU_SHARE) {
            expect([sum, ledger.coresTotal, ledger.controlNsPerSkb]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
            return;
          }
          expect(ledger.coresTotal).toBe(sum);
          const busy = Object.values(time).reduce((total, one) => total + one, 0);
          expect(Math.abs((sum * bytes) / 12.5 - busy * share)).toBeLessThanOrEqual(1e-9 * busy);
        },
      ),
    );
  });

  it('are not numbers where the threads lacked their CPUs, or nothing moved', () => {
    const time = { userCopy: 4e7 };
    expect(cpuNsPerByte(trialOf({ time, onCpuShare: MINIMAL_CPU_SHARE }), 4e7)).toBe(0.4);
    expect(cpuNsPerByte(trialOf({ time, onCpuShare: 0.94 }), 4e7)).toBeNaN();
    const nothing = ledgerOf(trialOf({ time, bytes: 0, skbs: 0, gbps: 0 }));
    for (const key of [...CORE_KEYS, 'coresTotal', 'controlNsPerSkb'] as const) expect(nothing[key]).toBeNaN();
    expect(roundCost(nothing)).toBeNull();
  });
});

describe('the costs of a machine beside a program that wants its CPU', () => {
  const ADDON = new URL('../../../../build/Release/copytax.node', import.meta.url);
  const HOG = `
    const { parentPort, workerData } = require('node:worker_threads');
    require(workerData.file).pinThread(workerData.cpu);
    parentPort.postMessage('runs');
    for (;;);
  `;
  const cpus = addon().affinity().slice(0, 1);
  const config = machineConfig({
    design: 'bounce',
    cpus: { count: 1, copyKernel: copyKernelIndex('libc') },
    sockets: { senders: 1 },
  });

  async function rounds(count: number): Promise<Ledger[]> {
    const machine = new ThreadedMachine(cpus);
    const found: Ledger[] = [];
    for (let round = 0; round < count; round++) {
      found.push(ledgerOf(await machine.run(config, { warmupMs: 20, measureMs: 40 })));
    }
    await machine.close();
    return found;
  }

  it('agree with those without it, or are not given', async () => {
    const quiet = coresOf((await rounds(8)).map(roundCost));
    const hog = new Worker(HOG, { eval: true, workerData: { file: fileURLToPath(ADDON), cpu: cpus[0] } });
    try {
      await once(hog, 'message');
      const ledgers = await rounds(8);
      for (const { onCpuShare } of ledgers) expect(onCpuShare).toBeLessThanOrEqual(1);
      const loaded = coresOf(ledgers.map(roundCost));
      if (quiet === null || loaded === null) return;
      expect(loaded.median / quiet.median).toBeGreaterThan(0.5);
      expect(loaded.median / quiet.median).toBeLessThan(2);
    } finally {
      await hog.terminate();
    }
  });
});
