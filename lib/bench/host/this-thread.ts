/**
 * What a benchmark asks of the thread that it runs on, and of the CPUs: pinning, clock, usage. Each call loads the
 * addon when it is first needed, and may throw ERR_ADDON_NOT_BUILT.
 */
import { readFileSync } from 'node:fs';
import { addon, type CpuFacts, type ThreadUsage } from '../../addon/addon.js';
import { guarded } from '../../addon/native-error.js';
import { within } from '../../limits.js';
import { CopyList } from '../../memory/copy-list.js';

const MOST_CPUS = 2 ** 16;

/**
 * Pins the calling thread to a CPU, until it is pinned to another one. Threads that it starts later inherit that.
 * @param cpu number of a CPU as Linux counts them, one of `affinity()`
 * @throws ERR_CPU_PIN if the thread may not run there; ERR_OUT_OF_RANGE; what loading the addon throws, as `affinity`
 * does
 */
export function pinThread(cpu: number): void {
  within('cpu', cpu, 0, MOST_CPUS);
  guarded(() => addon().pinThread(cpu));
}

/**
 * Returns the CPUs that the calling thread may run on, ascending; one after `pinThread`. The list is the caller's.
 * @throws what loading the addon throws: ERR_ADDON_NOT_BUILT, _DAMAGED, _DISABLED or _BUNDLED
 */
export function affinity(): number[] {
  return addon().affinity();
}

/**
 * Returns the CPU that the calling thread runs on just now, as Linux counts them; null if /proc does not tell. A thread
 * that is not pinned may be on another one by the time the call returns.
 */
export function currentCpu(): number | null {
  try {
    const stat = readFileSync('/proc/thread-self/stat', 'utf8');
    const cpu = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[36]); // proc_pid_stat(5): field 39, processor
    return Number.isInteger(cpu) ? cpu : null;
  } catch {
    return null;
  }
}

/**
 * Returns what the calling thread has used since it started: CPU time in nanoseconds, switches to other threads, page
 * faults. The difference of two calls is that of the work between them. Any thread.
 * @throws what loading the addon throws, as `affinity` does
 */
export function threadUsage(): ThreadUsage {
  return addon().threadUsage();
}

/**
 * Returns what the CPU says of itself: architecture, model, flags, caches, and the clock made of its counter. Any
 * thread.
 * @throws what loading the addon throws, as `affinity` does
 */
export function cpuFacts(): CpuFacts {
  return addon().cpuInfo();
}

/**
 * Returns the native clock: nanoseconds of an arbitrary start, monotonic, the same for all threads of the process. A
 * reading waits until the stores of the thread have left the CPU, so that copies are timed to their end; `clockFacts`
 * says what it costs, usually tens of nanoseconds. Any thread.
 * @throws what loading the addon throws, as `affinity` does; ERR_EXTERNAL_MEMORY
 */
export function clockNs(): number {
  return CopyList.ofThisThread().clock();
}

/**
 * Measures how far two CPUs are from each other: the time for a cache line to go to the other and back, nanoseconds;
 * null if a CPU did not get to run. Blocks for less than a millisecond on a host that is not busy, two seconds at most.
 * @param iterations round trips that are averaged, 1 to 1,000,000
 * @throws ERR_CPU_PIN for a CPU that this process may not use, ERR_OUT_OF_RANGE
 */
export function cacheLineRoundTrip(a: number, b: number, iterations = 300): number | null {
  within('a', a, 0, MOST_CPUS);
  within('b', b, 0, MOST_CPUS);
  within('iterations', iterations, 1, 1_000_000);
  const ns = guarded(() => addon().cacheLineRoundTrip(a, b, iterations));
  return ns < 0 ? null : ns;
}
