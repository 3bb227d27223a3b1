import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checksum } from '../../lib/memory/copy.js';
import { copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { CopyList, LIST_CAPACITY } from '../../lib/memory/copy-list.js';
import { Region } from '../../lib/memory/region.js';

const BYTES = 1 << 16;
const LIBC = copyKernelIndex('libc');

describe('CopyList', () => {
  let a: Region;
  let b: Region;
  let list: CopyList;

  beforeAll(() => {
    a = Region.create({ bytes: BYTES });
    b = Region.create({ bytes: BYTES });
    list = CopyList.ofThisThread();
  });
  beforeEach(() => list.reset());
  afterAll(() => {
    a.close();
    b.close();
  });

  const bytesOf = (region: Region) => new Uint8Array(region.buffer);

  it('exists once per thread', () => {
    expect(CopyList.ofThisThread()).toBe(list);
    expect(list.count).toBe(0);
  });

  it('copies entries in order, so that a later one sees what an earlier one wrote', () => {
    bytesOf(a).fill(1, 0, 100);
    list.push(b.id, 50, a.id, 0, 100, 1);
    list.push(a.id, 1000, b.id, 50, 100, 2);
    list.run(LIBC);
    expect([...bytesOf(a).subarray(1000, 1100)]).toEqual(Array(100).fill(1));
    expect(list.count).toBe(2);
  });

  it('reports the time that each site took, and the time now', () => {
    const before = list.clock();
    for (const site of [1, 1, 7, 0, 7]) list.push(b.id, 0, a.id, 0, BYTES, site);
    list.awaitStores(); // otherwise the wait of a run may be counted for other runs, too
    list.run(LIBC);
    expect(list.ns(1)).toBeGreaterThan(0);
    expect(list.ns(7)).toBeGreaterThan(0);
    expect(list.now - before).toBeGreaterThanOrEqual(list.ns(1) + list.ns(7));
    // Each run starts from 0 and does not add to the last one.
    const long = list.ns(7);
    const shorts = Array.from({ length: 20 }, () => {
      list.reset();
      list.push(b.id, 0, a.id, 0, 0, 7);
      list.run(LIBC);
      return list.ns(7);
    });
    expect(Math.min(...shorts)).toBeLessThan(long); // the host may have interrupted some
  });

  it('copies nothing when any entry is bad, and names that entry', () => {
    const before = checksum(b.id, 0, BYTES);
    list.push(b.id, 0, a.id, 0, BYTES, 1);
    list.push(b.id, 1, a.id, 0, BYTES, 1);
    expect(() => list.run(LIBC)).toThrow(
      expect.objectContaining({ code: 'ERR_OUT_OF_RANGE', details: expect.objectContaining({ entry: 1, dstOff: 1 }) }),
    );
    expect(checksum(b.id, 0, BYTES)).toBe(before);
  });

  it.each<[string, [number, number, number, number]]>([
    ['at not-a-number', [Number.NaN, 0, 1, 1]],
    ['at a negative offset', [0, -1, 1, 1]],
    ['at a fractional offset', [0.5, 0, 1, 1]],
    ['at an infinite offset', [0, Number.POSITIVE_INFINITY, 1, 1]],
    ['beyond the end', [0, BYTES - 1, 2, 1]],
    ['beyond 64 bits', [2 ** 64, 0, 1, 1]],
    ['of a negative length', [0, 0, -1, 1]],
    ['of a site that does not exist', [0, 0, 1, 8]],
    ['of a negative site', [0, 0, 1, -1]],
  ])('refuses an entry that is %s', (_, [dstOff, srcOff, bytes, site]) => {
    list.push(b.id, dstOff, a.id, srcOff, bytes, site);
    expect(() => list.run(LIBC)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
  });

  it.each([2 ** 32, 2 ** 31, -(2 ** 31) - 1, 0.5, Number.NaN, Infinity, undefined, null, '5', {}])(
    'refuses %p for a region, a length or a site, which would be cut to another number, and appends nothing',
    (odd) => {
      const value = odd as number;
      for (const [name, push] of [
        ['dstRegion', () => list.push(value, 0, a.id, 0, 1, 1)],
        ['srcRegion', () => list.push(b.id, 0, value, 0, 1, 1)],
        ['bytes', () => list.push(b.id, 0, a.id, 0, value, 1)],
        ['site', () => list.push(b.id, 0, a.id, 0, 1, value)],
        ['bytes', () => list.pushSource(a.id, 0, value, 1)],
      ] as const) {
        const refusal = { code: 'ERR_OUT_OF_RANGE', details: { name, value: odd } };
        expect(push).toThrow(expect.objectContaining(refusal));
        expect(list.count).toBe(0);
      }
    },
  );

  it.each([4.7, 2 ** 32, Number.NaN, undefined, '0'])('refuses %p for a copy kernel', (odd) => {
    list.push(b.id, 0, a.id, 0, 1, 1);
    const refusal = { code: 'ERR_OUT_OF_RANGE', details: { name: 'copyKernelIndex', value: odd } };
    expect(() => list.run(odd as number)).toThrow(expect.objectContaining(refusal));
  });

  it.each([2 ** 32, 0.5, Number.NaN, undefined])('refuses %p for the seed of a checksum', (odd) => {
    list.pushSource(a.id, 0, 1, 1);
    const refusal = { code: 'ERR_OUT_OF_RANGE', details: { name: 'seed', value: odd } };
    expect(() => list.checksum(odd as number)).toThrow(expect.objectContaining(refusal));
  });

  it('refuses ranges that overlap, accepts adjacent ones, and copies nothing for 0 bytes', () => {
    list.push(a.id, 0, a.id, 99, 100, 1);
    expect(() => list.run(LIBC)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    list.reset();
    list.push(a.id, 0, a.id, 100, 100, 1);
    list.push(a.id, BYTES, b.id, BYTES, 0, 1);
    expect(() => list.run(LIBC)).not.toThrow();
  });

  it.each([-1, 10, 2 ** 31 - 1])('refuses copy kernel %d, which does not exist', (copyKernel) => {
    expect(() => list.run(copyKernel)).toThrow(expect.objectContaining({ code: 'ERR_KERNEL_UNSUPPORTED' }));
  });

  it('holds LIST_CAPACITY entries and returns false for one more', () => {
    for (let i = 0; i < LIST_CAPACITY; i++) expect(list.push(b.id, i, a.id, i, 1, 1)).toBe(true);
    expect(list.push(b.id, 0, a.id, 0, 1, 1)).toBe(false);
    list.run(LIBC);
    expect([...bytesOf(b).subarray(0, LIST_CAPACITY)]).toEqual([...bytesOf(a).subarray(0, LIST_CAPACITY)]);
  });

  it('returns the checksum of scattered ranges as of one, for seeds of all 32 bits', () => {
    const range = fc.nat(BYTES - 1).chain((from) => fc.tuple(fc.constant(from), fc.nat(BYTES - from)));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 20 }), fc.nat(0xffffffff), (ranges, seed) => {
        list.reset();
        for (const [from, bytes] of ranges) list.push(0, Number.NaN, a.id, from, bytes, 0);
        const expected = ranges.reduce((crc, [from, bytes]) => checksum(a.id, from, bytes, crc), seed);
        expect(list.checksum(seed)).toBe(expected);
      }),
    );
  });

  it('returns the same checksum for ranges that are only read', () => {
    list.pushSource(a.id, 10, 500, 0);
    list.pushSource(a.id, 2000, 7, 0);
    expect(list.checksum(5)).toBe(checksum(a.id, 2000, 7, checksum(a.id, 10, 500, 5)));
  });

  it('has a clock that never goes backwards, also while it waits', () => {
    let last = list.clock();
    for (let i = 0; i < 1000; i++) {
      const now = i % 3 === 0 ? list.relax(i % 20) : list.clock();
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
    }
    expect(() => list.relax(-1)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
  });
});
