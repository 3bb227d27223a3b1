/** How Linux was told to bounce, what its slot pools hold now, and which memory encryption is announced. */

import type { HostFiles } from './host-files.js';
import type { SwiotlbCounters } from './host-schema.js';

/** A command line may hold secrets, so only complete tokens of these names, with plain values, are kept. */
const BOOT_TOKEN = /^(swiotlb|iommu|iommu\.\w+|intel_iommu|amd_iommu|mem_encrypt)(=[\w,.:-]*)?$/;

const DEBUGFS = '/sys/kernel/debug/swiotlb';
/** Counters are unsigned longs. One that has fallen below zero reads as a huge number, which means nothing. */
const SIGN_BIT = 1n << 63n;

/** Tokens of the command line of Linux that decide about bouncing; null if it cannot be read. */
export function bootTokens(files: HostFiles): string[] | null {
  return files.fact('kernel.bootTokens', '/proc/cmdline', (text) => {
    const tokens = text.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
    return tokens.filter((token) => BOOT_TOKEN.test(token));
  });
}

/** Parses a counter of debugfs; null if it is missing, unreadable or has fallen below zero. */
export function readCounter(text: string | null): number | null {
  if (text === null || !/^\d+$/.test(text)) return null;
  const value = BigInt(text);
  return value >= SIGN_BIT || value > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(value);
}

function poolCounters(files: HostFiles, pool: string): SwiotlbCounters {
  const read = (name: string) => readCounter(files.text(`${DEBUGFS}/${pool}/${name}`));
  return { pool, slots: read('io_tlb_nslabs'), used: read('io_tlb_used'), highWater: read('io_tlb_used_hiwater') };
}

/** Counters of the default slot pool, then of the restricted pools of devices, each of which has a folder. */
export function swiotlbCounters(files: HostFiles): SwiotlbCounters[] | null {
  const entries = files.entries(DEBUGFS);
  if (entries.length === 0) {
    return files.miss('swiotlb', `${DEBUGFS} is not there or may not be read: debugfs needs root and a mount`);
  }
  const pools = ['', ...entries.filter((name) => !name.startsWith('io_tlb_'))];
  return pools
    .map((pool) => poolCounters(files, pool))
    .filter((counters) => counters.slots !== null || counters.used !== null || counters.highWater !== null);
}

/** Encryption that the CPU flags announce, or the device files that exist only inside an encrypted guest. */
export function memoryEncryption(files: HostFiles, flags: readonly string[] | null): string[] | null {
  const found = new Set(flags ?? []);
  const devices = files.entries('/dev');
  if (devices.includes('sev-guest')) found.add('sev_snp');
  if (devices.includes('tdx_guest')) found.add('tdx_guest');
  if (files.text('/sys/firmware/uv/prot_virt_guest') === '1') found.add('prot_virt_guest');
  if (flags === null && found.size === 0) return files.miss('encryption', '/proc/cpuinfo lists no flags');
  return [...found];
}
