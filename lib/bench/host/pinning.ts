/**
 * Pins threads where they may be pinned. A seccomp filter, as services and containers have them, may refuse
 * `sched_setaffinity` altogether: then threads run where Linux puts them, and the result says so (UNPINNED). A CPU that
 * is not there, or was taken away, is another thing, and an error.
 */
import { addon } from '../../addon/addon.js';
import { guarded } from '../../addon/native-error.js';
import { isOfFilter } from '../../addon/refusals.js';

/** The error number of a refusal to pin any thread; null for whatever else was thrown. */
function refusalIn(error: unknown): number | null {
  const { code, details } = (error ?? {}) as { code?: unknown; details?: { errno?: unknown; syscall?: unknown } };
  if (code !== 'ERR_CPU_PIN' || details?.syscall !== 'sched_setaffinity') return null;
  return isOfFilter(details.errno) ? (details.errno as number) : null;
}

/** Runs `pin`, which pins a thread. Returns null, or the error number if threads may not be pinned here. */
function refusalOf(pin: () => unknown): number | null {
  try {
    pin();
    return null;
  } catch (error) {
    const errno = refusalIn(error);
    if (errno === null) throw error;
    return errno;
  }
}

/**
 * Pins the calling thread to a CPU, or leaves it where Linux puts it if no thread may be pinned here.
 * @throws ERR_CPU_PIN for a CPU that this process may not use
 */
export function pinIfAllowed(cpu: number): void {
  refusalOf(() => guarded(() => addon().pinThread(cpu)));
}

/**
 * Returns the error number with which Linux refuses to pin threads of this process; null if it pins them. Asks on a
 * thread that is made for it and ends, which takes some tens of microseconds.
 * @throws ERR_ADDON_NOT_BUILT
 */
export function pinErrno(): number | null {
  const [cpu] = addon().affinity();
  try {
    return cpu === undefined ? null : refusalOf(() => addon().pulseOn(cpu));
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_CPU_PIN') return null; // the CPU was taken away just now
    throw error;
  }
}

/** Returns the CPUs to pin the threads of a machine to: `cpus`, or none where no thread may be pinned. */
export function pinnableCpus(cpus: readonly number[]): readonly number[] {
  return pinErrno() === null ? cpus : [];
}
