import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BufferPool, type BufferPoolOptions } from '../../lib/buffers/buffer-pool.js';

describe('a BufferPool', () => {
  it('has buffers of one size, aligned, none of which overlaps another', async () => {
    const pool = new BufferPool({ count: 5, bytes: 100, align: 128, lock: 'no' });
    const buffers = Array.from({ length: 5 }, () => pool.tryTake()!);
    expect(pool).toMatchObject({ count: 5, available: 0, locked: false });
    for (const [index, buffer] of buffers.entries()) {
      expect(buffer).toBeInstanceOf(Buffer);
      expect([buffer.length, buffer.byteOffset % 128]).toEqual([100, 0]);
      buffer.fill(index);
    }
    for (const [index, buffer] of buffers.entries()) expect(buffer.every((value) => value === index)).toBe(true);
    expect(pool.tryTake()).toBeNull();
    for (const buffer of buffers) pool.give(buffer);
    await pool.close();
    expect(pool.region.closed).toBe(true);
  });

  it('serves takers in the order of their calls, and refuses those that wait when it is closed', async () => {
    const pool = new BufferPool({ count: 1, bytes: 64, lock: 'no' });
    const first = await pool.take();
    const order: number[] = [];
    const waiting = [1, 2].map(async (taker) => {
      const buffer = await pool.take();
      order.push(taker);
      return buffer;
    });
    const last = pool.take();
    pool.give(first);
    const second = await waiting[0]!;
    pool.give(second.subarray(0, 8));
    await waiting[1]!;
    expect(order).toEqual([1, 2]);
    let isClosed = false;
    const closing = pool.close().then(() => (isClosed = true));
    await expect(last).rejects.toMatchObject({ code: 'ERR_POOL_CLOSED' });
    await expect(pool.take()).rejects.toMatchObject({ code: 'ERR_POOL_CLOSED' });
    await setImmediate();
    expect(isClosed).toBe(false);
    pool.give(await waiting[1]!);
    await closing; // the last buffer is back: nothing else has to be called
    await pool.close();
    expect(pool.region.closed).toBe(true);
  });

  it('refuses what is left of a buffer, which may begin where the next one does, and more than one', async () => {
    await using pool = new BufferPool({ count: 3, bytes: 64, lock: 'no' });
    const [one, two] = [pool.tryTake()!, pool.tryTake()!];
    const both = Buffer.from(one.buffer, Math.min(one.byteOffset, two.byteOffset), 128);
    for (const bad of [one.subarray(64), two.subarray(64), both]) {
      expect(() => pool.give(bad)).toThrow(expect.objectContaining({ code: 'ERR_BAD_ADDRESS' }));
    }
    expect(pool.available).toBe(1);
    pool.give(one);
    pool.give(two.subarray(0, 1));
  });

  it('refuses what is not out, and what is not of it', async () => {
    await using pool = new BufferPool({ count: 2, bytes: 100, lock: 'no' });
    await using other = new BufferPool({ count: 2, bytes: 100, lock: 'no' });
    const buffer = pool.tryTake()!;
    const foreign = other.tryTake()!;
    for (const bad of [foreign, Buffer.alloc(100), buffer.subarray(1), null, 'text', new Uint8Array(3)]) {
      expect(() => pool.give(bad as Buffer)).toThrow(expect.objectContaining({ code: 'ERR_BAD_ADDRESS' }));
    }
    pool.give(buffer);
    expect(() => pool.give(buffer)).toThrow(expect.objectContaining({ code: 'ERR_DOUBLE_FREE' }));
    other.give(foreign);
  });

  it.each<[unknown, string]>([
    [{ count: 0, bytes: 64 }, 'ERR_OUT_OF_RANGE'],
    [{ count: 1.5, bytes: 64 }, 'ERR_OUT_OF_RANGE'],
    [{ count: 2, bytes: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ count: 2, bytes: Number.NaN }, 'ERR_OUT_OF_RANGE'],
    [{ count: 2 ** 20, bytes: 8192 }, 'ERR_OUT_OF_RANGE'],
    [{ count: 2, bytes: 64, align: 96 }, 'ERR_NOT_POWER_OF_TWO'],
    [{ count: 2, bytes: 64, size: 3 }, 'ERR_UNKNOWN_OPTION'],
    [undefined, 'ERR_OUT_OF_RANGE'],
    ['text', 'ERR_INVALID_ARG_TYPE'],
  ])('is refused for %o with %s', (options, code) => {
    expect(() => new BufferPool(options as BufferPoolOptions)).toThrow(expect.objectContaining({ code }));
  });

  it('agrees with a set of free buffers, whatever is taken and given', async () => {
    const steps = fc.array(fc.nat({ max: 9 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(steps, async (choices) => {
        const pool = new BufferPool({ count: 4, bytes: 64, lock: 'no' });
        const out: Buffer[] = [];
        for (const choice of choices) {
          if (choice < 5) {
            const buffer = pool.tryTake();
            expect(buffer === null).toBe(out.length === 4);
            if (buffer !== null) expect(out).not.toContain(buffer);
            if (buffer !== null) out.push(buffer);
          } else if (out.length > 0) {
            pool.give(out.splice(choice % out.length, 1)[0]!);
          }
          expect(pool.available).toBe(4 - out.length);
        }
        for (const buffer of out) pool.give(buffer);
        await pool.close();
      }),
      { numRuns: 60 },
    );
  });
});
