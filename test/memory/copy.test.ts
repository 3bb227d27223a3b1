import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checksum, copy, flush, timedCopy } from '../../lib/memory/copy.js';
import { copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { Region } from '../../lib/memory/region.js';

const BYTES = 1 << 16;

describe('the addon, asked for one copy at a time,', () => {
  let a: Region;
  let b: Region;

  /** A batch of one copy, named by a Region, an id and a name. */
  const ONE_COPY = () =>
    ({ copyKernel: 'libc', bytes: 64, batch: 1, dstRegion: b, dstSpan: 64, srcRegion: a.id, srcSpan: 64 }) as const;

  beforeAll(() => {
    a = Region.create({ bytes: BYTES });
    b = Region.create({ bytes: BYTES });
  });
  afterAll(() => {
    a.close();
    b.close();
  });

  it('copies bytes and returns their checksum', () => {
    new Uint8Array(a.buffer).set(new TextEncoder().encode('123456789'), 3);
    copy(b.id, 1000, a.id, 3, 9);
    expect(checksum(b.id, 1000, 9)).toBe(0xe3069283); // the check value of CRC-32C
    expect(checksum(b.id, 1004, 5, checksum(b.id, 1000, 4))).toBe(0xe3069283);
    expect(flush(b.id, 0, BYTES)).toBe(true);
    expect(checksum(b.id, 1000, 9)).toBe(0xe3069283);
  });

  it('takes Regions beside their ids, and all of them where no range is given', () => {
    new Uint8Array(a.buffer).fill(65);
    copy(b, 0, a, 0, BYTES, 'kernel-like');
    expect(checksum(b)).toBe(checksum(a.id, 0, BYTES));
    expect(checksum(b, 10)).toBe(checksum(a, 10, BYTES - 10));
    expect(checksum(b.id)).toBe(checksum(a));
    expect(checksum(b, 10)).not.toBe(checksum(b));
    expect(flush(b)).toBe(true);
    const again = Region.attach(a.id);
    again.close();
    for (const use of [() => checksum(again), () => flush(again), () => copy(b, 0, again, 0, 1)]) {
      expect(use).toThrow(expect.objectContaining({ code: 'ERR_REGION_CLOSED' }));
    }
  });

  it.each<[string, () => unknown]>([
    ['ERR_INVALID_ARG_TYPE', () => checksum({} as never)],
    ['ERR_INVALID_ARG_TYPE', () => checksum(null as never, 0, 1)],
    ['ERR_INVALID_ARG_TYPE', () => checksum(null as never)],
    ['ERR_INVALID_ARG_TYPE', () => checksum(a, 1n as never)],
    ['ERR_INVALID_ARG_TYPE', () => flush(a, Symbol('x') as never)],
    ['ERR_INVALID_ARG_TYPE', () => (checksum as () => number)()],
    ['ERR_OUT_OF_RANGE', () => checksum(a, BYTES + 1)],
    ['ERR_INVALID_ARG_TYPE', () => copy(b, 0, a, 0, 2, Symbol('x') as never)],
    ['ERR_OUT_OF_RANGE', () => timedCopy(ONE_COPY(), -1)],
    ['ERR_OUT_OF_RANGE', () => timedCopy(ONE_COPY(), Number.NaN)],
    ['ERR_OUT_OF_RANGE', () => timedCopy(ONE_COPY(), 4, new Float64Array(3))],
    ['ERR_INVALID_ARG_TYPE', () => timedCopy(ONE_COPY(), 1, [0] as never)],
    ['ERR_REGION_CLOSED', () => checksum(2 ** 31 - 1)],
    ['ERR_KERNEL_UNSUPPORTED', () => copy(b, 0, a, 0, 2, 'fast' as never)],
    ['ERR_OUT_OF_RANGE', () => copy(b.id, BYTES - 1, a.id, 0, 2)],
    ['ERR_OUT_OF_RANGE', () => copy(a.id, 0, a.id, 1, 2)],
    ['ERR_OUT_OF_RANGE', () => checksum(a.id, -1, 2)],
    ['ERR_OUT_OF_RANGE', () => checksum(a.id, 0, 2, 2 ** 32)],
    ['ERR_OUT_OF_RANGE', () => flush(a.id, 0.5, 2)],
    ['ERR_REGION_CLOSED', () => flush(2 ** 31 - 1, 0, 2)],
    ['ERR_KERNEL_UNSUPPORTED', () => copy(b.id, 0, a.id, 0, 2, 99)],
    ['ERR_INVALID_ARG_TYPE', () => copy(b.id, 0, a.id, 0, '2' as never)],
  ])('throws %s for the call %#', (code, call) => {
    expect(call).toThrow(expect.objectContaining({ name: 'CopytaxError', code }));
  });

  it('times copies between Regions by the name of a copy kernel', () => {
    expect([...timedCopy(ONE_COPY(), 2)].every((ns) => ns > 0)).toBe(true);
  });

  it('times batches of copies, which it makes all over both spans', () => {
    new Uint8Array(b.buffer).fill(0);
    const spec = {
      copyKernel: copyKernelIndex('libc'),
      bytes: 100,
      batch: 8,
      dstRegion: b.id,
      dstOffset: 64,
      dstSpan: 1024,
      srcRegion: a.id,
      srcSpan: 100,
    };
    const ns = timedCopy({ ...spec, flushDestination: true, flushSource: true }, 5);
    expect(ns).toHaveLength(5);
    for (const sample of ns) expect(sample).toBeGreaterThan(0);
    const [from, to] = [new Uint8Array(a.buffer, 0, 100), new Uint8Array(b.buffer)];
    // Steps of 128 within [64, 64 + 1024): eight of them fit, and nothing outside is touched.
    for (let i = 0; i < 8; i++) expect(to.subarray(64 + 128 * i, 164 + 128 * i)).toEqual(from);
    expect(to.subarray(0, 64).some((byte) => byte !== 0)).toBe(false);
    expect(to.subarray(1088).some((byte) => byte !== 0)).toBe(false);

    expect(() => timedCopy({ ...spec, bytes: 1025 }, 1)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    expect(() => timedCopy({ ...spec, batch: 0 }, 1)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    expect(timedCopy(spec, 3, new Float64Array(10))).toHaveLength(3);
  });
});
