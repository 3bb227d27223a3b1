/**
 * The slot allocator used by several threads: a number of operations, after which everything has to add up. Usable
 * without a test runner, so it does not use `expect`.
 */
import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import { Arena } from '../../lib/smp/arena.js';
import { NO_SLOT_POOL } from '../../lib/swiotlb/pools/slot-pool-list.js';
import type { Swiotlb } from '../../lib/swiotlb/swiotlb.js';
import { COUNT, DEVICES, type GrowthWorkerData, growthState } from './fixtures/growth-worker.js';
import { ADDED_BLOCKS, POOL_START } from './fixtures/shared-blocks.js';
import { type StressWorkerData, stressState } from './fixtures/stress-worker.js';
import { assertAccounted, atQuiescence } from './quiescence.js';

const THREADS = 4;
const MAPPERS = 3;
const STATIC = { start: 0x4000000, slots: 2048, areas: 4 };

/**
 * How each thread ended: `exit 0`, or its error. When one fails, the others are ended, because they might wait for it.
 */
function ends(workers: readonly Worker[]): Promise<string[]> {
  const end = (worker: Worker) =>
    new Promise<string>((resolve) => {
      worker
        .once('exit', (code) => resolve(`exit ${code}`))
        .once('error', (error) => {
          resolve(error.message);
          for (const other of workers) other.terminate();
        });
    });
  return Promise.all(workers.map(end));
}

/** Runs threads on one slot pool. Returns what happened; throws if something does not add up. */
export async function stressStatic(operations: number) {
  const arena = Arena.for((counting) => stressState(counting, STATIC));
  const { swiotlb, stamps, counts, quiescence } = stressState(arena, STATIC);
  swiotlb.reset();
  const workers = Array.from({ length: THREADS }, (_, cpu) => {
    const data = {
      buffer: arena.buffer!,
      config: STATIC,
      cpu,
      threads: THREADS,
      operations: Math.ceil(operations / THREADS),
    };
    const url = new URL('./fixtures/stress-worker.js', import.meta.url);
    return new Worker(url, { workerData: data satisfies StressWorkerData });
  });
  const ended = ends(workers);
  let heldSlots = 0;
  await atQuiescence(quiescence, THREADS, ended, () => {
    heldSlots = assertAccounted([swiotlb.pool], stamps, STATIC.start);
  });
  assert.deepEqual(await ended, new Array(THREADS).fill('exit 0'));
  assert.equal(assertAccounted([swiotlb.pool], stamps, STATIC.start), 0);
  for (let slot = 0; slot < STATIC.slots; slot++) {
    if (swiotlb.pool.table.freeCounter(slot) !== 128 - (slot % 128)) throw new Error(`slot ${slot} is not free`);
  }
  return { operations: counts[1]!, refused: counts[2]!, heldSlots, used: swiotlb.used() };
}

/** Runs threads on an allocator that grows. Returns what happened; throws if something does not add up. */
export async function stressGrowing(operations: number) {
  const arena = Arena.for((counting) => growthState(counting, MAPPERS));
  const { swiotlb, stamps, counts, blocks, quiescence } = growthState(arena, MAPPERS);
  swiotlb.reset();
  const workers = Array.from({ length: MAPPERS + 1 }, (_, cpu) => {
    const data = { buffer: arena.buffer!, mappers: MAPPERS, cpu, operations: Math.ceil(operations / MAPPERS) };
    const url = new URL('./fixtures/growth-worker.js', import.meta.url);
    return new Worker(url, { workerData: data satisfies GrowthWorkerData });
  });
  const ended = ends(workers);
  let heldSlots = 0;
  await atQuiescence(quiescence, MAPPERS, ended, () => {
    heldSlots = assertAccounted(slotPoolsOf(swiotlb), stamps, POOL_START);
  });
  assert.deepEqual(await ended, new Array(MAPPERS + 1).fill('exit 0'));
  assert.equal(assertAccounted(slotPoolsOf(swiotlb), stamps, POOL_START), 0);
  const { io_tlb_used, io_tlb_transient_nslabs, io_tlb_nslabs } = swiotlb.statistics();
  assert.deepEqual([io_tlb_used, io_tlb_transient_nslabs, io_tlb_nslabs], [0, 0, 1536]);
  assert.deepEqual([swiotlb.pools!.used(), blocks.lent, counts[COUNT.added]], [0, ADDED_BLOCKS, ADDED_BLOCKS]);
  const { refused, handedOver } = COUNT;
  return {
    refused: counts[refused]!,
    handedOver: counts[handedOver]!,
    transientPools: blocks.transientGiven,
    heldSlots,
  };
}

/** The listed slot pools, and the transient pools of all devices. */
function slotPoolsOf({ pools }: Swiotlb) {
  const { list } = pools!;
  const found = [];
  for (let head = 0; head <= DEVICES.length; head++) {
    for (let pool = list.first(head); pool !== NO_SLOT_POOL; pool = list.next(pool)) found.push(list.pool(pool));
  }
  return found;
}
