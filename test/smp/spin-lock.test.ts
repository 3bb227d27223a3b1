import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from '@jest/globals';
import { CopyList } from '../../lib/memory/copy-list.js';
import { Arena } from '../../lib/smp/arena.js';
import { contentions, LOCK_WORDS, lock, tryLock, unlock, waitedNs } from '../../lib/smp/spin-lock.js';
import { testCpu, testCpus } from './fixtures/cpus.js';
import { COUNTER, type SpinWorkerData, WORDS } from './fixtures/spin-worker.js';

const WORKER = new URL('./fixtures/spin-worker.js', import.meta.url);
const list = CopyList.ofThisThread();

/** Runs `during` at each pause of the waiter, instead of pausing. */
function whileWaiting(during: (pause: number) => void): void {
  let pauses = 0;
  list.relax = () => {
    during(++pauses);
    return list.now;
  };
}

afterEach(() => {
  Reflect.deleteProperty(list, 'relax');
  Reflect.deleteProperty(list, 'now');
});

describe('a spin lock', () => {
  it('names its holder, and counts nothing when no CPU waits', () => {
    const { cpus } = testCpus(3);
    const words = new Int32Array(LOCK_WORDS);
    lock(cpus[2]!, words, 0);
    expect(words[0]).toBe(3);
    expect(tryLock(cpus[0]!, words, 0)).toBe(false);
    unlock(words, 0);
    expect(tryLock(cpus[0]!, words, 0)).toBe(true);
    expect([...words]).toEqual([1, 0, 0, 0]);
    expect(cpus[2]!.lockWaitNs).toBe(0);
  });

  it('writes to its own words only', () => {
    const words = new Int32Array(3 * LOCK_WORDS);
    lock(testCpu(), words, LOCK_WORDS);
    expect([...words]).toEqual([...new Array(LOCK_WORDS).fill(0), 1, ...new Array(2 * LOCK_WORDS - 1).fill(0)]);
  });

  it('counts a contended acquisition and the time it took', () => {
    const { cpus, table } = testCpus(2);
    const words = new Int32Array(LOCK_WORDS);
    lock(cpus[0]!, words, 0);
    whileWaiting((pause) => {
      if (pause === 3) unlock(words, 0);
    });
    lock(cpus[1]!, words, 0);
    expect([words[0], contentions(words, 0)]).toEqual([2, 1]);
    expect(cpus[1]!.lockWaitNs).toBeGreaterThan(0);
    expect(waitedNs(words, 0)).toBe(Math.round(cpus[1]!.lockWaitNs));
    expect(table.timeOf(1, 'lockWait')).toBe(cpus[1]!.lockWaitNs);
    expect(table.timeOf(0, 'lockWait')).toBe(0);
  });

  it('adds up more nanoseconds than a word holds', () => {
    const cpu = testCpu();
    const words = new Int32Array(LOCK_WORDS);
    let now = 1e9;
    const clocked = Object.create(list, {
      now: { get: () => now },
      clock: {
        value: () => {
          now += 2e9;
          return now;
        },
      },
      relax: { value: () => unlock(words, 0) },
    }) as typeof list;
    const waiting = Object.create(cpu, { list: { value: clocked } }) as typeof cpu;
    for (let wait = 0; wait < 3; wait++) {
      words[0] = 9;
      lock(waiting, words, 0);
    }
    expect({ contentions: contentions(words, 0), waitedNs: waitedNs(words, 0) }).toEqual({
      contentions: 3,
      waitedNs: 6e9,
    });
  });

  it('yields to the scheduler after a while, since the holder may have lost its CPU', () => {
    const cpu = testCpu();
    const words = new Int32Array(LOCK_WORDS);
    const pauses: number[] = [];
    list.relax = (spins) => {
      pauses.push(spins);
      if (pauses.length === 300) unlock(words, 0);
      return list.now;
    };
    words[0] = 9;
    lock(cpu, words, 0);
    expect(pauses[0]).toBeGreaterThan(0);
    expect(pauses[299]).toBe(0);
  });

  it('is not waited for in an aborted machine: the error names the holder', () => {
    const { cpus, table } = testCpus(2);
    const words = new Int32Array(LOCK_WORDS);
    lock(cpus[1]!, words, 0);
    whileWaiting(() => table.abort());
    expect(() => lock(cpus[0]!, words, 0)).toThrow(
      expect.objectContaining({ code: 'ERR_ABORTED', message: expect.stringMatching(/CPU 0 .* CPU 1 /) }),
    );
    expect(words[0]).toBe(2);
  });

  it('fails with ERR_LOCK_STALLED when it is not released for ten seconds', () => {
    const words = Int32Array.of(8, 0);
    let now = list.clock();
    Object.defineProperty(list, 'now', { configurable: true, get: () => now });
    let seconds = 0;
    whileWaiting(() => {
      seconds++;
      now += 1e9;
    });
    expect(() => lock(testCpu(), words, 0)).toThrow(expect.objectContaining({ code: 'ERR_LOCK_STALLED' }));
    expect(seconds).toBeGreaterThanOrEqual(10);
  });

  it('admits one thread at a time', async () => {
    const threads = 3;
    const rounds = 20_000;
    const arena = Arena.for((counting) => counting.int32(WORDS));
    const words = arena.int32(WORDS);
    const workers = Array.from({ length: threads }, (_, cpu) => {
      const workerData: SpinWorkerData = { buffer: arena.buffer!, cpu, threads, rounds };
      return new Worker(WORKER, { workerData });
    });
    const codes = await Promise.all(workers.map(async (worker) => (await once(worker, 'exit'))[0]));
    expect(codes).toEqual([0, 0, 0]);
    expect(words[0]).toBe(0);
    expect(words[COUNTER]).toBe(threads * rounds);
  });
});
