import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { copy } from '../../lib/memory/copy.js';
import { allCopyKernels, COPY_KERNEL_NAMES, copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { Region } from '../../lib/memory/region.js';

const BYTES = 1 << 14;

describe('the table of copy kernels', () => {
  it('has the names and the order of the addon', () => {
    expect(allCopyKernels().map(({ name }) => name)).toEqual(COPY_KERNEL_NAMES);
    expect(allCopyKernels()[copyKernelIndex('libc')]).toMatchObject({ supported: true, reason: '' });
    expect(allCopyKernels()[copyKernelIndex('portable')]).toMatchObject({ supported: true, reason: '' });
    expect(allCopyKernels()[copyKernelIndex('kernel-like')]!.supported).toBe(true);
  });

  it.each(COPY_KERNEL_NAMES)(
    'has %s, which copies exactly the bytes that it is given, or says why it cannot',
    (name) => {
      const facts = allCopyKernels()[COPY_KERNEL_NAMES.indexOf(name)]!;
      if (!facts.supported) {
        expect(() => copyKernelIndex(name)).toThrow(
          expect.objectContaining({ code: 'ERR_KERNEL_UNSUPPORTED', message: expect.stringContaining(facts.reason) }),
        );
        return;
      }
      using a = Region.create({ bytes: BYTES });
      using b = Region.create({ bytes: BYTES });
      const [from, to] = [new Uint8Array(a.buffer), new Uint8Array(b.buffer)];
      const offsets = fc.tuple(fc.nat(200), fc.nat(200), fc.oneof(fc.nat(600), fc.nat(BYTES - 200)));
      fc.assert(
        fc.property(offsets, ([dst, src, bytes]) => {
          to.fill(0xee);
          copy(b.id, dst, a.id, src, bytes, copyKernelIndex(name));
          const expected = new Uint8Array(BYTES).fill(0xee);
          expected.set(from.subarray(src, src + bytes), dst);
          expect(Buffer.compare(to, expected)).toBe(0);
        }),
      );
    },
  );

  it('refuses a name that it does not hold', () => {
    expect(() => copyKernelIndex('sse9' as never)).toThrow(expect.objectContaining({ code: 'ERR_KERNEL_UNSUPPORTED' }));
  });
});
