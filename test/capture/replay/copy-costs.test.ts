import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CopyCosts, classOf, SIZE_CLASSES } from '../../../lib/capture/replay/copy-costs.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';
import { Region } from '../../../lib/memory/region.js';

let pool: Region;
let buffers: Region;
const kernel = copyKernelIndex('libc');

beforeAll(() => {
  pool = Region.create({ bytes: 2 ** 20, lock: 'no' });
  buffers = CopyCosts.bufferWindow();
});

afterAll(() => {
  pool.close();
  buffers.close();
});

describe('classOf()', () => {
  it.each([
    [1, 256],
    [256, 256],
    [257, 2048],
    [4096, 4096],
    [4097, 16384],
    [262_144, 262_144],
  ])('puts %d bytes to those of at most %d', (bytes, most) => expect(SIZE_CLASSES[classOf(bytes)]).toBe(most));
});

describe('CopyCosts', () => {
  it('moves the bytes, to the slots and back', () => {
    const costs = new CopyCosts(pool, buffers, kernel);
    const [slots, buffer] = [new Uint8Array(pool.buffer), new Uint8Array(buffers.buffer)];
    buffer.fill(7, 0x3000, 0x3010);
    slots.fill(0, 2048, 2080);
    costs.copy(true, 0x3000, 2048, 16);
    expect([...slots.subarray(2048, 2066)]).toEqual([...Array(16).fill(7), 0, 0]);
    slots.fill(9, 2048, 2064);
    costs.copy(false, 0x3000, 2048, 16);
    expect([...buffer.subarray(0x3000, 0x3010)]).toEqual(Array(16).fill(9));
  });

  it('puts buffers of any address into its window, and those without one after each other', () => {
    const costs = new CopyCosts(pool, buffers, kernel);
    const [slots, buffer] = [new Uint8Array(pool.buffer), new Uint8Array(buffers.buffer)];
    for (const address of [0, 2 ** 25 - 1, 2 ** 47 + 5]) costs.copy(true, address, 0, 262_144);
    buffer.fill(1, 0, 64);
    buffer.fill(2, 2048, 2048 + 64);
    costs.copy(true, null, 0, 64);
    expect(slots[0]).toBe(1);
    costs.copy(true, null, 0, 64);
    expect(slots[0]).toBe(2);
  });

  it('counts copies, bytes and time by size, and tells no interval of a few', () => {
    const costs = new CopyCosts(pool, buffers, kernel);
    for (let copy = 0; copy < 7; copy++) costs.copy(true, null, 0, 100);
    costs.endPart();
    const few = costs.classes();
    expect(few).toMatchObject([{ upToBytes: 256, copies: 7, bytes: 700, nsPerCopy: null }]);
    expect(few[0]!.meanNs * 7).toBeCloseTo(costs.totalNs);
    for (let copy = 0; copy < 20; copy++) costs.copy(false, null, 0, 5000);
    costs.copy(true, null, 0, 100);
    costs.endPart();
    const [small, large] = costs.classes();
    expect(small).toMatchObject({ copies: 8, bytes: 800, nsPerCopy: { confidence: 0 } });
    expect(large).toMatchObject({ upToBytes: 16384, copies: 20, bytes: 100_000 });
    expect(large!.nsPerCopy!.median).toBeCloseTo(large!.meanNs);
  });

  it('keeps a bounded number of parts, with all copies in them', () => {
    const costs = new CopyCosts(pool, buffers, kernel);
    for (let part = 0; part < 2000; part++) {
      for (let copy = 0; copy < 8; copy++) costs.copy(true, null, 0, 8);
      costs.endPart();
    }
    const [only] = costs.classes();
    expect(only!.copies).toBe(16_000);
    const { median, low, high } = only!.nsPerCopy!;
    expect(low).toBeLessThanOrEqual(median);
    expect(high).toBeGreaterThanOrEqual(median);
    expect(median).toBeGreaterThan(0);
  });

  it('tells what a native call costs, and timing a copy', () => {
    const { callNs, oneByteNs } = new CopyCosts(pool, buffers, kernel).overhead();
    for (const { median } of [callNs, oneByteNs]) {
      expect(median).toBeGreaterThan(0);
      expect(Number.isFinite(median)).toBe(true);
    }
  });
});
