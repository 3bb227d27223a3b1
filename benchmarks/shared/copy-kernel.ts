/** The copy kernel of a run: the one that its settings name, or the fastest here for copies of a size. */
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import { chooseCopyKernel } from '../../lib/memory/copy-kernel-choice.js';
import { type CopyKernelChoice, copyKernelIndex } from '../../lib/memory/copy-kernels.js';

/** Returns the index of the copy kernel; `bytes` is the size that most copies will have. */
export function copyKernelFor({ kernel }: Pick<BenchSettings, 'kernel'>, bytes: number): number {
  return kernel === 'auto' ? chooseCopyKernel(bytes) : copyKernelIndex(kernel as CopyKernelChoice);
}
