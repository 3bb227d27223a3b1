/**
 * The CPU quota that a container or a service manager puts on this process, and for how long it stopped the process.
 */
import type { HostFiles } from './host-files.js';

const MOUNT = '/sys/fs/cgroup';

/** Folders of the control group of this process (version 2), the innermost first. */
function groupFolders(files: HostFiles): string[] {
  const path = /^0::(\/.*)$/m.exec(files.text('/proc/self/cgroup') ?? '')?.[1] ?? '/';
  const parts = path.split('/').filter((part) => part !== '' && part !== '..');
  const folders = parts.map((_, depth) => `${MOUNT}/${parts.slice(0, depth + 1).join('/')}`);
  return [...folders.reverse(), MOUNT];
}

/** CPUs that the smallest quota on the way to the root group allows; null if nothing limits this process. */
export function cpuQuota(files: HostFiles): number | null {
  const quotas = groupFolders(files).flatMap((folder) => {
    const match = /^(\d+) (\d+)$/.exec(files.text(`${folder}/cpu.max`) ?? '');
    return match === null ? [] : [Number(match[1]) / Number(match[2])];
  });
  const quota = Number(files.text(`${MOUNT}/cpu/cpu.cfs_quota_us`) ?? -1);
  const period = Number(files.text(`${MOUNT}/cpu/cpu.cfs_period_us`) ?? 0);
  if (quota > 0 && period > 0) quotas.push(quota / period);
  return quotas.length > 0 ? Math.min(...quotas) : null;
}

/** Milliseconds for which the quota has stopped the control group since it was made; null if that is not counted. */
export function throttledMs(files: HostFiles): number | null {
  for (const folder of groupFolders(files)) {
    const microseconds = /^throttled_usec (\d+)$/m.exec(files.text(`${folder}/cpu.stat`) ?? '')?.[1];
    if (microseconds !== undefined) return Number(microseconds) / 1000;
  }
  return null;
}
