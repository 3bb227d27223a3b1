import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { StallWatch } from '../../lib/dma/stall-watch.js';
import { inArena } from '../smp/fixtures/cpus.js';

function watchOf(now: number, threshold: number): StallWatch {
  const watch = inArena((arena) => new StallWatch(arena));
  watch.reset(now);
  watch.detectAfter(threshold);
  return watch;
}

/** Remembers each jiffy in which something was queued, and looks through all of them. */
class NaiveWatch {
  stalls = 0;
  longest = 0;
  #queued: number[] = [];
  #lastSeen: number;
  #latest: number;

  readonly #threshold: number;

  constructor(now: number, threshold: number) {
    this.#threshold = threshold;
    this.#lastSeen = now;
    this.#latest = now;
  }

  queued(now: number): void {
    this.#queued.push(now);
    this.#latest = now;
  }

  completed(now: number): void {
    const oldest = (Math.floor(this.#latest / 64) - 3) * 64;
    const waited = this.#queued.find(
      (jiffy) => jiffy >= oldest && jiffy > this.#lastSeen && jiffy <= now - Math.floor(this.#threshold / 2),
    );
    if (now >= this.#lastSeen + this.#threshold && waited !== undefined) {
      this.stalls++;
      this.longest = Math.max(this.longest, (now - waited) % 65_536);
    }
    this.#lastSeen = now;
  }
}

describe('StallWatch', () => {
  it('counts a completion that comes a threshold after the one before, if something had waited for half of it', () => {
    const stallsAt = (queued: number, completed: number) => {
      const watch = watchOf(1000, 20);
      watch.queued(queued);
      watch.completed(completed);
      return [watch.stalls, watch.longest];
    };
    expect([stallsAt(1001, 1019), stallsAt(1001, 1020), stallsAt(1010, 1020), stallsAt(1011, 1020)]).toEqual([
      [0, 0],
      [1, 19],
      [1, 10],
      [0, 0],
    ]);
  });

  it('detects nothing without a threshold, and remembers nothing of that time', () => {
    const watch = watchOf(1000, 0);
    watch.queued(1001);
    watch.completed(1100);
    watch.detectAfter(10);
    watch.completed(1200);
    expect(watch.stalls).toBe(0);
  });

  it.each([-1, 0.5, 2 ** 16])('refuses a threshold of %d', (jiffies) => {
    expect(() => watchOf(0, jiffies)).toThrow('threshold of a stall must be an integer from 0 to 65535');
  });

  it('forgets what was queued when it restarts, and keeps its counts and its threshold', () => {
    const watch = watchOf(1000, 10);
    watch.queued(1001);
    watch.completed(1100);
    watch.queued(1101);
    watch.restart(1102);
    watch.completed(1200);
    expect([watch.stalls, watch.longest]).toEqual([1, 99]);
    watch.queued(1201);
    watch.completed(1300);
    expect(watch.stalls).toBe(2);
    watch.reset(1300);
    expect([watch.stalls, watch.longest]).toEqual([0, 0]);
  });

  it('tells what one tells that remembers everything', () => {
    const step = fc.tuple(
      fc.constantFrom('queued' as const, 'completed' as const),
      fc.oneof(fc.nat(3), fc.nat(70), fc.nat(700)),
    );
    const start = fc.constantFrom(0, 1000, 2 ** 32 - 500, 64 * (2 ** 32 - 3));
    fc.assert(
      fc.property(
        start,
        fc.integer({ min: 1, max: 128 }),
        fc.array(step, { maxLength: 60 }),
        (now, threshold, steps) => {
          const watch = watchOf(now, threshold);
          const naive = new NaiveWatch(now, threshold);
          let jiffies = now;
          for (const [operation, later] of steps) {
            jiffies += later;
            for (const each of [watch, naive]) each[operation](jiffies);
            expect([watch.stalls, watch.longest]).toEqual([naive.stalls, naive.longest]);
          }
        },
      ),
    );
  });
});
