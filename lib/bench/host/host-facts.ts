/**
 * Gathers the facts of this host from /proc and /sys below a root folder. It needs no privileges, never fails, and
 * never records which host it is: no host name, no address, and not the complete command line.
 */
import { checkOptions } from '../../limits.js';
import { cpuFacts } from '../facts/cpu/cpu-facts.js';
import { hiddenCpus } from '../facts/cpu/online.js';
import { type FingerprintContext, fingerprintOf } from '../facts/fingerprint.js';
import { HostFiles } from '../facts/host-files.js';
import type { HostFacts } from '../facts/host-schema.js';
import { bootTokens } from '../facts/linux/boot-tokens.js';
import type { CpuidFacts } from '../facts/linux/cpuid-facts.js';
import { encryption } from '../facts/linux/encryption.js';
import { hypervisor } from '../facts/linux/hypervisor.js';
import { mitigations } from '../facts/linux/mitigations.js';
import { preemption } from '../facts/linux/preemption.js';
import { sendBufferMaxBytes } from '../facts/linux/send-buffer.js';
import { swiotlbCounters } from '../facts/linux/swiotlb-counters.js';
import { cacheFacts } from '../facts/memory/caches.js';
import { memoryFacts } from '../facts/memory/memory.js';
import { isWithoutNodes, numaNodes, subNuma } from '../facts/memory/nodes.js';

/** Sources that a test replaces. */
export interface HostSources {
  /** Folder that holds proc, sys and boot. */
  readonly root?: string;
  /** Architecture as `process.arch` names it, which is the default. */
  readonly arch?: string;
  /** What the CPU says by CPUID; null if it cannot be asked. */
  readonly cpuid?: () => CpuidFacts | null;
}

/** What the fingerprint asks only files for, so that a host has the same one whether the addon is built or not. */
function fingerprintContext(root: string | undefined, online: readonly number[]): FingerprintContext {
  const files = new HostFiles(root);
  const virtual = hypervisor(files, null).present;
  return {
    virtual,
    guest: encryption(files, virtual, null, null).guest,
    isWithoutNodes: isWithoutNodes(files),
    hidesCpus: hiddenCpus(files, online).length > 0,
  };
}

/** What the CPU reports counts only where Linux tells nothing. */
function reportedCaches({ caches }: Pick<HostFacts, 'caches'>, cpuid: CpuidFacts | null) {
  return caches === null && cpuid !== null && cpuid.caches.length > 0 ? { reportedCaches: [...cpuid.caches] } : {};
}

/**
 * Reads some small files for each CPU: half a second on a host with 512 of them. Any thread.
 * @throws ERR_UNKNOWN_OPTION, ERR_INVALID_ARG_TYPE for sources that are none; nothing else
 */
export function hostFacts(sources: HostSources = {}): HostFacts {
  checkOptions('hostFacts()', sources, ['root', 'arch', 'cpuid']);
  const files = new HostFiles(sources.root);
  const cpu = cpuFacts(files);
  const cpus = cpu.online ?? [];
  const nodes = numaNodes(files, cpus);
  const cpuid = sources.cpuid?.() ?? null;
  const tokens = bootTokens(files);
  const guestOf = hypervisor(files, cpuid);
  const caches = cacheFacts(files, {
    online: cpus,
    virtual: guestOf.present,
    alike: cpu.types?.length === 1 && cpu.model !== null,
  });
  const facts = {
    arch: sources.arch ?? process.arch,
    cpu,
    ...caches,
    ...reportedCaches(caches, cpuid),
    numaNodes: nodes,
    subNuma: subNuma(files, nodes),
    memory: memoryFacts(files),
    kernel: {
      release: files.fact('kernel.release', '/proc/sys/kernel/osrelease', (text) => text || null),
      clocksource: files.fact(
        'kernel.clocksource',
        '/sys/devices/system/clocksource/clocksource0/current_clocksource',
        (text) => text || null,
      ),
      preemption: preemption(files, tokens),
      mitigations: mitigations(files),
      bootTokens: tokens,
      sendBufferMaxBytes: sendBufferMaxBytes(files),
    },
    swiotlb: swiotlbCounters(files),
    encryption: encryption(files, guestOf.present, tokens, cpuid),
    hypervisor: guestOf,
    missing: files.missing,
  };
  const { fingerprint, unknown } = fingerprintOf(facts, fingerprintContext(sources.root, cpus));
  if (fingerprint === null) files.miss('fingerprint', `not known: ${unknown.join(', ')}`);
  return { ...facts, fingerprint };
}
