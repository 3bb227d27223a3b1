import { describe, expect, it } from '@jest/globals';
import { copyKernels } from '../../../benchmarks/shared/compared-copy-kernels.js';

describe('copyKernels', () => {
  it('returns one of each kind, the widest', () => {
    const x86 = ['libc', 'movsb', 'movsq', 'avx2', 'avx512', 'nt-avx2', 'nt-avx512', 'portable'] as const;
    expect(copyKernels('default', x86)).toEqual(['libc', 'movsb', 'avx512', 'nt-avx512']);
    expect(copyKernels('quick', x86)).toEqual(['libc', 'movsb', 'nt-avx512']);
    expect(copyKernels('full', x86)).toEqual(x86);
    expect(copyKernels('default', ['libc', 'portable', 'neon', 'nt-neon'])).toEqual(['libc', 'neon', 'nt-neon']);
  });
});
