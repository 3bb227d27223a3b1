/** Slots of several threads at once, some of which are terminated in the midst of a call. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { Slots } from '../../lib/slots/slots.js';
import type { SlotsSpec } from '../../lib/slots/slots-handle.js';
import { playRound, type SlotsWorker, startWorker, takeAll } from './fixtures/slots-threads.js';
import { ROUND } from './fixtures/slots-worker.js';

const code = (expected: string) => expect.objectContaining({ code: expected });
const workers: SlotsWorker[] = [];
let slots: Slots;

function open(spec: Partial<SlotsSpec> = {}): void {
  slots = Slots.create({ bytes: 2 << 20, areas: 2, lock: 'no', ...spec });
}

async function start(...of: Parameters<typeof startWorker> extends [Slots, ...infer Rest] ? Rest : never) {
  const started = await startWorker(slots, ...of);
  workers.push(started);
  return started;
}

afterEach(async () => {
  for (const { worker } of workers.splice(0)) await worker.terminate();
  slots.close();
});

describe('Slots of two threads', () => {
  it('free each block once when both free all of them at the same time', async () => {
    const BLOCKS = 1000;
    open();
    const other = await start('race', BLOCKS);
    const { words } = other;
    const wins = { here: 0, there: 0 };
    for (let round = 1; round <= 50; round++) {
      words[ROUND.count] = BLOCKS;
      const offsets = Array.from({ length: BLOCKS }, () => slots.alloc(1500));
      words.set(offsets, ROUND.offsets);
      let here = 0;
      await playRound(other, round, () => {
        for (const offset of offsets) {
          try {
            slots.free(offset);
            here++;
          } catch (error) {
            if ((error as { code?: string }).code !== 'ERR_DOUBLE_FREE') throw error;
          }
          if (slots.used < 0) throw new Error('less than nothing is in use');
        }
      });
      const there = words.subarray(ROUND.offsets).filter((offset) => offset === -1).length;
      expect({ freed: here + there, used: slots.used }).toEqual({ freed: BLOCKS, used: 0 });
      wins.here += here;
      wins.there += there;
    }
    expect(wins.here + wins.there).toBe(50 * BLOCKS);
  });

  it('pass blocks whose bytes arrive', async () => {
    const BLOCKS = 400;
    open();
    const other = await start('receive', BLOCKS);
    other.words[ROUND.count] = BLOCKS;
    for (let round = 1; round <= 50; round++) {
      for (let at = 0; at < BLOCKS; at++) {
        const offset = slots.alloc(3000);
        slots.view(offset, 4).writeInt32LE(at);
        other.words[ROUND.offsets + at] = offset;
      }
      await playRound(other, round, () => {});
      expect(slots.used).toBe(0);
    }
  });
});

describe('Slots of a thread that is terminated', () => {
  /** Each slot is either in use or can be taken. */
  function expectBooksInOrder() {
    const before = slots.used;
    expect(before).toBeGreaterThanOrEqual(0);
    const rest = takeAll(slots);
    expect(before + rest.length * 2048).toBe(slots.handle.bytes);
    for (const at of rest) slots.free(at);
    expect(slots.used).toBe(before);
  }

  it.each([true, false])(
    'go on in other threads, and are in order (forgotten, with its blocks: %p)',
    async (isForgotten) => {
      open({ bytes: 4 << 20, threads: 2 });
      for (let turn = 0; turn < 12; turn++) {
        const { worker, thread } = await start('churn');
        expect(thread).toBe(1);
        const until = performance.now() + turn / 4;
        while (performance.now() < until) slots.free(slots.alloc(5000));
        await worker.terminate();
        if (isForgotten) slots.forget(thread, 'free');
        expectBooksInOrder();
        if (isForgotten) expect(slots.used).toBe(0);
      }
    },
    120_000,
  );

  it('are repaired wherever it has stopped, by the next caller', async () => {
    open();
    const held = [slots.alloc(9000), slots.alloc(100_000)];
    slots.view(held[1]!, 4).write('kept');
    const { worker } = await start('stop-midway');
    await worker.terminate();
    expect(slots.free(held[0]!)).toBe(9000);
    expect(slots.view(held[1]!, 4).toString()).toBe('kept');
    expect(slots.used).toBe(49 * 2048);
    expectBooksInOrder();
  });

  it('are repaired by forget', async () => {
    open();
    const { worker, thread } = await start('stop-midway');
    void worker.terminate(); // forget waits until it has ended
    slots.forget(thread);
    expect(slots.used).toBe(0);
    expectBooksInOrder();
  });

  it('name a thread that is alive and holds a lock, and do not forget it', async () => {
    open({ stallMs: 50 });
    const { worker, thread } = await start('stop-midway');
    const named = expect.objectContaining({ code: 'ERR_LOCK_STUCK', details: expect.objectContaining({ thread }) });
    expect(() => slots.alloc(1)).toThrow(named);
    expect(() => slots.forget(thread)).toThrow(code('ERR_THREAD_ALIVE'));
    await worker.terminate();
    expect(slots.alloc(1)).toBe(0);
  });

  it('give its number to a new thread when no other is free', async () => {
    open({ threads: 2 });
    const first = await start('churn');
    await expect(start('churn')).rejects.toThrow('all 2 thread numbers of the slot pool are taken');
    await first.worker.terminate();
    expect((await start('churn')).thread).toBe(first.thread);
  });
});
