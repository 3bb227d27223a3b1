import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { FREED, NEVER } from '../../lib/slots/block-records.js';
import { CheckedAreas } from '../../lib/slots/checked-areas.js';
import { tablesIn } from '../../lib/slots/slots-handle.js';
import { inArena } from '../smp/fixtures/cpus.js';

const SHAPE = { bytes: 512 << 10, areas: 2, threads: 2, stallMs: 50 };

function areas() {
  const tables = inArena((arena) => tablesIn(arena, SHAPE));
  tables.pool.reset();
  const [first, second] = [tables.threads.join(), tables.threads.join()];
  const of = (token: number) => new CheckedAreas(tables, token, SHAPE.stallMs);
  return { tables, first: of(first), second: of(second), secondToken: second };
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('CheckedAreas', () => {
  it('takes and frees blocks, and tells a slot at which none begins', () => {
    const { tables, first, second } = areas();
    const slot = first.alloc(1, 5000);
    expect([slot, tables.pool.used()]).toEqual([128, 3]);
    expect([second.free(slot), first.free(slot), first.free(slot + 1), tables.pool.used()]).toEqual([
      5000,
      FREED,
      NEVER,
      0,
    ]);
  });

  it.each(['alloc', 'free'] as const)('leaves no lock and no wrong book where %s fails in the midst', (call) => {
    const { tables, first, second } = areas();
    const slot = first.alloc(0, 5000);
    const { pool } = tables;
    const fail = () => {
      pool.table.take(60, 5, 99);
      pool.areas.advance(0, 5, 70);
      throw new RangeError('the stack is full');
    };
    jest.spyOn(pool, call === 'alloc' ? 'search' : 'release').mockImplementationOnce(fail);
    expect(() => (call === 'alloc' ? first.alloc(0, 1) : first.free(slot))).toThrow('the stack is full');
    // The block was claimed before its slots could be freed, which the repair has done.
    expect(pool.used()).toBe(call === 'alloc' ? 3 : 0);
    expect(pool.table.isRunFree(60, 5)).toBe(true);
    expect(second.alloc(0, 256 << 10)).toBe(call === 'alloc' ? -1 : 0);
  });

  it('frees all blocks of one handle and none of another', () => {
    const { tables, first, second, secondToken } = areas();
    const kept = [first.alloc(0, 3000), first.alloc(1, 3000)];
    for (let at = 0; at < 40; at++) second.alloc(at % 2, 1000 + at);
    const freed = second.alloc(0, 9000);
    second.free(freed);
    first.alloc(0, 700); // may lie where a block of the other was
    expect(tables.pool.used()).toBe(45);
    expect(first.freeBlocksOf(secondToken)).toBe(40 * 1000 + (39 * 40) / 2);
    expect(tables.pool.used()).toBe(5);
    expect(first.freeBlocksOf(secondToken)).toBe(0);
    expect(kept.map((slot) => first.free(slot))).toEqual([3000, 3000]);
  });

  it('repairs what a handle of this thread has left locked', () => {
    const { tables, first, secondToken } = areas();
    tables.locks.take(1, secondToken, 50);
    tables.pool.areas.advance(1, 77, 0);
    first.mend();
    expect([tables.pool.used(), tables.locks.isLeftBehind(1)]).toEqual([0, false]);
  });

  it('leaves areas alone, and waits for none, that handles of threads which go on have locked', () => {
    const { tables, first, secondToken } = areas();
    jest.spyOn(tables.threads, 'isGone').mockReturnValue(false);
    tables.locks.take(1, secondToken, 50);
    tables.pool.areas.advance(1, 77, 0);
    first.mend();
    expect(tables.pool.used()).toBe(77);
    expect(() => first.alloc(1, 1)).toThrow(expect.objectContaining({ code: 'ERR_LOCK_STUCK' }));
  });

  it.each([
    ['allocates', (areas: CheckedAreas) => areas.alloc(1, 1)],
    ['frees', (areas: CheckedAreas) => areas.free(128)],
    ['frees the blocks of a handle', (areas: CheckedAreas) => areas.freeBlocksOf(1)],
  ])('%s only under the lock of the area', (_, call) => {
    const { tables, first, secondToken } = areas();
    jest.spyOn(tables.threads, 'isGone').mockReturnValue(false);
    tables.locks.take(1, secondToken, 50);
    expect(() => call(first)).toThrow(expect.objectContaining({ code: 'ERR_LOCK_STUCK' }));
  });
});
