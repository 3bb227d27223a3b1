import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CLEANER_WORDS } from '../../lib/dma/dynamic-queue-limit.js';
import { ByteQueueLimit } from '../../lib/net/byte-queue-limit.js';
import type { Arena } from '../../lib/smp/arena.js';
import { inArena } from '../smp/fixtures/cpus.js';

const linesOf = (arena: Arena) => ({
  transmitter: arena.int32(4),
  cleaner: arena.int32(CLEANER_WORDS),
  state: arena.int32(1),
});

function limitOf(isOn = true): ByteQueueLimit {
  const limit = inArena((arena) => new ByteQueueLimit(linesOf(arena), isOn));
  limit.reset();
  return limit;
}

const SECOND = 1e9;

/** A sender that always has a packet, for a device that completes N bytes between two polls. */
class BusyDevice {
  readonly limit = limitOf();
  /** Bytes that the device was done with at each poll. */
  readonly done: number[] = [];
  #packets: number[] = [];
  #credit = 0;
  #now = 0;

  /** `packet` bytes each; `stepNs` between two polls. */
  run(polls: number, packet: number, drain: number, stepNs: number): void {
    for (let poll = 0; poll < polls; poll++) {
      while (!this.limit.seemsStopped()) {
        this.#packets.push(packet);
        this.limit.charge(packet);
      }
      this.#credit += drain;
      let bytes = 0;
      while (this.#packets.length > 0 && this.#packets[0]! <= this.#credit) {
        const done = this.#packets.shift()!;
        this.#credit -= done;
        bytes += done;
      }
      if (this.#packets.length === 0) this.#credit = 0; // an idle line saves up no time
      this.#now += stepNs;
      this.limit.complete(bytes, this.#now);
      this.limit.wake();
      this.done.push(bytes);
    }
  }
}

describe('a byte queue limit that is off', () => {
  it('never stops the queue', () => {
    const limit = limitOf(false);
    for (let i = 0; i < 10; i++) limit.charge(2 ** 29);
    expect({ seemsStopped: limit.seemsStopped(), stops: limit.stops, wake: limit.wake() }).toEqual({
      seemsStopped: false,
      stops: 0,
      wake: false,
    });
    limit.complete(2 ** 29, 0);
    expect({ limit: limit.limit, inFlight: limit.inFlight }).toEqual({ limit: 0, inFlight: 0 });
  });
});

describe('a byte queue limit', () => {
  it('starts at 0: the first packet stops the queue until it is done, and fits from then on', () => {
    const limit = limitOf();
    limit.charge(1500);
    expect({
      seemsStopped: limit.seemsStopped(),
      stops: limit.stops,
      inFlight: limit.inFlight,
      wake: limit.wake(),
    }).toEqual({ seemsStopped: true, stops: 1, inFlight: 1500, wake: false });
    limit.complete(1500, 0);
    expect({
      limit: limit.limit,
      inFlight: limit.inFlight,
      wake: limit.wake(),
      seemsStopped: limit.seemsStopped(),
    }).toEqual({ limit: 1500, inFlight: 0, wake: true, seemsStopped: false });
    limit.charge(1500);
    expect(limit.seemsStopped()).toBe(false);
    limit.charge(1);
    expect(limit.seemsStopped()).toBe(true);
  });

  it('rises by all bytes that the device completed at once when it ran out while packets were held back', () => {
    const limit = limitOf();
    limit.charge(1000);
    limit.complete(1000, 0);
    limit.wake();
    for (const bytes of [1000, 500]) limit.charge(bytes); // 500 over the limit of 1000
    limit.complete(1500, 0);
    expect(limit.limit).toBe(1000 + 1500);
  });

  it('also rises at the next poll, when all bytes that were over it are done', () => {
    const limit = limitOf();
    limit.charge(1000);
    limit.complete(1000, 0);
    limit.wake();
    for (const bytes of [400, 900]) limit.charge(bytes); // 300 over the limit of 1000
    limit.complete(400, 0);
    expect({ limit: limit.limit, wake: limit.wake() }).toEqual({ limit: 1000, wake: true });
    limit.charge(200);
    limit.complete(900, 0); // 200 are still with the device, but all bytes of the previous poll are done
    expect(limit.limit).toBe(1000 + 300);
  });

  it('does not change while nothing is held back', () => {
    const limit = limitOf();
    limit.charge(3000);
    limit.complete(3000, 0);
    limit.wake();
    for (let poll = 1; poll < 50; poll++) {
      limit.charge(1000);
      limit.complete(1000, poll * SECOND);
    }
    expect({ limit: limit.limit, stops: limit.stops }).toEqual({ limit: 3000, stops: 1 });
  });

  it('does not fall before bytes were to spare for a second', () => {
    const device = new BusyDevice();
    device.run(100, 1500, 150_000, 1e6);
    const high = device.limit.limit;
    expect(high).toBeGreaterThanOrEqual(150_000);
    device.run(500, 1500, 3000, 1e6);
    expect(device.limit.limit).toBe(high);
    device.run(1500, 1500, 3000, 1e6);
    expect(device.limit.limit).toBeLessThan(high / 2);
  });

  it('wakes a queue only when there is room, and reports it once', () => {
    const limit = limitOf();
    limit.charge(1000);
    limit.complete(1000, 0);
    limit.wake();
    for (const bytes of [700, 700, 700]) limit.charge(bytes);
    limit.complete(700, 0);
    // 1400 of 1000 bytes are with the device.
    expect({ wake: limit.wake(), seemsStopped: limit.seemsStopped() }).toEqual({ wake: false, seemsStopped: true });
    limit.complete(700, 0);
    expect([limit.wake(), limit.seemsStopped(), limit.wake()]).toEqual([true, false, false]);
  });

  it('does not leave the queue stopped when a poll raised the allowance meanwhile', () => {
    const limit = limitOf();
    limit.charge(1000);
    limit.complete(1000, 0);
    limit.wake();
    limit.charge(800);
    const store = Atomics.store;
    Atomics.store = ((array: Int32Array, at: number, value: number) => {
      Atomics.store = store;
      const stored = Atomics.store(array, at, value);
      limit.complete(800, 0); // on another CPU, which looked for a stop before this one
      return stored;
    }) as typeof Atomics.store;
    limit.charge(600);
    expect({ seemsStopped: limit.seemsStopped(), stops: limit.stops }).toEqual({ seemsStopped: false, stops: 1 });
  });

  it('continues when its counts wrap', () => {
    const limit = limitOf();
    const packet = 2 ** 27 + 12_345;
    for (let i = 0; i < 80; i++) {
      limit.charge(packet);
      expect(limit.inFlight).toBe(packet);
      limit.complete(packet, 0);
      limit.wake();
    }
    expect({ limit: limit.limit, stops: limit.stops, seemsStopped: limit.seemsStopped() }).toEqual({
      limit: packet,
      stops: 1,
      seemsStopped: false,
    });
  });

  it('is not stopped after it restarts, and lets pass what it allowed before', () => {
    const limit = limitOf();
    limit.charge(1000);
    limit.complete(1000, 0);
    limit.wake();
    limit.charge(1500);
    expect(limit.seemsStopped()).toBe(true);
    limit.restart(0);
    expect({ limit: limit.limit, inFlight: limit.inFlight, seemsStopped: limit.seemsStopped() }).toEqual({
      limit: 0,
      inFlight: 0,
      seemsStopped: false,
    });
    limit.charge(2000); // the total that the last completion allowed
    expect(limit.seemsStopped()).toBe(false);
    limit.charge(1);
    expect(limit.seemsStopped()).toBe(true);
  });

  it('is empty after a reset', () => {
    const device = new BusyDevice();
    device.run(10, 1500, 20_000, 1e6);
    device.limit.charge(1e6);
    device.limit.reset();
    const { limit, inFlight, stops } = device.limit;
    expect({ limit, inFlight, stops, seemsStopped: device.limit.seemsStopped() }).toEqual({
      limit: 0,
      inFlight: 0,
      stops: 0,
      seemsStopped: false,
    });
  });

  it('finds the bytes that keep a device busy, and few more', () => {
    const sizes = fc.record({
      packet: fc.integer({ min: 3000, max: 66_000 }),
      drain: fc.integer({ min: 1000, max: 100_000 }),
      wasted: fc.integer({ min: 1, max: 200_000 }),
    });
    fc.assert(
      fc.property(sizes, ({ packet, drain, wasted }) => {
        const device = new BusyDevice();
        device.run(30, packet, wasted, 5e7); // a device that was faster, or slower, before
        device.run(400, packet, drain, 5e7);
        const polls = 200;
        const done = device.done.slice(-polls).reduce((sum, bytes) => sum + bytes, 0);
        expect(done).toBeGreaterThan(0.98 * drain * polls - 2 * packet);
        expect(device.limit.limit).toBeLessThanOrEqual(2 * drain + 3 * packet);
      }),
      { numRuns: 40 },
    );
  });
});
