/** What Linux's own does with every sequence of operations is in test/trace/replay/queue-limit-replay.test.ts. */
import { describe, expect, it } from '@jest/globals';
import {
  CLEANER_WORDS,
  DynamicQueueLimit,
  MAX_LIMIT,
  MAX_OBJECT,
  TRANSMITTER_WORDS,
} from '../../lib/dma/dynamic-queue-limit.js';
import { inArena } from '../smp/fixtures/cpus.js';

const HOLD = 100;

function limitOf(): DynamicQueueLimit {
  const limit = inArena(
    (arena) =>
      new DynamicQueueLimit({
        transmitter: arena.int32(TRANSMITTER_WORDS),
        cleaner: arena.int32(CLEANER_WORDS),
      }),
  );
  limit.reset(HOLD);
  return limit;
}

/** A limit that has risen to `count`. */
function risenTo(count: number): DynamicQueueLimit {
  const limit = limitOf();
  limit.queued(count, 0);
  limit.completed(count, 0);
  return limit;
}

describe('DynamicQueueLimit', () => {
  it('starts at 0, and rises by what the device completed when it ran out of work', () => {
    const limit = limitOf();
    expect({ left: limit.queued(1500, 0), inFlight: limit.inFlight }).toEqual({ left: -1500, inFlight: 1500 });
    limit.completed(1500, 0);
    expect({ limit: limit.limit, available: limit.available, now: limit.availableNow() }).toEqual({
      limit: 1500,
      available: 1500,
      now: 1500,
    });
  });

  it('falls by the least slack once it has lasted for longer than the hold time', () => {
    const fallen = (now: number) => {
      const limit = risenTo(1000);
      limit.queued(900, 0);
      limit.completed(300, 0); // busy from here on
      limit.completed(200, now); // 600 were to spare beyond twice the 200
      return limit.limit;
    };
    expect([fallen(HOLD), fallen(HOLD + 1)]).toEqual([1000, 1000 - 600]);
    const limit = risenTo(1000);
    limit.queued(900, 0);
    limit.completed(1, 0);
    limit.completed(299, 1);
    limit.completed(200, HOLD + 1);
    expect(limit.limit).toBe(1000 - 402);
  });

  it('stays within its bounds from the next completion on; the lower one wins', () => {
    const limit = risenTo(1000);
    limit.bound({ max: 600 });
    expect(limit.limit).toBe(1000);
    limit.completed(0, 0);
    expect({ limit: limit.limit, available: limit.available }).toEqual({ limit: 600, available: 600 });
    limit.bound({ min: 700 });
    limit.completed(0, 0);
    expect(limit.limit).toBe(600); // it is not below the upper bound
    limit.bound({ max: 650 });
    limit.completed(0, 0);
    expect(limit.limit).toBe(700);
    limit.bound({ min: 0, max: MAX_LIMIT });
    limit.completed(0, 0);
    expect(limit.limit).toBe(700);
  });

  it('refuses bounds that Linux does not accept', () => {
    const limit = limitOf();
    expect(() => limit.bound({ min: MAX_LIMIT + 1 })).toThrow('lower bound of a queue limit must be an integer from 0');
    expect(() => limit.bound({ max: -1 })).toThrow('upper bound of a queue limit must be an integer from 0');
    limit.bound({ min: MAX_LIMIT, max: 0 });
  });

  it('never rises above its largest limit', () => {
    const limit = limitOf();
    for (let packet = 0; packet < 8; packet++) limit.queued(MAX_OBJECT, 0);
    limit.completed(8 * MAX_OBJECT, 0);
    expect(limit.limit).toBe(MAX_LIMIT);
    expect(MAX_LIMIT).toBe(1_879_048_192);
  });

  it('refuses a count that is too large, and counts the refusal', () => {
    const limit = risenTo(1000);
    expect(limit.queued(MAX_OBJECT + 1, 0)).toBe(1000);
    expect({ refused: limit.refused, inFlight: limit.inFlight }).toEqual({ refused: 1, inFlight: 0 });
    limit.queued(MAX_OBJECT, 0);
    expect({ refused: limit.refused, inFlight: limit.inFlight }).toEqual({ refused: 1, inFlight: MAX_OBJECT });
  });

  it('keeps what may be queued, bounds and hold time when it restarts', () => {
    const limit = risenTo(1000);
    limit.bound({ min: 50 });
    limit.queued(10, 0);
    limit.restart(7);
    expect({ ...limit.counts(), limit: limit.limit, available: limit.available }).toEqual({
      queued: 0,
      latest: 0,
      completed: 0,
      allowed: 2000,
      prevQueued: 0,
      prevLatest: 0,
      prevExcess: 0,
      slack: 2 ** 32 - 1,
      slackSince: 7,
      limit: 50,
      available: 2000,
    });
    limit.completed(0, 7);
    expect(limit.available).toBe(50);
  });

  it('is new after a reset', () => {
    const limit = risenTo(1000);
    limit.bound({ min: 50, max: 60 });
    limit.queued(MAX_OBJECT + 1, 0);
    limit.reset(HOLD, 9);
    expect([limit.refused, limit.limit, limit.available, limit.counts().slackSince]).toEqual([0, 0, 0, 9]);
    limit.queued(100, 9);
    limit.completed(100, 9);
    expect(limit.limit).toBe(100);
  });
});
