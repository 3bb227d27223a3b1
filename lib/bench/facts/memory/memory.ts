/** Reads sizes, limits and policies of the memory of a host. */
import type { HostFiles } from '../host-files.js';
import type { HostFacts } from '../host-schema.js';
import { bytesOf, wholeNumber } from '../whole-number.js';
import { memoryModules } from './modules.js';

type MemoryFacts = HostFacts['memory'];

const THP = '/sys/kernel/mm/transparent_hugepage';
const AUXV = '/proc/self/auxv';
const SMAPS = '/proc/self/smaps';
/** Entry of the auxiliary vector that has the size of a page, and the one that ends it. */
const AT_PAGESZ = 6;
const AT_NULL = 0;
const SMALLEST_PAGE_BYTES = 4096;
const LARGEST_PAGE_BYTES = 1 << 20;

/** `a [b] c` -> `b`: how sysfs marks a choice. */
function selected(text: string): string | null {
  return /\[(\S+)\]/.exec(text)?.[1] ?? null;
}

function kibField(name: string): (text: string) => number | null {
  return (text) => {
    return wholeNumber(new RegExp(`^${name}:\\s+(\\d+)(?: kB)?$`, 'm').exec(text)?.[1]);
  };
}

/** Soft limit of this process, which limits mlock without CAP_IPC_LOCK. */
function memlockLimit(text: string): number | 'unlimited' | null {
  const limit = /^Max locked memory\s+(\S+)/m.exec(text)?.[1];
  if (limit === undefined) return null;
  // No host has as much memory as a number that is too large to be exact.
  const isUnlimited = limit === 'unlimited' || (/^\d{16,20}$/.test(limit) && !Number.isSafeInteger(Number(limit)));
  return isUnlimited ? 'unlimited' : wholeNumber(limit);
}

/** Reads the vector with words of one size and byte order; null if it makes no sense so. */
function pageOfVector(vector: Buffer, wordBytes: 4 | 8, isBigEndian: boolean): number | null {
  const word = (at: number) => {
    if (wordBytes === 4) return isBigEndian ? vector.readUInt32BE(at) : vector.readUInt32LE(at);
    return Number(isBigEndian ? vector.readBigUInt64BE(at) : vector.readBigUInt64LE(at));
  };
  for (let at = 0; at + 2 * wordBytes <= vector.length; at += 2 * wordBytes) {
    const [key, value] = [word(at), word(at + wordBytes)];
    const isPage = value >= SMALLEST_PAGE_BYTES && value <= LARGEST_PAGE_BYTES && (value & (value - 1)) === 0;
    if (key === AT_PAGESZ) return isPage ? value : null;
    if (key === AT_NULL) return null;
  }
  return null;
}

/** Size of a page of Linux, from what it gives each process at its start; else from a map of one. */
function pageBytes(files: HostFiles): number | null {
  const vector = files.bytes(AUXV);
  for (const wordBytes of [8, 4] as const) {
    for (const isBigEndian of [false, true]) {
      const page = vector === null ? null : pageOfVector(vector, wordBytes, isBigEndian);
      if (page !== null) return page;
    }
  }
  const kib = /^KernelPageSize:\s+(\d+) kB$/m.exec(files.text(SMAPS) ?? '')?.[1];
  return bytesOf(wholeNumber(kib), 1024) ?? files.miss('memory.pageBytes', files.reason(AUXV));
}

/** Policies of transparent huge pages by size; empty on a Linux that has only the one size. */
function multiSizePages(files: HostFiles): MemoryFacts['multiSizePages'] {
  const entries = files.entries(THP);
  if (entries.length === 0) return files.miss('memory.multiSizePages', files.folderReason(THP));
  // Sizes of shared memory alone have no such file.
  const unread = entries.find((name) => {
    const path = `${THP}/${name}/enabled`;
    const isThere = /^hugepages-\d+kB$/.test(name) && !files.isAbsent(path);
    return isThere && selected(files.text(path) ?? '') === null;
  });
  if (unread !== undefined) return files.miss('memory.multiSizePages', files.reason(`${THP}/${unread}/enabled`));
  return entries.flatMap((name) => {
    const kib = /^hugepages-(\d+)kB$/.exec(name)?.[1];
    const policy = selected(files.text(`${THP}/${name}/enabled`) ?? '');
    const bytes = bytesOf(wholeNumber(kib), 1024);
    return bytes === null || policy === null ? [] : { bytes, policy };
  });
}

/** Returns facts of memory as a whole. Records why one is not known. */
export function memoryFacts(files: HostFiles): MemoryFacts {
  const kib = (fact: string, name: string) => files.fact(fact, '/proc/meminfo', kibField(name));
  const totalKib = kib('memory.totalBytes', 'MemTotal');
  return {
    totalBytes: bytesOf(totalKib, 1024) ?? files.miss('memory.totalBytes', '/proc/meminfo does not say'),
    pageBytes: pageBytes(files),
    memlockLimit: files.fact('memory.memlockLimit', '/proc/self/limits', memlockLimit),
    transparentHugePages: files.fact('memory.transparentHugePages', `${THP}/enabled`, selected),
    hugePageDefrag: files.fact('memory.hugePageDefrag', `${THP}/defrag`, selected),
    multiSizePages: multiSizePages(files),
    hugePagesFree: kib('memory.hugePagesFree', 'HugePages_Free'),
    modules: memoryModules(files),
  };
}
