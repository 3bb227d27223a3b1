/**
 * Notices that CPUs are taken from a run: a control group's set of CPUs shrinks (a Kubernetes node gives CPUs to
 * another container), the affinity of threads is changed, or a CPU goes offline. Linux then moves the threads that were
 * pinned to such a CPU to others, without an error. Two of them on one CPU wait for each other.
 */
import { parseCpuList } from '../facts/cpu-list.js';
import { HostFiles } from '../facts/host-files.js';

export interface CpuWatchSources {
  /** Folder that holds proc and sys. */
  readonly root?: string;
  /** The thread whose pinning says nothing, because it pins itself again and again. */
  readonly mainThread?: number;
}

/** Watches the threads of this process. Main thread only. */
export class CpuWatch {
  readonly #cpus: readonly number[];
  readonly #root: string | undefined;
  readonly #mainThread: string;
  /** The CPU that threads were pinned to when no CPU was missing, by thread id. */
  readonly #pinned = new Map<string, number>();

  /** `cpus`: those that the run measures on. */
  constructor(cpus: readonly number[], { root, mainThread = process.pid }: CpuWatchSources = {}) {
    this.#cpus = cpus;
    this.#root = root;
    this.#mainThread = `${mainThread}`;
  }

  /**
   * Returns the CPUs that no thread of this process may use now, or to which a thread is not pinned any more, in
   * ascending order; null if Linux does not tell. Takes some ten microseconds for each thread.
   */
  lost(): number[] | null {
    const files = new HostFiles(this.#root);
    const masks = allowedCpus(files);
    if (masks.size === 0) return null;
    const online = parseCpuList(files.text('/sys/devices/system/cpu/online') ?? '-');
    const usable = new Set([...new Set(masks.values())].flatMap((mask) => [...mask]));
    const taken = new Set(this.#cpus.filter((cpu) => !usable.has(cpu) || online?.includes(cpu) === false));
    for (const cpu of this.#movedFrom(masks)) taken.add(cpu);
    // On the CPUs that are left, a mask of one CPU does not say that the thread was pinned.
    if (taken.size === 0 && usable.size > 1) this.#learn(masks);
    return [...taken].sort((a, b) => a - b);
  }

  /** The CPUs to which living threads were pinned that are not pinned to a CPU of the run any more. */
  #movedFrom(masks: ReadonlyMap<string, ReadonlySet<number>>): number[] {
    return [...this.#pinned].flatMap(([thread, cpu]) => {
      const mask = masks.get(thread);
      return mask === undefined || this.#pinOf(mask) !== null ? [] : cpu;
    });
  }

  /**
   * Remembers the pinned threads. One that is pinned to another CPU than before did that itself: it began with the mask
   * of the thread that started it.
   */
  #learn(masks: ReadonlyMap<string, ReadonlySet<number>>): void {
    this.#pinned.clear();
    for (const [thread, mask] of masks) {
      const cpu = this.#pinOf(mask);
      if (cpu !== null && thread !== this.#mainThread) this.#pinned.set(thread, cpu);
    }
  }

  /** The only CPU of a mask, if the run measures on it. */
  #pinOf(mask: ReadonlySet<number>): number | null {
    const [only] = mask;
    return mask.size === 1 && this.#cpus.includes(only!) ? only! : null;
  }
}

/** The CPUs that each thread of this process may use, by thread id. Threads with equal masks share one set. */
function allowedCpus(files: HostFiles): Map<string, ReadonlySet<number>> {
  const sets = new Map<string, ReadonlySet<number>>();
  const masks = new Map<string, ReadonlySet<number>>();
  for (const thread of files.entries('/proc/self/task')) {
    const status = files.text(`/proc/self/task/${thread}/status`) ?? '';
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1];
    if (list === undefined) continue;
    const set = sets.get(list) ?? new Set(parseCpuList(list) ?? []);
    sets.set(list, set);
    masks.set(thread, set);
  }
  return masks;
}
