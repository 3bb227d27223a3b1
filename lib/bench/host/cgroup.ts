/**
 * The CPU quotas that containers and service managers put on this process, and for how long they stopped it. Each
 * control group on the way from the process to the root may have one: those of version 2, of version 1, and, on a host
 * with both, of whichever has the controller of CPU time. Sources: proc_pid_mountinfo(5), and cgroup-v2.rst and
 * scheduler/sched-bwc.rst in the documentation of Linux.
 */
import type { HostFiles } from '../facts/host-files.js';

/** A tree of control groups with the controller of CPU time. */
interface Hierarchy {
  /** Folder at which it is mounted. */
  readonly mount: string;
  /** Path of the group that one finds there: '/' on a host, in a container often that of the container. */
  readonly root: string;
  /** Path of the group of this process. */
  readonly own: string;
}

const ROOT = '/sys/fs/cgroup';
const OWN_GROUPS = '/proc/self/cgroup';

/** Where the trees are if the mounts cannot be read. */
const USUAL = {
  one: ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup/cpu,cpuacct', '/sys/fs/cgroup/cpuacct,cpu'],
  two: ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'],
} as const;
type Version = keyof typeof USUAL;
const VERSIONS = ['one', 'two'] as const;

/** Root of the mount, where it is mounted, after some optional fields the type, and the options of the file system. */
const MOUNT_LINE = /^\S+ \S+ \S+ (\S+) (\S+) \S+(?: \S+)* - (\S+) \S+ (\S+)$/;

const has = (list: string, word: string) => list.split(',').includes(word);

/** Path of the group of this process in the tree of this version; null if that is not known. */
function ownGroup(lines: readonly string[], version: Version): string | null {
  for (const line of lines) {
    const [, number, controllers, path] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    const isIt = version === 'two' ? number === '0' && controllers === '' : has(controllers ?? '', 'cpu');
    if (isIt && path !== undefined) return path;
  }
  return null;
}

/** A space or a line break in a path is written as three octal digits. */
const unescaped = (path: string) =>
  path.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(parseInt(digits, 8)));

/** `own`: path of the group of this process. */
function hierarchies(mounts: readonly string[], version: Version, own: string): Hierarchy[] {
  const byMount = new Map<string, Hierarchy>();
  for (const line of mounts) {
    const [, root, mount, type, options] = MOUNT_LINE.exec(line) ?? [];
    const isIt = version === 'two' ? type === 'cgroup2' : type === 'cgroup' && has(options ?? '', 'cpu');
    // A later mount at the same place hides the one before.
    if (isIt) byMount.set(mount!, { mount: unescaped(mount!), root: unescaped(root!), own });
  }
  return byMount.size > 0 ? [...byMount.values()] : USUAL[version].map((mount) => ({ mount, root: '/', own }));
}

const namesOf = (path: string) => path.split('/').filter((name) => name !== '' && name !== '..');

/** Whether the group of this process is the one that is mounted, or below it. */
const isBelow = ({ root, own }: Hierarchy) => root === '/' || own === root || own.startsWith(`${root}/`);

/**
 * Folders of the groups from that of this process up to that at the mount. A folder may be missing: the path may be
 * that of the host, where a container sees only its own group, at the mount.
 */
function foldersOf(hierarchy: Hierarchy): string[] {
  const { mount, root, own } = hierarchy;
  const names = isBelow(hierarchy) ? namesOf(own).slice(namesOf(root).length) : [];
  const folders = names.map((_, depth) => `${mount}/${names.slice(0, depth + 1).join('/')}`);
  return [...folders.reverse(), mount];
}

/** Folders of all groups that may limit this process. Other groups may be mounted too, beside that of this process. */
function groupFolders(files: HostFiles): string[] {
  const lines = (path: string) => files.text(path)?.split('\n') ?? [];
  const [groups, mounts] = [lines(OWN_GROUPS), lines('/proc/self/mountinfo')];
  const folders = VERSIONS.flatMap((version) => {
    const all = hierarchies(mounts, version, ownGroup(groups, version) ?? '/');
    const around = all.filter(isBelow);
    return (around.length > 0 ? around : all).flatMap(foldersOf);
  });
  return [...new Set(folders)];
}

/** CPUs that the quota of one group allows; null if it has none. */
function quotaOf(files: HostFiles, folder: string): number | null {
  const [, allowed, every] = /^(\d+) (\d+)$/.exec(files.text(`${folder}/cpu.max`) ?? '') ?? [];
  const quota = Number(allowed ?? files.text(`${folder}/cpu.cfs_quota_us`) ?? -1);
  const period = Number(every ?? files.text(`${folder}/cpu.cfs_period_us`) ?? 0);
  return quota > 0 && period > 0 ? quota / period : null;
}

/** CPUs that the smallest quota on the way to the root group allows; null if none is known to limit this process. */
export function cpuQuota(files: HostFiles): number | null {
  const quotas = groupFolders(files).flatMap((folder) => quotaOf(files, folder) ?? []);
  return quotas.length > 0 ? Math.min(...quotas) : null;
}

/**
 * Returns why it is not known whether a quota limits this process; null if it is. A quota that was found is one, and
 * where a group was not found, none is not known.
 */
export function whyQuotaUnknown(files: HostFiles): string | null {
  if (cpuQuota(files) !== null) return null;
  const text = files.text(OWN_GROUPS);
  if (text === null) return files.reason(OWN_GROUPS);
  const isLimitable = VERSIONS.some((version) => ownGroup(text.split('\n'), version) !== null);
  const isSeen = groupFolders(files).some((folder) => files.entries(folder).length > 0);
  return !isLimitable || isSeen ? null : files.folderReason(ROOT);
}

/** Milliseconds by the file that counts them. */
export type Throttled = Readonly<Record<string, number>>;

/**
 * For how long the quota of each group on the way to the root has stopped the group since it was made, milliseconds of
 * CPUs: two CPUs that stand still for one second are two. Null if nothing counts that. In `cpu.stat` a group counts
 * what its own quota does: that of a sub-group is zero where the quota is one of a group above. `cpu.stat.local`, which
 * Linux has since 6.6, counts those above too, also where a container cannot see them.
 */
export function throttled(files: HostFiles): Throttled | null {
  const names = groupFolders(files).flatMap((folder) => [`${folder}/cpu.stat`, `${folder}/cpu.stat.local`]);
  const counters = names.flatMap((name): [string, number][] => {
    const [, unit, value] = /^throttled_(usec|time) (\d+)$/m.exec(files.text(name) ?? '') ?? [];
    return unit === undefined ? [] : [[name, Number(value) / (unit === 'usec' ? 1e3 : 1e6)]];
  });
  return counters.length > 0 ? Object.fromEntries(counters) : null;
}

/**
 * For how long quotas stopped this process between two readings: by the counter that grew most, because groups that
 * contain each other are often stopped at the same time. Null if nothing was counted in both readings.
 */
export function throttledBetween(before: Throttled | null, after: Throttled | null): number | null {
  const increases = Object.entries(after ?? {}).flatMap(([counter, ms]) => {
    const since = before?.[counter];
    return since === undefined ? [] : [Math.max(0, ms - since)];
  });
  return increases.length > 0 ? Math.max(...increases) : null;
}
