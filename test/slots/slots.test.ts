import vm from 'node:vm';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Region } from '../../lib/memory/region.js';
import { Slots } from '../../lib/slots/slots.js';
import { type SlotsSpec, tablesIn } from '../../lib/slots/slots-handle.js';
import { ThreadTable } from '../../lib/slots/thread-table.js';
import { Arena } from '../../lib/smp/arena.js';
import { SlotPool } from '../../lib/swiotlb/slots/slot-pool.js';
import { inArena, testCpu } from '../smp/fixtures/cpus.js';
import { takeAll } from './fixtures/slots-threads.js';

const KIB = 1024;
const ANY = { minAlignMask: 0, segmentBoundaryMask: Infinity };
const code = (expected: string) => expect.objectContaining({ code: expected });
const opened: Slots[] = [];

function open(spec: Partial<SlotsSpec> = {}): Slots {
  const slots = Slots.create({ bytes: 512 * KIB, areas: 2, lock: 'no', ...spec });
  opened.push(slots);
  return slots;
}

function attach(slots: Slots): Slots {
  const other = Slots.attach(slots.handle);
  opened.push(other);
  return other;
}

afterEach(() => {
  jest.restoreAllMocks();
  for (const slots of opened.splice(0).reverse()) slots.close();
});

describe('Slots', () => {
  it('hands out blocks whose bytes are those of one memory, and counts the slots that they take', () => {
    const slots = open();
    const at = slots.alloc(3000);
    expect({ at, used: slots.used }).toEqual({ at: 0, used: 4096 });
    slots.view(at, 3000).fill(7);
    expect(attach(slots).view(at + 2999, 1)[0]).toBe(7);
    expect({ bytes: slots.free(at), used: slots.used }).toEqual({ bytes: 3000, used: 0 });
  });

  it('returns -1 when it is full, and serves the next area before that', () => {
    const slots = open();
    expect([slots.alloc(256 * KIB), slots.alloc(256 * KIB), slots.alloc(1)]).toEqual([0, 256 * KIB, -1]);
    expect(slots.used).toBe(512 * KIB);
  });

  it('begins to look for a block in another area for each handle', () => {
    const slots = open();
    const [second, third] = [attach(slots), attach(slots)];
    expect([second.alloc(1), slots.alloc(1), third.alloc(1)]).toEqual([256 * KIB, 0, 2 * KIB]);
  });

  it('locks its memory no more than it is told to', () => {
    using region = Region.attach(open({ lock: 'no' }).handle.region);
    expect(region.info()).toMatchObject({ locked: false, lockErrno: 0 });
  });

  it.each([0, -1, Number.NaN, 1.5, 256 * KIB + 1, Infinity, '64', null, undefined, {}])(
    'refuses to allocate %p bytes, and stays usable',
    (bytes) => {
      const slots = open();
      expect(() => slots.alloc(bytes as number)).toThrow(code('ERR_OUT_OF_RANGE'));
      expect({ used: slots.used, at: slots.alloc(1) }).toEqual({ used: 0, at: 0 });
    },
  );

  it.each([5, 5e-324, 2048, -2048, 512 * KIB, 2 ** 53, Number.NaN, Infinity, '0', null, undefined, {}, [0]])(
    'refuses to free %p, where no block begins, and stays usable',
    (offset) => {
      const slots = open();
      const at = slots.alloc(5000);
      expect(() => slots.free(offset as number)).toThrow(code('ERR_BAD_ADDRESS'));
      expect([slots.used, slots.free(at), slots.used]).toEqual([6144, 5000, 0]);
    },
  );

  it('tells a block that was freed before from one that never was', () => {
    const slots = open();
    const at = slots.alloc(10);
    slots.free(at);
    expect(() => slots.free(at)).toThrow(code('ERR_DOUBLE_FREE'));
    expect(() => slots.free(at + 2048)).toThrow(code('ERR_BAD_ADDRESS'));
    expect(slots.used).toBe(0);
  });

  it('shows bytes of allocated blocks only', () => {
    const slots = open();
    const at = slots.alloc(5000);
    expect([slots.view(at, 5000).length, slots.view(at + 4999, 1).length, slots.view(at + 5000, 0).length]).toEqual([
      5000, 1, 0,
    ]);
    expect(() => slots.view(at, 5001)).toThrow(code('ERR_OUT_OF_RANGE'));
    expect(() => slots.view(at + 4999, 2)).toThrow(code('ERR_OUT_OF_RANGE'));
    expect(() => slots.view(at, Number.NaN)).toThrow(code('ERR_OUT_OF_RANGE'));
    for (const wrong of [at + 6144, -1, 0.5, Number.NaN, 512 * KIB]) {
      expect(() => slots.view(wrong, 1)).toThrow(code('ERR_BAD_ADDRESS'));
    }
    slots.free(at);
    expect(() => slots.view(at, 1)).toThrow(code('ERR_BAD_ADDRESS'));
  });

  it('gives each handle a number, and numbers of closed and forgotten handles again', () => {
    const slots = open({ threads: 3 });
    const [second, third] = [attach(slots), attach(slots)];
    expect([slots.thread, second.thread, third.thread]).toEqual([0, 1, 2]);
    expect(() => attach(slots)).toThrow(code('ERR_OUT_OF_RANGE'));
    third.close();
    expect(attach(slots).thread).toBe(2);
    slots.forget(1);
    expect(attach(slots).thread).toBe(1);
    expect(() => second.alloc(1)).toThrow(code('ERR_THREAD_FORGOTTEN'));
    expect(() => second.used).toThrow(code('ERR_THREAD_FORGOTTEN'));
  });

  it('frees the blocks that a forgotten handle has taken only where it is told to', () => {
    const slots = open();
    const [second, third] = [attach(slots), attach(slots)];
    const [kept, freed] = [second.alloc(3000), third.alloc(5000)];
    expect([slots.forget(second.thread), slots.forget(third.thread, 'free'), slots.used]).toEqual([0, 5000, 4096]);
    expect(() => slots.free(freed)).toThrow(code('ERR_DOUBLE_FREE'));
    expect([slots.free(kept), slots.used]).toEqual([3000, 0]);
  });

  it('refuses to forget itself or a number that is none, and overlooks one that no handle has', () => {
    const slots = open({ threads: 3 });
    expect(() => slots.forget(0)).toThrow(code('ERR_THREAD_ALIVE'));
    for (const wrong of [-1, 3, 0.5, Number.NaN]) expect(() => slots.forget(wrong)).toThrow(code('ERR_OUT_OF_RANGE'));
    expect(slots.forget(2, 'free')).toBe(0);
    expect(() => slots.forget(2, 'free all' as 'free')).toThrow(code('ERR_OUT_OF_RANGE'));
    expect(slots.alloc(1)).toBe(0);
  });

  it('attaches to no memory of another size, and keeps neither that nor a number', () => {
    const slots = open();
    const other = Slots.create({ bytes: 2 * slots.handle.bytes, lock: 'no' });
    const { region } = other.handle;
    expect(() => Slots.attach({ ...slots.handle, region })).toThrow(code('ERR_INVALID_ARG_TYPE'));
    expect(attach(slots).thread).toBe(1);
    other.close();
    expect(() => Region.attach(region)).toThrow(code('ERR_REGION_CLOSED'));
  });

  it('attaches to no memory of other slots that are as large, and keeps no number', () => {
    const slots = open();
    using other = Slots.create({ bytes: slots.handle.bytes, lock: 'no' });
    const { region } = other.handle;
    expect(() => Slots.attach({ ...slots.handle, region })).toThrow(code('ERR_INVALID_ARG_TYPE'));
    expect(() => Slots.attach({ ...slots.handle, region: '1' as never })).toThrow(code('ERR_INVALID_ARG_TYPE'));
    expect(attach(slots).thread).toBe(1);
  });

  it('repairs what a handle has left locked before it returns from forget, or says what is used', () => {
    const slots = open();
    const second = attach(slots);
    const { locks, pool, threads } = tablesIn(Arena.over(slots.handle.control), slots.handle);
    const wreck = () => {
      locks.take(1, threads.tokenOf(second.thread), 50);
      pool.areas.advance(1, 77, 0);
    };
    wreck();
    expect(slots.used).toBe(0);
    wreck();
    slots.forget(second.thread);
    expect({ isLeftBehind: locks.isLeftBehind(1), used: pool.used() }).toEqual({ isLeftBehind: false, used: 0 });
  });

  it('repairs at forget what a thread has left locked of whose end nothing is known but that', () => {
    const slots = open();
    const { thread } = attach(slots);
    const { locks, pool, threads } = tablesIn(Arena.over(slots.handle.control), slots.handle);
    const token = threads.tokenOf(thread);
    locks.take(1, token, 50);
    pool.areas.advance(1, 77, 0);
    // As where /proc is hidden: it is gone once its number has been taken away.
    jest.spyOn(ThreadTable.prototype, 'isGone').mockImplementation(() => threads.tokenOf(thread) !== token);
    slots.forget(thread);
    expect({ isLeftBehind: locks.isLeftBehind(1), used: pool.used() }).toEqual({ isLeftBehind: false, used: 0 });
  });

  it('stays open where something holds its memory, until that lets go', () => {
    const slots = open();
    using region = Region.attach(slots.handle.region);
    const letGo = region.hold(() => 1);
    expect(() => slots.close()).toThrow(code('ERR_IN_FLIGHT'));
    expect(slots.alloc(1)).toBe(0);
    letGo();
    slots.close();
    expect(() => slots.alloc(1)).toThrow(code('ERR_REGION_CLOSED'));
  });

  it('keeps no number where the memory cannot be attached to', () => {
    const slots = open({ threads: 1 });
    slots.close();
    for (let times = 0; times < 3; times++) expect(() => attach(slots)).toThrow(code('ERR_REGION_CLOSED'));
  });

  it('throws ERR_REGION_CLOSED after close, which may be called again', () => {
    const slots = open();
    const at = slots.alloc(1);
    slots.close();
    slots[Symbol.dispose]();
    const calls = [() => slots.alloc(1), () => slots.free(at), () => slots.view(at, 1), () => slots.used];
    for (const call of [...calls, () => slots.forget(1)]) expect(call).toThrow(code('ERR_REGION_CLOSED'));
    expect(() => Slots.attach(slots.handle)).toThrow(code('ERR_REGION_CLOSED'));
  });

  it('takes the decisions of SlotPool, and never hands out a slot twice', () => {
    const step = fc.record({ bytes: fc.integer({ min: 1, max: 60 * KIB }), frees: fc.boolean(), which: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150, size: 'max' }), (steps) => {
        using slots = Slots.create({ bytes: 512 * KIB, areas: 2, lock: 'no' });
        const pool = inArena((arena) => new SlotPool(arena, { start: 0, slots: 256, areas: 2 }));
        pool.reset();
        const cpu = testCpu();
        const owners = new Int32Array(256);
        const held: { at: number; bytes: number }[] = [];
        for (const { bytes, frees, which } of steps) {
          if (frees && held.length > 0) {
            const [block] = held.splice(which % held.length, 1) as [(typeof held)[0]];
            owners.fill(0, block.at / 2048, block.at / 2048 + Math.ceil(block.bytes / 2048));
            expect(slots.free(block.at)).toBe(block.bytes);
            pool.release(cpu, ANY, block.at);
          } else {
            const at = slots.alloc(bytes);
            const slot = pool.searchAreas(cpu, ANY, 0, bytes, 0);
            expect(at).toBe(slot < 0 ? -1 : slot * 2048);
            if (at < 0) continue;
            const taken = owners.subarray(slot, slot + Math.ceil(bytes / 2048));
            expect(taken.some((owner) => owner !== 0)).toBe(false);
            taken.fill(1);
            held.push({ at, bytes });
          }
          expect(slots.used).toBe(owners.reduce((sum, owner) => sum + owner, 0) * 2048);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a call of Slots that is cut off in its thread', () => {
  /** Whether each slot is either in use or can be taken. */
  function expectBooksInOrder(slots: Slots, held: ReadonlySet<number>) {
    expect(slots.used).toBe(held.size * 2048);
    const rest = takeAll(slots);
    expect(rest.filter((at) => held.has(at))).toEqual([]);
    expect(rest.length + held.size).toBe(256);
  }

  it('leaves a usable pool when the stack is full', () => {
    const slots = open();
    const held = new Set<number>();
    let overflows = 0;
    const deep = (): void => {
      try {
        deep();
      } catch {
        // The stack is nearly full here, and less so in each caller.
        try {
          const at = slots.alloc(100);
          if (at >= 0) held.add(at);
        } catch {
          overflows++;
        }
      }
    };
    for (let turn = 0; turn < 20; turn++) {
      deep();
      for (const at of held) slots.free(at);
      held.clear();
    }
    expect(overflows).toBeGreaterThan(0);
    expectBooksInOrder(slots, held);
  });

  it('leaves a usable pool when a time limit ends it at any instruction', () => {
    const slots = open();
    let steps = 0;
    const step = () => {
      slots.free(slots.alloc(5000));
      steps++;
    };
    for (let turn = 0; turn < 30; turn++) {
      expect(() => vm.runInNewContext('for (;;) step()', { step }, { timeout: 2 })).toThrow(/timed out/);
    }
    expect(steps).toBeGreaterThan(0);
    // At most one block of each turn was taken and not freed.
    const before = slots.used / 2048;
    expect(before % 3).toBe(0);
    expect(before).toBeLessThanOrEqual(3 * 30);
    expect(takeAll(slots).length).toBe(256 - before);
  });
});
