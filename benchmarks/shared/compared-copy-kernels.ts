/** Which copy kernels are worth comparing. Pure. */
import type { Effort } from '../../lib/bench/plan/settings.js';
import type { CopyKernelName } from '../../lib/memory/copy-kernels.js';

/**
 * Copy kernels to compare: that of the C library, that of Linux, one with ordinary and one with non-temporal stores.
 */
export function copyKernels(effort: Effort, supported: readonly CopyKernelName[]): CopyKernelName[] {
  if (effort === 'full') return [...supported];
  const last = (...names: CopyKernelName[]) => names.filter((name) => supported.includes(name)).slice(-1);
  const streaming = last('nt-neon', 'nt-avx2', 'nt-avx512');
  const vector = effort === 'quick' ? [] : last('neon', 'avx2', 'avx512');
  return [...last('libc'), ...last('movsb'), ...vector, ...streaming];
}
