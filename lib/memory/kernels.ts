/** Copy kernels by name. An index is what CopyList.run() takes; names and indices are the same on every machine. */
import { CopytaxError } from '../errors.js';
import { addon, type CopyKernelFacts } from './addon.js';

export const KERNEL_NAMES = [
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
] as const;

export type KernelName = (typeof KERNEL_NAMES)[number];
/** 'kernel-like': what Linux would use to copy on this CPU. */
export type KernelChoice = KernelName | 'kernel-like';

let facts: readonly CopyKernelFacts[] | undefined;

/** Every kernel, supported here or not, in index order. */
export function kernels(): readonly CopyKernelFacts[] {
  facts ??= addon().copyKernels();
  return facts;
}

/** @throws ERR_KERNEL_UNSUPPORTED with the reason, also for a name that is none. */
export function kernelIndex(name: KernelChoice): number {
  const wanted = name === 'kernel-like' ? kernelLike() : name;
  const index = KERNEL_NAMES.indexOf(wanted);
  const kernel = kernels()[index];
  if (kernel?.supported) return index;
  const reason = kernel?.reason ?? `there are ${KERNEL_NAMES.join(', ')}`;
  throw new CopytaxError('ERR_KERNEL_UNSUPPORTED', `copy kernel ${name} cannot be used: ${reason}`, { name });
}

/** On x86 Linux copies with string instructions; elsewhere with ordinary loads and stores, as the C library does. */
function kernelLike(): KernelName {
  const movsb = kernels()[KERNEL_NAMES.indexOf('movsb')]!;
  return movsb.supported ? 'movsb' : 'libc';
}
