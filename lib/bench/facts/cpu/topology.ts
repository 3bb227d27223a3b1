/** Reads from sysfs how many CPUs there may be. */
import { parseCpuList } from '../cpu-list.js';
import type { HostFiles } from '../host-files.js';

const CPUS = '/sys/devices/system/cpu';

/** Number of CPUs that Linux may ever bring online; null when sysfs does not say. Records nothing. */
export function possibleCpus(files: HostFiles): number | null {
  return parseCpuList(files.text(`${CPUS}/possible`) ?? '')?.length || null;
}
