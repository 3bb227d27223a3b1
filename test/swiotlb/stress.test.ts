import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { Arena } from '../../lib/smp/arena.js';
import { type StressWorkerData, stressState } from './fixtures/stress-worker.js';

const WORKER = new URL('./fixtures/stress-worker.js', import.meta.url);
const THREADS = 4;
const OPERATIONS = 1_000_000;

describe('a slot pool under several threads', () => {
  it('gives no slot to two of them, and has all back in the end', async () => {
    const config = { start: 0x4000000, slots: 2048, areas: 4 };
    const arena = Arena.for((counting) => stressState(counting, config));
    const { swiotlb, stamps, counts } = stressState(arena, config);
    swiotlb.reset();
    const ends = Array.from({ length: THREADS }, (_, cpu) => {
      const data = { buffer: arena.buffer!, config, cpu, threads: THREADS, operations: OPERATIONS / THREADS };
      const worker = new Worker(WORKER, { workerData: data satisfies StressWorkerData });
      return new Promise<string>((resolve) => {
        worker.once('error', (error) => resolve(error.message)).once('exit', (code) => resolve(`exit ${code}`));
      });
    });
    expect(await Promise.all(ends)).toEqual(new Array(THREADS).fill('exit 0'));
    expect(counts[1]).toBe(OPERATIONS);
    expect(counts[2]).toBeGreaterThan(0); // the pool was full now and then
    expect(counts[2]).toBeLessThan(OPERATIONS / 2);
    expect(stamps.every((stamp) => stamp === 0)).toBe(true);
    expect(swiotlb.used()).toBe(0);
    for (let slot = 0; slot < config.slots; slot++) {
      if (swiotlb.pool.table.freeCounter(slot) !== 128 - (slot % 128)) throw new Error(`slot ${slot} is not free`);
    }
  });
});
