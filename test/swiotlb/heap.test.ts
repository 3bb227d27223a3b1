/**
 * Hot paths make no objects. A million allocations with their releases, in a process of their own, may let the heap
 * grow by half a byte each: for reading the size of the heap, and for the leftovers of a compiler that ends late. The
 * smallest object that V8 allocates, a boxed number, has sixteen bytes, so that the test notices one in thirty
 * operations. The garbage collector must not run meanwhile, or the growth would mean nothing.
 */
import { describe, expect, it } from '@jest/globals';
import { runFixture } from '../lifecycle/run-fixture.js';
import type { HeapPlan } from './fixtures/heap-loop.js';

const LOOP = new URL('./fixtures/heap-loop.js', import.meta.url);
const TOLERATED = 0.5;
const BOXED_NUMBER = 16;
/** Room for the objects of a wasteful loop in a round, so that no garbage collection happens in it. */
const NURSERY_MIB = 256;

/** Bytes for each operation: the best of three rounds, because code that allocates does so in all of them. */
async function bytesPerOperation(plan: Partial<HeapPlan>): Promise<number> {
  const full: HeapPlan = { slots: 1, base: 1 << 20, dynamic: false, perMapping: null, wasteful: false, ...plan };
  const flags = [
    '--expose-gc',
    '--trace-gc',
    `--min-semi-space-size=${NURSERY_MIB}`,
    `--max-semi-space-size=${NURSERY_MIB}`,
  ];
  const { code, stdout, stderr } = await runFixture(LOOP, { flags, args: [JSON.stringify(full)] });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const rounds = [...stdout.matchAll(/^measure\n(?<between>[\s\S]*?)^grown (?<bytes>\S+)$/gm)].map(
    ({ groups }) => groups!,
  );
  expect(rounds).toHaveLength(3);
  expect(rounds.map(({ between }) => between)).toEqual(['', '', '']); // no collections
  return Math.min(...rounds.map(({ bytes }) => Number(bytes)));
}

describe('the measurement of the heap', () => {
  it('finds a loop that makes an object in each call', async () => {
    expect(await bytesPerOperation({ wasteful: true })).toBeGreaterThan(BOXED_NUMBER);
  });
});

describe('Swiotlb', () => {
  it.each([1, 16])('allocates and frees %i slots without making objects', async (slots) => {
    expect(await bytesPerOperation({ slots })).toBeLessThan(TOLERATED);
  });

  it.each([1, 16])(
    'allocates and frees %i slots without making objects where several slot pools may exist',
    async (slots) => {
      expect(await bytesPerOperation({ slots, dynamic: true })).toBeLessThan(TOLERATED);
    },
  );

  it.each(['list', 'tree'] as const)(
    'allocates and frees buffers in a %s without making objects',
    async (perMapping) => {
      expect(await bytesPerOperation({ slots: 2, perMapping })).toBeLessThan(TOLERATED);
    },
  );

  it('boxes addresses that are not small integers, and makes nothing else', async () => {
    // Addresses from 2 GiB on: the original as argument, the bounce address as result.
    expect(await bytesPerOperation({ base: 2 ** 33 })).toBeLessThan(3 * BOXED_NUMBER + TOLERATED);
  });
});
