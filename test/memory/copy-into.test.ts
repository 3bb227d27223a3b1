import { describe, expect, it } from '@jest/globals';
import { copyInto } from '../../lib/memory/copy-into.js';
import { Region } from '../../lib/memory/region.js';

const codeOf = (call: () => unknown) => {
  try {
    call();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return null;
};

describe('copyInto()', () => {
  const other = Region.create({ bytes: 4096, lock: 'no' });

  it('copies bytes of an array, or of a region by a copy kernel, to an offset', () => {
    using to = Region.create({ bytes: 8192, lock: 'no' });
    to.view().fill(0);
    expect(to.copyFrom(Uint8Array.of(1, 2, 3), { offset: 10 })).toBe(3);
    expect([...to.view(9, 5)]).toEqual([0, 1, 2, 3, 0]);
    expect(to.copyFrom(Uint8Array.of(1, 2, 3), { sourceOffset: 1, bytes: 1 })).toBe(1);
    expect([...to.view(0, 2)]).toEqual([2, 0]);
    other.view().fill(9);
    for (const copyKernel of [undefined, 0, 'libc', 'kernel-like'] as const) {
      to.view().fill(0);
      expect(to.copyFrom(other, copyKernel === undefined ? {} : { copyKernel })).toBe(4096);
      expect([to.view()[4095], to.view()[4096]]).toEqual([9, 0]);
    }
    expect(to.copyFrom(other, { offset: 8190, sourceOffset: 4094 })).toBe(2);
    expect([...to.view(8189, 3)]).toEqual([0, 9, 9]);
  });

  it('refuses ranges that do not fit, regions that are closed, and what is no source', () => {
    using to = Region.create({ bytes: 4096, lock: 'no' });
    const closed = Region.create({ bytes: 4096, lock: 'no' });
    closed.close();
    expect(codeOf(() => copyInto(to, new Uint8Array(4097), {}))).toBe('ERR_OUT_OF_RANGE');
    expect(codeOf(() => copyInto(to, new Uint8Array(4), { offset: 4095 }))).toBe('ERR_OUT_OF_RANGE');
    expect(codeOf(() => copyInto(to, new Uint8Array(4), { sourceOffset: 5 }))).toBe('ERR_OUT_OF_RANGE');
    expect(codeOf(() => copyInto(to, new Uint8Array(4), { bytes: 5 }))).toBe('ERR_OUT_OF_RANGE');
    expect(codeOf(() => copyInto(to, to, { offset: 1, bytes: 8 }))).toBe('ERR_OUT_OF_RANGE');
    expect(codeOf(() => copyInto(to, closed, {}))).toBe('ERR_REGION_CLOSED');
    expect(codeOf(() => copyInto(closed, to, {}))).toBe('ERR_REGION_CLOSED');
    expect(codeOf(() => copyInto(to, new Uint8Array(4), { copyKernel: 'libc' }))).toBe('ERR_INVALID_ARG_TYPE');
    expect(codeOf(() => copyInto(to, 'text' as never, {}))).toBe('ERR_INVALID_ARG_TYPE');
    expect(codeOf(() => copyInto(to, null as never, {}))).toBe('ERR_INVALID_ARG_TYPE');
    expect(codeOf(() => copyInto(to, other, { copyKernel: 'fast' as never }))).toBe('ERR_KERNEL_UNSUPPORTED');
    expect(codeOf(() => copyInto(to, other, { ofset: 1 } as never))).toBe('ERR_UNKNOWN_OPTION');
  });
});
