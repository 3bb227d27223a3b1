import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { Arena } from '../../lib/smp/arena.js';
import {
  isSingle,
  PAGES,
  resetZeroCopy,
  SENDERS,
  sharedZeroCopy,
  WORD,
  type ZeroCopyWorkerData,
} from './fixtures/zero-copy-worker.js';

const WORKER = new URL('./fixtures/zero-copy-worker.js', import.meta.url);
const THREADS = 4;
const SENDS = 10_000;

describe('pins, completions, objects of a slab and bindings that several threads use', () => {
  it('are given back as often as they were taken, and every sender is told of each of its sends once', async () => {
    const arena = Arena.for(sharedZeroCopy);
    const shared = sharedZeroCopy(arena);
    resetZeroCopy(shared);
    const workers = Array.from({ length: THREADS }, (_, thread) => {
      const data: ZeroCopyWorkerData = { buffer: arena.buffer!, thread, threads: THREADS, sends: SENDS };
      return new Worker(WORKER, { workerData: data });
    });
    try {
      const codes = await Promise.all(workers.map(async (worker) => (await once(worker, 'exit'))[0]));
      expect(codes).toEqual(new Array(THREADS).fill(0));
    } finally {
      for (const worker of workers) await worker.terminate();
    }
    const { pages, pins, completions, slab, bindings, words } = shared;
    expect(words[WORD.copied]! + words[WORD.sent]!).toBe(SENDERS * SENDS);
    for (let page = 0; page < PAGES; page++) {
      expect(pages.refs(8 + page)).toBe(isSingle(page) ? 1 : 0);
      expect(pins.maybePinned(8 + page)).toBe(false);
    }
    for (let socket = 0; socket < SENDERS; socket++) {
      expect(pins.pinnedPages(socket)).toBe(0);
      expect([completions.outstanding(socket), completions.unread(socket)]).toEqual([0, 0]);
    }
    expect(slab.freeObjects).toBe(slab.objects);
    bindings.unregister(0);
  });
});
