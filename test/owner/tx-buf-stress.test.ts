import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { Arena } from '../../lib/smp/arena.js';
import { type OwnersWorkerData, PER_SOCKET, sharedOwners, WORD } from './fixtures/owners-worker.js';

const WORKER = new URL('./fixtures/owners-worker.js', import.meta.url);
const THREADS = 3;
const OWNERS = 20_000;

describe('owners whose references are dropped by other threads', () => {
  it('are each destroyed once, and none is allocated while it lives', async () => {
    const arena = Arena.for((counting) => sharedOwners(counting, THREADS));
    const { owners, words, stamps } = sharedOwners(arena, THREADS);
    owners.reset();
    const workers = Array.from({ length: THREADS }, (_, thread) => {
      const data: OwnersWorkerData = { buffer: arena.buffer!, thread, threads: THREADS, owners: OWNERS };
      return new Worker(WORKER, { workerData: data });
    });
    try {
      const codes = await Promise.all(workers.map(async (worker) => (await once(worker, 'exit'))[0]));
      expect(codes).toEqual(new Array(THREADS).fill(0));
    } finally {
      for (const worker of workers) await worker.terminate();
    }
    expect(words[WORD.destroyed]).toBe(OWNERS);
    expect([...stamps]).toEqual(new Array(PER_SOCKET).fill(0));
    expect(Array.from({ length: PER_SOCKET }, (_, id) => owners.isLive(id))).toEqual(new Array(PER_SOCKET).fill(false));
  });
});
