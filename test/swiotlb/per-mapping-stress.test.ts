import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { Arena } from '../../lib/smp/arena.js';
import { LOOKUPS } from '../../lib/swiotlb/per-mapping/buffer-index.js';
import { COUNT, type PerMappingWorkerData, perMappingState } from './fixtures/per-mapping-worker.js';

const WORKER = new URL('./fixtures/per-mapping-worker.js', import.meta.url);
const THREADS = 3;
const OPERATIONS = 600_000;

describe.each(LOOKUPS)('an allocator with buffers in a %s, used by several threads,', (lookup) => {
  it('gives each buffer to one thread, lets any thread find it, and has all back at the end', async () => {
    const arena = Arena.for((counting) => perMappingState(counting, lookup));
    const { swiotlb, stamps, counts, blocks } = perMappingState(arena, lookup);
    swiotlb.reset();
    const workers = Array.from({ length: THREADS }, (_, cpu) => {
      const data = { buffer: arena.buffer!, lookup, threads: THREADS, cpu, operations: OPERATIONS / THREADS };
      return new Worker(WORKER, { workerData: data satisfies PerMappingWorkerData });
    });
    const ends = workers.map((worker) => {
      return new Promise<string>((resolve) => {
        worker
          .once('exit', (code) => resolve(`exit ${code}`))
          .once('error', (error) => {
            resolve(error.message);
            for (const other of workers) other.terminate(); // they would wait for this one
          });
      });
    });
    expect(await Promise.all(ends)).toEqual(new Array(THREADS).fill('exit 0'));
    expect(counts[COUNT.buffers]).toBeGreaterThan(OPERATIONS / 10);
    expect(counts[COUNT.handedOver]).toBeGreaterThan(OPERATIONS / 50);
    expect(swiotlb.perMapping!.statistics()).toEqual({ buffers: 0, bytes: 0, fallbacks: expect.any(Number) });
    expect(swiotlb.perMapping!.statistics().fallbacks).toBeGreaterThan(OPERATIONS / 1000);
    expect(swiotlb.statistics().io_tlb_used_hiwater).toBeGreaterThan(100);
    expect(stamps.every((stamp) => stamp === 0)).toBe(true);
    expect([swiotlb.used(), swiotlb.pool.used(), blocks.lent]).toEqual([0, 0, 0]);
  });
});
