import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { AreaLocks, TAKEN, TAKEN_OVER } from '../../lib/slots/area-locks.js';
import { ThreadTable } from '../../lib/slots/thread-table.js';
import { Arena } from '../../lib/smp/arena.js';
import { interleave } from '../support/interleave.js';

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

afterEach(() => {
  jest.restoreAllMocks();
});

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

  it('throws as soon as the time is over', () => {
    const { locks: both } = locks();
    both.take(1, 4, 10);
    let now = 1000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    jest.spyOn(Atomics, 'wait').mockImplementation((() => {
      now += 10;
      return 'timed-out';
    }) as unknown as typeof Atomics.wait);
    const waited = expect.objectContaining({ details: expect.objectContaining({ waitedMs: 30 }) });
    expect(() => both.take(1, 1, 30)).toThrow(waited);
  });

  it.each([true, false])(
    'never has two holders, whenever another handle gets in between (held at first: %p)',
    (held) => {
      // The look at the lock and its taking, while it is free, is spun for, and is waited for.
      for (const at of [...Array(6).keys(), ...Array.from({ length: 12 }, (_, more) => 496 + more)]) {
        const { locks: both } = locks();
        let isOthers = held;
        if (held) both.take(0, 2, 10);
        const free = () => {
          if (isOthers) both.release(0);
          isOthers = false;
        };
        jest.spyOn(Atomics, 'wait').mockImplementation((() => {
          free();
          return 'timed-out';
        }) as unknown as typeof Atomics.wait);
        const undo = interleave((words, operations) => {
          if (operations === at && held) free();
          if (operations !== at + 1 || isOthers) return;
          isOthers = Atomics.compareExchange(words, 0, 0, 2) === 0;
        });
        let how: number | undefined;
        try {
          how = both.take(0, 1, 3_600_000);
        } finally {
          undo();
        }
        expect({ at, how, isOthers }).toEqual({ at, how: TAKEN, isOthers: false });
      }
    },
  );

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
    const wait = jest.spyOn(Atomics, 'wait').mockImplementation((() => {
      const turn = performance.now() + 1;
      while (performance.now() < turn);
      both.release(1);
      if (turn - begin <= 20) both.take(1, 4, 10); // again, as its holder
      return 'timed-out';
    }) as unknown as typeof Atomics.wait);
    try {
      expect(both.take(1, 1, 5)).toBe(TAKEN);
    } finally {
      wait.mockRestore();
    }
  });
});
