/** Memory that this process can still get. */
import { freemem } from 'node:os';

/**
 * Returns bytes. Node tells 0 where it cannot read what Linux has available. Then what Linux says is free counts, which
 * leaves out what it could take from its caches. The arguments are for tests.
 */
export function availableMemory(told: number = process.availableMemory(), free: () => number = freemem): number {
  return told > 0 ? told : free();
}
