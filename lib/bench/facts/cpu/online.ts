/** Which CPUs there are, which of them Linux runs, and which it leaves alone. */
import { formatCpuList, parseCpuList } from '../cpu-list.js';
import type { HostFiles } from '../host-files.js';
import type { CpuBlocks } from './cpu-blocks.js';

export const CPUS = '/sys/devices/system/cpu';

function folders(files: HostFiles): number[] {
  return files.entries(CPUS).flatMap((name) => {
    const cpu = /^cpu(\d+)$/.exec(name)?.[1];
    return cpu === undefined ? [] : Number(cpu);
  });
}

/** A list of sysfs with at least one CPU. */
function listed(files: HostFiles, name: string): number[] | null {
  const cpus = parseCpuList(files.text(`${CPUS}/${name}`) ?? '');
  return cpus === null || cpus.length === 0 ? null : cpus;
}

/** Online CPUs, as sysfs lists them; without its list those that it has folders of; without it those of cpuinfo. */
export function onlineCpus(files: HostFiles, { blocks }: CpuBlocks): number[] | null {
  const known =
    listed(files, 'online') ?? folders(files).filter((cpu) => files.text(`${CPUS}/cpu${cpu}/online`) !== '0');
  if (known.length > 0) return known;
  if (blocks.size > 0) return [...blocks.keys()].sort((a, b) => a - b);
  return files.miss('cpu.online', `${files.reason(`${CPUS}/online`)}, and ${files.reason('/proc/cpuinfo')}`);
}

/** How the mounts of this process show that lxcfs writes the list of online CPUs, or all of their folders. */
const LISTED_BY_LXCFS = / \/sys\/devices\/system\/cpu(?:\/online)? .* fuse\.lxcfs /m;

/**
 * CPUs that a container hides: those that the list does not have and that say of themselves that they are online, and
 * where a program writes that list for a container, all that it leaves out.
 */
export function hiddenCpus(files: HostFiles, online: readonly number[]): number[] {
  const isWritten = LISTED_BY_LXCFS.test(files.text('/proc/self/mountinfo') ?? '');
  const present = isWritten ? (listed(files, 'present') ?? []) : [];
  const claiming = folders(files).filter((cpu) => files.text(`${CPUS}/cpu${cpu}/online`) === '1');
  return [...new Set([...present, ...claiming])].filter((cpu) => !online.includes(cpu)).sort((a, b) => a - b);
}

/**
 * CPUs that are there and not online. The list `offline` of sysfs is not it: it holds CPUs that a hypervisor might add
 * one day.
 */
export function offlineCpus(files: HostFiles, online: readonly number[] | null): number[] | null {
  if (online === null) return files.miss('cpu.offline', 'the online CPUs are not known');
  const hidden = hiddenCpus(files, online);
  if (hidden.length > 0) {
    return files.miss('cpu.offline', `a container hides CPUs ${formatCpuList(hidden)}, which may be online`);
  }
  const found = folders(files);
  const present = listed(files, 'present') ?? (found.length > 0 ? found : null);
  if (present !== null) return present.filter((cpu) => !online.includes(cpu));
  return files.miss('cpu.offline', files.reason(`${CPUS}/present`));
}

/** CPUs of the boot option `isolcpus` that are online. */
export function isolatedCpus(files: HostFiles, online: readonly number[] | null): number[] | null {
  const cpus = files.fact('cpu.isolated', `${CPUS}/isolated`, parseCpuList);
  return cpus?.filter((cpu) => online === null || online.includes(cpu)) ?? null;
}
