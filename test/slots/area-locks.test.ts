import { describe, expect, it, jest } from '@jest/globals';
import { AreaLocks, TAKEN, TAKEN_OVER } from '../../lib/slots/area-locks.js';
import { ThreadTable } from '../../lib/slots/thread-table.js';
import { Arena } from '../../lib/smp/arena.js';

class Threads extends ThreadTable {
  /** Tokens of handles that this test takes for gone. */
  readonly gone = new Set<number>();

  override isGone(token: number): boolean {
    return this.gone.has(token);
  }
}

function locks() {
  const build = (arena: Arena) => {
    const threads = new Threads(arena, 4);
    return { threads, locks: new AreaLocks(arena, 2, threads) };
  };
  return build(Arena.for(build));
}

describe('AreaLocks', () => {
  it('locks areas apart', () => {
    const { locks: both } = locks();
    expect([both.take(0, 1, 10), both.take(1, 2, 10)]).toEqual([TAKEN, TAKEN]);
    both.release(0);
    expect(both.take(0, 2, 10)).toBe(TAKEN);
  });

  it('throws when another thread holds one for too long: which, where, how long and what to do', () => {
    const { locks: both } = locks();
    both.take(1, 4, 10); // the token of thread 3
    let error: unknown;
    const begin = performance.now();
    try {
      both.take(1, 1, 30);
    } catch (thrown) {
      error = thrown;
    }
    expect(performance.now() - begin).toBeGreaterThanOrEqual(30);
    const remedy = 'call forget(3) if that thread has ended; if it is only slow, try again or raise stallMs';
    expect(error).toMatchObject({
      code: 'ERR_LOCK_STUCK',
      message: expect.stringMatching(/^thread 3 has held the lock of area 1 for \d+ ms: call forget\(3\)/),
      details: { thread: 3, area: 1, waitedMs: expect.any(Number), remedy },
    });
  });

  it('passes from a thread that has ended to the one that waits, which is told so', () => {
    const { locks: both, threads } = locks();
    both.take(0, 2, 10);
    expect(both.isLeftBehind(0)).toBe(false);
    threads.gone.add(2);
    expect([both.isLeftBehind(0), both.isLeftBehind(1)]).toEqual([true, false]);
    expect(both.take(0, 1, 10)).toBe(TAKEN_OVER);
    expect(both.isLeftBehind(0)).toBe(false);
  });

  it('is taken over by its own holder, whose call was cut off', () => {
    const { locks: both } = locks();
    both.take(0, 1, 10);
    expect(both.take(0, 1, 10)).toBe(TAKEN_OVER);
  });

  it('is waited for beyond the limit while its holder takes it again and again', () => {
    const { locks: both } = locks();
    both.take(1, 4, 10);
    const begin = performance.now();
    const wait = jest.spyOn(Atomics, 'wait').mockImplementation(((words: Int32Array, at: number) => {
      const turn = performance.now() + 1;
      while (performance.now() < turn);
      if (turn - begin > 20) both.release(1);
      else words[at + 1] = words[at + 1]! + 1; // as if the holder had released it and taken it meanwhile
      return 'timed-out';
    }) as unknown as typeof Atomics.wait);
    try {
      expect(both.take(1, 1, 5)).toBe(TAKEN);
    } finally {
      wait.mockRestore();
    }
  });
});
