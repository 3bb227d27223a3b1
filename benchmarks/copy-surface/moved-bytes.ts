/** Bytes that a copy moves between caches and memory for each byte that it copies: an assumption. Pure. */
import type { CopyKernelName } from '../../lib/memory/copy-kernels.js';
import type { DestinationState } from './copy-states.js';

/** States in which a cache of the CPU, or one that is coherent with it, has the lines that are written. */
const IN_CACHE: readonly DestinationState[] = ['hot', 'L2', 'LLC', 'other core'];

/**
 * Returns 2, for the read and the write, or 3 where a store has to read the line first to own it: one that is temporal,
 * to a line that no cache has. At first touch it is 3 for all, for Linux writes zeros there before. Counters of the
 * memory controller could tell, programs cannot read them.
 */
export function movedPerByte(kernel: CopyKernelName, to: DestinationState): number {
  if (to === 'first touch') return 3;
  return kernel.startsWith('nt-') || IN_CACHE.includes(to) ? 2 : 3;
}
