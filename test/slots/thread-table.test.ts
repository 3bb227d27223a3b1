import { readdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { MAX_THREADS, numberOf, ThreadTable } from '../../lib/slots/thread-table.js';
import { Arena } from '../../lib/smp/arena.js';
import { interleave } from '../support/interleave.js';

/** Several handles of this thread over one table. */
function tables(count: number, handles: number): ThreadTable[] {
  const arena = Arena.for((counting) => new ThreadTable(counting, count));
  return Array.from({ length: handles }, () => new ThreadTable(Arena.over(arena.buffer!), count));
}

describe('ThreadTable', () => {
  it('gives out numbers from 0, and tokens that never occur again', () => {
    const [a, b] = tables(2, 2) as [ThreadTable, ThreadTable];
    const tokens = [a.join(), b.join()];
    expect(tokens.map(numberOf)).toEqual([0, 1]);
    for (let turn = 0; turn < 100; turn++) {
      b.leave(tokens.at(-1)!);
      tokens.push(b.join());
    }
    expect(numberOf(tokens.at(-1)!)).toBe(1);
    expect(new Set(tokens).size).toBe(102);
  });

  it('knows which handles have left, been removed or replaced', () => {
    const [a, b] = tables(2, 2) as [ThreadTable, ThreadTable];
    const [first, second] = [a.join(), b.join()];
    expect([a.isPresent(first), a.isPresent(second)]).toEqual([true, true]);
    a.remove(1);
    expect([a.isPresent(second), a.isGone(second)]).toEqual([false, true]);
    const third = b.join();
    b.leave(second); // has no number any more
    expect([a.isPresent(second), a.isPresent(third), numberOf(third)]).toEqual([false, true, 1]);
  });

  it.each([
    ['removed', 0],
    ['removed', 1],
    ['removed', 2],
    ['left', 0],
    ['left', 1],
  ] as const)('takes no number from a handle that joins while another is %s, after %i steps of that', (how, steps) => {
    const [a, b, c] = tables(2, 3) as [ThreadTable, ThreadTable, ThreadTable];
    a.join();
    const second = b.join();
    let third: number | undefined;
    const undo = interleave((_words, operations) => {
      if (operations !== steps) return;
      try {
        third = c.join();
      } catch {
        // All numbers are taken as yet.
      }
    });
    try {
      if (how === 'removed') a.remove(1);
      else b.leave(second);
    } finally {
      undo();
    }
    third ??= c.join();
    expect({ number: numberOf(third), isPresent: c.isPresent(third) }).toEqual({ number: 1, isPresent: true });
  });

  it('refuses one handle too many, and says what to do', () => {
    const made = tables(3, 4);
    for (const table of made.slice(0, 3)) table.join();
    const refused = expect.objectContaining({
      code: 'ERR_OUT_OF_RANGE',
      details: { threads: 3, remedy: expect.stringContaining('forget()') },
    });
    expect(() => made[3]!.join()).toThrow(refused);
  });

  it('numbers as many handles as it says', () => {
    const made = tables(MAX_THREADS, MAX_THREADS);
    const numbers = made.map((table) => numberOf(table.join()));
    expect(numbers).toEqual(Array.from({ length: MAX_THREADS }, (_, at) => at));
  });

  it('takes a handle of this very thread for gone, since it cannot be in the midst of a call', () => {
    const [a, b] = tables(2, 2) as [ThreadTable, ThreadTable];
    a.join();
    expect(a.isGone(b.join())).toBe(true);
    expect(a.awaitEnd(1, 0)).toBe(true);
  });
});

describe('Linux', () => {
  it('lists the threads of this process, as long as they run', async () => {
    const before = new Set(readdirSync('/proc/self/task'));
    const worker = new Worker('setInterval(() => {}, 1000)', { eval: true });
    await new Promise((started) => worker.once('online', started));
    const added = readdirSync('/proc/self/task').filter((thread) => !before.has(thread));
    await worker.terminate();
    const after = readdirSync('/proc/self/task');
    expect(added.length).toBeGreaterThan(0);
    expect(added.some((thread) => !after.includes(thread))).toBe(true);
  });
});
