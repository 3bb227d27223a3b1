/** Tokens of Linux's command line that decide what copies cost. */

import type { HostFiles } from '../host-files.js';

/** Names of tokens: bouncing, encryption, preemption and mitigations, CPUs that are left alone, pages, and clocks. */
const NAMES = [
  'swiotlb|iommu|iommu\\.\\w+|intel_iommu|amd_iommu|mem_encrypt',
  'preempt|mitigations|pti|nopti',
  'isolcpus|nohz_full|nosmt',
  'hugepages|hugepagesz|default_hugepagesz|transparent_hugepage|numa_balancing',
  'clocksource|tsc',
];

/** A command line may hold secrets, so only complete tokens of these names, with plain values, are kept. */
const BOOT_TOKEN = new RegExp(`^(${NAMES.join('|')})(=[\\w,.:-]*)?$`);

/** Returns them as they were written, in their order; null if the command line cannot be read. */
export function bootTokens(files: HostFiles): string[] | null {
  return files.fact('kernel.bootTokens', '/proc/cmdline', (text) => {
    const tokens: readonly string[] = text.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
    const end = tokens.indexOf('--'); // what follows is for the first process
    return (end < 0 ? tokens : tokens.slice(0, end)).filter((token) => BOOT_TOKEN.test(token));
  });
}

/** Value of the last token of this name, which counts; null if there is none. */
export function bootValue(tokens: readonly string[] | null, name: string): string | null {
  const values = (tokens ?? []).filter((token) => token.startsWith(`${name}=`));
  return values.at(-1)?.slice(name.length + 1) ?? null;
}
