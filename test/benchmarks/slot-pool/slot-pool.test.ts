/** Compares the decisions of the two allocators of the slot benchmark. No test depends on a speed. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nativeProgram } from '../../../benchmarks/shared/native-program.js';
import { poolConfig, SlotLoop, type SlotPlan } from '../../../benchmarks/slot-pool/slot-loop.js';
import { slotPool } from '../../../benchmarks/slot-pool/slot-pool.js';
import { SlotProgram } from '../../../benchmarks/slot-pool/slot-program.js';
import { poolOf, type SlotShape, slotShapes } from '../../../benchmarks/slot-pool/slot-shapes.js';
import { SlotThreads } from '../../../benchmarks/slot-pool/slot-threads.js';
import { addon } from '../../../lib/addon/addon.js';
import { defaultSettings } from '../../../lib/bench/plan/settings.js';
import { SLOT_SIZE } from '../../../lib/units.js';
import { withCells } from '../fixtures/opened.js';

const POOL_BYTES = 8 << 20;
const SEED = 77;
const cpus = addon().affinity().slice(0, 2);
const NEVER = new AbortController().signal;

function planOf(shape: SlotShape, pairs: { warmup: number; count: number }): SlotPlan {
  const pool = poolConfig(poolOf(shape, POOL_BYTES));
  return { threads: shape.threads, pool, bytes: shape.slots * SLOT_SIZE, ...pairs };
}

function program(): string | null {
  try {
    return nativeProgram('slot_pool');
  } catch (error) {
    console.warn(`SKIPPED the slot allocator in C++: ${(error as Error).message}; install a compiler, or set CXX`);
    return null;
  }
}

const path = program();
const withProgram = path === null ? describe.skip : describe;

withProgram('the allocator in C++ and the model', () => {
  let threads: SlotThreads;
  let native: SlotProgram;
  beforeAll(() => {
    threads = new SlotThreads(cpus);
    native = new SlotProgram(path!, cpus);
  });
  afterAll(async () => {
    await Promise.all([threads.close(), native.close()]);
  });

  const named = (shapes: readonly SlotShape[]) =>
    shapes.map((shape) => [Object.values(shape).join('/'), shape] as const);

  it.each(named(slotShapes('default', 1)))('make the same decisions on one thread: %s', async (name, shape) => {
    const plan = planOf(shape, { warmup: 7, count: 3000 });
    const buffer = SlotLoop.create(plan, shape, SEED);
    await native.open(name, plan, shape, SEED);
    for (let round = 0; round < 2; round++) {
      const ours = await threads.run({ name, buffer, plan });
      const theirs = await native.run(name, plan);
      expect(ours.proof).toBe(theirs.proof);
      expect(Math.min(ours.ns, theirs.ns)).toBeGreaterThan(0);
    }
  });

  it('make other decisions in a slot pool with other holes', async () => {
    const shape = { slots: 1, occupied: 50, holes: 'slots', threads: 1, areas: 'shared' } as const;
    const plan = planOf(shape, { warmup: 0, count: 1000 });
    await native.open('other', plan, shape, SEED + 1);
    const ours = await threads.run({ name: 'other', buffer: SlotLoop.create(plan, shape, SEED), plan });
    expect((await native.run('other', plan)).proof).not.toBe(ours.proof);
  });

  it.each(['shared', 'own'] as const)('both finish with two threads and %s areas', async (areas) => {
    const shape = { slots: 2, occupied: 90, holes: 'segments', threads: 2, areas } as const;
    const plan = planOf(shape, { warmup: 100, count: 5000 });
    const name = `two-${areas}`;
    expect(await native.open(name, plan, shape, SEED)).toBe(0.875 * plan.pool.slots); // 90 % of 32 or 16 segments
    const buffer = SlotLoop.create(plan, shape, SEED);
    for (let round = 0; round < 3; round++) {
      for (const { ns, pulseNs } of [await threads.run({ name, buffer, plan }), await native.run(name, plan)]) {
        expect(ns).toBeGreaterThan(0);
        expect(Math.min(...pulseNs)).toBeGreaterThan(0);
      }
    }
  });
});

withProgram('a request', () => {
  const shape = { slots: 128, occupied: 90, holes: 'slots', threads: 1, areas: 'shared' } as const;
  const plan = planOf(shape, { warmup: 0, count: 1 });

  it('ends the thread and the program if it finds no room', async () => {
    const threads = new SlotThreads(cpus);
    const native = new SlotProgram(path!, cpus);
    const buffer = SlotLoop.create(plan, shape, SEED);
    await expect(threads.run({ name: 'full', buffer, plan })).rejects.toMatchObject({ code: 'ERR_WORKER_DIED' });
    await native.open('full', plan, shape, SEED);
    const ended = { code: 'ERR_WORKER_DIED', message: expect.stringContaining('no room') };
    await expect(native.run('full', plan)).rejects.toMatchObject(ended);
    await expect(native.run('full', plan)).rejects.toMatchObject(ended); // and stays so
    await Promise.all([threads.close(), native.close()]);
  });

  it('is refused if the program does not know it', async () => {
    const native = new SlotProgram(path!, cpus);
    await expect(native.run('never-opened', plan)).rejects.toThrow('no such request');
    await native.close();
  });
});

describe('slotPool', () => {
  it('compares each shape in TypeScript with itself in C++', async () => {
    const settings = { ...defaultSettings('quick', cpus, 5), pools: [POOL_BYTES] };
    const scenario = await slotPool(settings);
    const { cells, ratios } = scenario;
    const ids = cells.map(({ id }) => id);
    const compared = ratios.slice(0, path === null ? 0 : cells.length / 2);
    expect(compared.flatMap(({ of, to }) => [of, to])).toEqual(path === null ? [] : ids);
    const some = cells.slice(0, 8);
    await withCells(scenario, some, async () => {
      for (const cell of [...some, ...some.toReversed()]) {
        const { value, durationMs, ledger, pulseNs } = await cell.sample(NEVER);
        expect(value! * cell.batch).toBeCloseTo(durationMs * 1e6, 0);
        expect(ledger!.millionPairsPerSecond).toBeGreaterThan(0);
        expect(pulseNs).toEqual(Array(cell.params.threads as number).fill(expect.any(Number)));
      }
    });
  });

  it('compares one thread with each of several that have their own areas', async () => {
    const { cells, ratios } = await slotPool({ ...defaultSettings('full', [0, 1, 2, 3], 5), pools: [POOL_BYTES] });
    const paramsOf = new Map(cells.map(({ id, params }) => [id, params]));
    const own = cells.filter(({ params }) => params.areas === 'own');
    const scalings = ratios.filter(({ id }) => id.includes('-threads/'));
    expect(scalings.map(({ to }) => to).sort()).toEqual(own.map(({ id }) => id).sort());
    expect(new Set(own.map(({ params }) => params.threads))).toEqual(new Set([2, 4]));
    for (const { id, of, to } of scalings) {
      const { threads, pool, ...rest } = paramsOf.get(to)!;
      expect(id).toContain(`/1:${threads}-threads/${rest.allocator}/`);
      expect(paramsOf.get(of)).toEqual({ ...rest, threads: 1, areas: 'shared', pool: POOL_BYTES });
      expect(pool).toBeGreaterThanOrEqual(POOL_BYTES);
    }
    expect(new Set(ratios.map(({ id }) => id)).size).toBe(ratios.length);
  });
});
