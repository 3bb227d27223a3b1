/**
 * Gathers the facts of this host from /proc and /sys below a root folder. It needs no privileges, never fails, and
 * never records which host it is: no host name, no address, and not the complete command line.
 */
import { createHash } from 'node:crypto';
import { bootTokens, memoryEncryption, swiotlbCounters } from './boot.js';
import { cpuIdentity } from './cpuinfo.js';
import { HostFiles } from './host-files.js';
import type { HostFacts } from './host-schema.js';
import { caches, governors, numaNodes, onlineCpus, smtActive } from './topology.js';

/** Sources that a test replaces. */
export interface HostSources {
  /** Folder that holds proc, sys and dev. */
  readonly root?: string;
  readonly arch?: string;
  /** Vendor of the hypervisor as the CPU names it; null if that is not known. */
  readonly hypervisorVendor?: () => string | null;
}

/** `a [b] c` -> `b`: how sysfs marks a choice. */
function selected(text: string): string | null {
  return /\[(\S+)\]/.exec(text)?.[1] ?? null;
}

function kibField(name: string): (text: string) => number | null {
  return (text) => {
    const kib = new RegExp(`^${name}:\\s+(\\d+)(?: kB)?$`, 'm').exec(text)?.[1];
    return kib === undefined ? null : Number(kib);
  };
}

/** Soft limit of this process, which limits mlock without CAP_IPC_LOCK. */
function memlockLimit(text: string): number | 'unlimited' | null {
  const limit = /^Max locked memory\s+(\S+)/m.exec(text)?.[1];
  if (limit === undefined) return null;
  return limit === 'unlimited' ? 'unlimited' : Number(limit);
}

/** Names of hypervisors by the signatures that CPUs report. */
const HYPERVISORS: Readonly<Record<string, string>> = {
  KVMKVMKVM: 'KVM',
  'Microsoft Hv': 'Hyper-V',
  VMwareVMware: 'VMware',
  XenVMMXenVMM: 'Xen',
  bhyve: 'bhyve',
};

function hypervisorVendor(files: HostFiles, sources: HostSources, present: boolean | null): string | null {
  if (present === false) return null;
  const vendor = sources.hypervisorVendor?.() || files.text('/sys/hypervisor/type');
  if (vendor) return HYPERVISORS[vendor.trim()] ?? vendor.trim();
  const board = present ? files.text('/sys/class/dmi/id/sys_vendor') : null;
  return board || files.miss('hypervisor.vendor', 'neither the CPU nor /sys/hypervisor says');
}

/**
 * Hash of what two hosts must have in common for their nanoseconds to be compared. It leaves out what may change
 * between two runs on one host (governor, limits, free pages, counters), and Linux, which takes no part in these
 * copies.
 */
function fingerprint(facts: Omit<HostFacts, 'fingerprint'>): string {
  const { vendor, model, family, modelNumber, stepping, flags, online, smt } = facts.cpu;
  const cachesOnly = facts.caches?.map(({ level, type, bytes, sharedBy }) => [level, type, bytes, sharedBy.length]);
  const comparable = [
    [facts.arch, vendor, model, family, modelNumber, stepping, flags, online?.length ?? null, smt],
    [cachesOnly, facts.numaNodes?.length ?? null, facts.encryption, facts.hypervisor.present],
  ];
  return createHash('sha256').update(JSON.stringify(comparable)).digest('hex').slice(0, 16);
}

/** Reads hundreds of small files, which takes tens of milliseconds on a large host. Any thread. Never throws. */
export function hostFacts(sources: HostSources = {}): HostFacts {
  const files = new HostFiles(sources.root);
  const { info, identity } = cpuIdentity(files);
  const online = onlineCpus(files);
  const cpus = online ?? [];
  const kib = (fact: string, name: string) => files.fact(fact, '/proc/meminfo', kibField(name));
  const totalKib = kib('memory.totalBytes', 'MemTotal');
  if (info.virtual === null) files.miss('hypervisor.present', 'this architecture has no flag for it');
  const facts = {
    arch: sources.arch ?? process.arch,
    cpu: { ...identity, online, smt: smtActive(files, cpus), governor: governors(files, cpus) },
    caches: caches(files, cpus),
    numaNodes: numaNodes(files),
    memory: {
      totalBytes: totalKib === null ? null : totalKib * 1024,
      memlockLimit: files.fact('memory.memlockLimit', '/proc/self/limits', memlockLimit),
      transparentHugePages: files.fact(
        'memory.transparentHugePages',
        '/sys/kernel/mm/transparent_hugepage/enabled',
        selected,
      ),
      hugePagesFree: kib('memory.hugePagesFree', 'HugePages_Free'),
    },
    kernel: {
      release: files.fact('kernel.release', '/proc/sys/kernel/osrelease', (text) => text || null),
      clocksource: files.fact(
        'kernel.clocksource',
        '/sys/devices/system/clocksource/clocksource0/current_clocksource',
        (text) => text || null,
      ),
      bootTokens: bootTokens(files),
    },
    swiotlb: swiotlbCounters(files),
    encryption: memoryEncryption(files, info.encryption),
    hypervisor: { present: info.virtual, vendor: hypervisorVendor(files, sources, info.virtual) },
    missing: files.missing,
  };
  return { ...facts, fingerprint: fingerprint(facts) };
}
