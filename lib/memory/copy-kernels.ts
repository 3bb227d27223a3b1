/** Copy kernels by name. CopyList.run() takes the index; names and indices are the same on every host. */

import { addon, type CopyKernelFacts } from '../addon/addon.js';
import { CopytaxError } from '../errors.js';
import { frozen } from '../frozen.js';

/** Names of the copy kernels; their positions are their indices. */
export const COPY_KERNEL_NAMES = frozen([
  'libc',
  'movsb',
  'movsq',
  'avx2',
  'avx512',
  'nt-avx2',
  'nt-avx512',
  'portable',
  'neon',
  'nt-neon',
] as const);

/** Name of a copy kernel. */
export type CopyKernelName = (typeof COPY_KERNEL_NAMES)[number];
/** 'kernel-like': the copy kernel that resembles what Linux uses on this CPU. */
export type CopyKernelChoice = CopyKernelName | 'kernel-like';

let facts: readonly CopyKernelFacts[] | undefined;

/** Returns every copy kernel, supported on this host or not, in index order. */
export function allCopyKernels(): readonly CopyKernelFacts[] {
  facts ??= frozen(addon().copyKernels());
  return facts;
}

/** Returns the index of a copy kernel. @throws ERR_KERNEL_UNSUPPORTED with the reason, also for an unknown name. */
export function copyKernelIndex(name: CopyKernelChoice): number {
  const wanted = name === 'kernel-like' ? kernelLike() : name;
  const index = COPY_KERNEL_NAMES.indexOf(wanted);
  const kernel = allCopyKernels()[index];
  if (kernel?.supported) return index;
  const reason = kernel?.reason ?? `there are ${COPY_KERNEL_NAMES.join(', ')}`;
  throw new CopytaxError('ERR_KERNEL_UNSUPPORTED', `copy kernel ${name} cannot be used: ${reason}`, { name });
}

/** On x86 Linux copies with string instructions; elsewhere with ordinary loads and stores, as the C library does. */
function kernelLike(): CopyKernelName {
  const movsb = allCopyKernels()[COPY_KERNEL_NAMES.indexOf('movsb')]!;
  return movsb.supported ? 'movsb' : 'libc';
}
