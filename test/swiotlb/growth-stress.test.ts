import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { Arena } from '../../lib/smp/arena.js';
import { COUNT, type GrowthWorkerData, growthState } from './fixtures/growth-worker.js';
import { ADDED_BLOCKS } from './fixtures/shared-blocks.js';

const WORKER = new URL('./fixtures/growth-worker.js', import.meta.url);
const MAPPERS = 3;
const OPERATIONS = 420_000;

describe('an allocator that grows, under several threads', () => {
  it('gives no slot to two of them, finds every pool, and has all back in the end', async () => {
    const arena = Arena.for((counting) => growthState(counting, MAPPERS));
    const { swiotlb, stamps, counts, blocks } = growthState(arena, MAPPERS);
    swiotlb.reset();
    const workers = Array.from({ length: MAPPERS + 1 }, (_, cpu) => {
      const data = { buffer: arena.buffer!, mappers: MAPPERS, cpu, operations: OPERATIONS / MAPPERS };
      return new Worker(WORKER, { workerData: data satisfies GrowthWorkerData });
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
    expect(await Promise.all(ends)).toEqual(new Array(MAPPERS + 1).fill('exit 0'));
    expect(counts[COUNT.added]).toBe(ADDED_BLOCKS);
    expect(counts[COUNT.refused]).toBeLessThan(OPERATIONS / 4);
    expect(counts[COUNT.handedOver]).toBeGreaterThan(OPERATIONS / 50);
    expect(blocks.transientGiven).toBeGreaterThan(500);
    expect(stamps.every((stamp) => stamp === 0)).toBe(true);
    expect(swiotlb.statistics()).toMatchObject({ io_tlb_used: 0, io_tlb_transient_nslabs: 0, io_tlb_nslabs: 1536 });
    expect(swiotlb.pools!.used()).toBe(0);
    expect(blocks.lent).toBe(ADDED_BLOCKS);
  });
});
