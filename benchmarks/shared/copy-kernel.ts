/** The copy kernel of a run: the one that its settings name, or the fastest here for copies of a size. */
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import { chooseKernel } from '../../lib/memory/kernel-choice.js';
import { type KernelChoice, kernelIndex } from '../../lib/memory/kernels.js';

/** Returns the index of the copy kernel; `bytes` is the size that most copies will have. */
export function copyKernelFor({ kernel }: Pick<BenchSettings, 'kernel'>, bytes: number): number {
  return kernel === 'auto' ? chooseKernel(bytes) : kernelIndex(kernel as KernelChoice);
}
