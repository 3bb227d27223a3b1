import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Arena } from '../../lib/smp/arena.js';

const LINE = 128; // the adjacent-line prefetcher pairs lines of 64

const columns = fc.array(
  fc.record({ kind: fc.constantFrom('int32', 'float64', 'uint8'), length: fc.integer({ min: 0, max: 300 }) }),
  { minLength: 1, maxLength: 20 },
);
type Columns = readonly { kind: 'int32' | 'float64' | 'uint8'; length: number }[];

const take = (arena: Arena, wanted: Columns) => wanted.map(({ kind, length }) => arena[kind](length));

describe('Arena', () => {
  it('gives every thread that asks in the same order the same columns', () => {
    fc.assert(
      fc.property(columns, (raw) => {
        const wanted = raw as Columns;
        const arena = Arena.for((counting) => take(counting, wanted));
        const here = take(arena, wanted);
        const there = take(Arena.over(arena.buffer!), wanted);
        here.forEach((column, at) => {
          expect(column).toHaveLength(wanted[at]!.length);
          column.fill(at + 1);
        });
        there.forEach((column, at) => {
          expect(column.byteOffset).toBe(here[at]!.byteOffset);
          expect(column.every((value) => value === at + 1)).toBe(true);
        });
      }),
    );
  });

  it('puts no two columns on one line, and none outside the buffer', () => {
    fc.assert(
      fc.property(columns, (raw) => {
        const wanted = raw as Columns;
        const arena = Arena.for((counting) => take(counting, wanted));
        let lastLine = -1;
        for (const column of take(arena, wanted).filter(({ length }) => length > 0)) {
          const end = column.byteOffset + column.byteLength;
          expect(Math.floor(column.byteOffset / LINE)).toBeGreaterThan(lastLine);
          expect(end).toBeLessThanOrEqual(arena.buffer!.byteLength);
          lastLine = Math.floor((end - 1) / LINE);
        }
      }),
    );
  });

  it('lets constructors run without memory to count what they take', () => {
    let counted: Int32Array | undefined;
    const arena = Arena.for((counting) => {
      expect(counting.buffer).toBeNull();
      counted = counting.int32(5);
      counted[4] = 1; // a constructor may write to its column while it is counted; the value is dropped
    });
    expect(counted).toHaveLength(0);
    expect([...arena.int32(5)]).toEqual([0, 0, 0, 0, 0]);
  });

  it('refuses columns that were not counted', () => {
    const arena = Arena.for((counting) => counting.int32(1));
    arena.int32(1);
    expect(() => arena.int32(1)).toThrow(expect.objectContaining({ name: 'RangeError' }));
  });

  it('lays out a record so that no two fields overlap and every double is aligned', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('i32', 'f64', 3), { minLength: 1, maxLength: 12 }), (kinds) => {
        const fields = Object.fromEntries(kinds.map((kind, i) => [`field${i}`, kind as 'i32' | 'f64' | number]));
        const { stride, doubleStride, at } = Arena.record(fields);
        let end = 0;
        kinds.forEach((kind, i) => {
          const begin = kind === 'f64' ? at[`field${i}`]! * 2 : at[`field${i}`]!;
          expect(begin).toBeGreaterThanOrEqual(end);
          end = begin + (kind === 'f64' ? 2 : kind === 'i32' ? 1 : Number(kind));
        });
        expect(stride).toBeGreaterThanOrEqual(end);
        expect(stride).toBe(2 * doubleStride);
      }),
    );
  });

  it('begins each group of fields of a record on a line of its own', () => {
    const two = Arena.recordOfLines({ state: 'i32', links: 3 }, { sent: 'f64', count: 'i32' });
    expect(two).toEqual({
      stride: 64,
      doubleStride: 32,
      at: { state: 0, links: 1, sent: 16, count: 34 },
    });
    expect(Arena.recordOfLines({ state: 'i32' }).stride).toBe(32);
  });

  it('shows records as words and as doubles of the same memory', () => {
    const layout = Arena.record({ bytes: 'i32', origin: 'f64' });
    const { words, doubles } = Arena.for((counting) => counting.records(layout, 3)).records(layout, 3);
    doubles[2 * layout.doubleStride + layout.at.origin] = 1.5;
    expect(Array.from(words, (word, at) => (word === 0 ? -1 : at)).filter((at) => at >= 0)).toEqual([11]);
    expect(doubles).toHaveLength(6);
  });
});
