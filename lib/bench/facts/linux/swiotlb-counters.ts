/** How full the slot pools of this host are, as debugfs counts. */

import type { HostFiles } from '../host-files.js';
import type { SwiotlbCounters } from '../host-schema.js';

const DEBUGFS = '/sys/kernel/debug/swiotlb';

/**
 * Parses a counter of debugfs; null if it is missing, unreadable or has fallen below zero. Counters are unsigned longs,
 * and one that has fallen below zero reads as a huge number.
 */
export function readCounter(text: string | null): number | null {
  if (text === null || !/^\d+$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

function poolCounters(files: HostFiles, pool: string): SwiotlbCounters {
  const read = (name: string) => readCounter(files.text(`${DEBUGFS}/${pool}/${name}`));
  return { pool, slots: read('io_tlb_nslabs'), used: read('io_tlb_used'), highWater: read('io_tlb_used_hiwater') };
}

/** Counters of the default slot pool, then of the restricted pools of devices, each of which has a folder. */
export function swiotlbCounters(files: HostFiles): SwiotlbCounters[] | null {
  const entries = files.entries(DEBUGFS);
  if (entries.length === 0) {
    return files.miss('swiotlb', `${files.folderReason(DEBUGFS)}: debugfs needs root and a mount`);
  }
  const pools = ['', ...entries.filter((name) => !name.startsWith('io_tlb_'))];
  const told = pools
    .map((pool) => poolCounters(files, pool))
    .filter((counters) => counters.slots !== null || counters.used !== null || counters.highWater !== null);
  return told.length > 0 ? told : files.miss('swiotlb', files.folderReason(DEBUGFS));
}
