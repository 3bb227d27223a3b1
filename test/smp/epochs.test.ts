import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from '@jest/globals';
import { CopyList } from '../../lib/memory/copy-list.js';
import { Arena } from '../../lib/smp/arena.js';
import { Epochs } from '../../lib/smp/epochs.js';
import { inArena, testCpus } from './fixtures/cpus.js';
import { type EpochWorkerData, epochState, WORD } from './fixtures/epoch-worker.js';

const WORKER = new URL('./fixtures/epoch-worker.js', import.meta.url);
const THREADS = 3;
const list = CopyList.ofThisThread();

function machine() {
  const epochs = inArena((arena) => new Epochs(arena, THREADS));
  epochs.reset();
  return { epochs, ...testCpus(THREADS) };
}

/** What happens while a CPU waits: at each pause the next of these, and nothing after the last. */
function atPauses(...actions: (() => void)[]): () => number {
  let pauses = 0;
  list.relax = () => {
    actions[pauses++]?.();
    if (pauses > 100) throw new Error('waits for ever');
    return list.now;
  };
  return () => pauses;
}

afterEach(() => {
  Reflect.deleteProperty(list, 'relax');
});

describe('Epochs.synchronize', () => {
  it('returns at once when there is no reader', () => {
    const { epochs, cpus } = machine();
    const pauses = atPauses();
    epochs.synchronize(cpus[0]!);
    epochs.enter(cpus[1]!);
    epochs.exit(cpus[1]!);
    epochs.synchronize(cpus[0]!);
    expect(pauses()).toBe(0);
  });

  it('waits for each reader that began before it was called', () => {
    const { epochs, cpus } = machine();
    epochs.enter(cpus[1]!);
    epochs.enter(cpus[2]!);
    const nothing = () => {};
    const pauses = atPauses(
      nothing,
      () => epochs.exit(cpus[2]!),
      nothing,
      () => epochs.exit(cpus[1]!),
    );
    epochs.synchronize(cpus[0]!);
    expect(pauses()).toBe(4);
  });

  it('does not wait for readers that began after it was called', () => {
    const { epochs, cpus } = machine();
    epochs.enter(cpus[1]!);
    const pauses = atPauses(() => {
      epochs.exit(cpus[1]!);
      epochs.enter(cpus[1]!);
      epochs.enter(cpus[2]!);
    });
    epochs.synchronize(cpus[0]!);
    expect(pauses()).toBe(1);
  });

  it('also waits for readers that began before an earlier grace period', () => {
    const { epochs, cpus } = machine();
    epochs.synchronize(cpus[0]!);
    epochs.enter(cpus[2]!);
    atPauses(() => {
      // Another CPU retires something else meanwhile, and waits for the same reader.
      const pauses = atPauses(() => epochs.exit(cpus[2]!));
      epochs.synchronize(cpus[1]!);
      expect(pauses()).toBe(1);
    });
    epochs.synchronize(cpus[0]!);
  });

  it('gives up when the machine is aborted', () => {
    const { epochs, cpus, table } = machine();
    epochs.enter(cpus[1]!);
    const pauses = atPauses(() => table.abort());
    epochs.synchronize(cpus[0]!);
    expect(pauses()).toBe(1);
  });

  it('never lets a thread read memory that was retired', async () => {
    const rounds = 20_000;
    const arena = Arena.for((counting) => epochState(counting, THREADS));
    const { epochs, words } = epochState(arena, THREADS);
    epochs.reset();
    const ends = Array.from({ length: THREADS }, (_, cpu) => {
      const data: EpochWorkerData = { buffer: arena.buffer!, cpu, threads: THREADS, rounds };
      const worker = new Worker(WORKER, { workerData: data });
      return new Promise<string>((resolve) => {
        worker
          .once('exit', (code) => resolve(`exit ${code}`))
          .once('error', (error) => {
            resolve(error.message);
            epochs.exit(testCpus(THREADS).cpus[cpu]!); // in its place: the writer waits for it
          });
      });
    });
    expect(await Promise.all(ends)).toEqual(new Array(THREADS).fill('exit 0'));
    expect(words[WORD.looks]).toBeGreaterThan(100);
  });
});
