/**
 * Notices that CPUs are taken from a run: a control group's set of CPUs shrinks (a Kubernetes node gives CPUs to
 * another container), the affinity of threads is changed, or a CPU goes offline. Linux then moves the threads that were
 * pinned to such a CPU to others, without an error. Two of them on one CPU wait for each other.
 */
import { parseCpuList } from './cpu-list.js';
import { HostFiles } from './host-files.js';

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
  /** The CPU that each living thread was last seen pinned to, by thread id. */
  #pinned = new Map<string, number>();

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
    const movedFrom = new Set(this.#movedFrom(masks));
    return this.#cpus
      .filter((cpu) => !usable.has(cpu) || online?.includes(cpu) === false || movedFrom.has(cpu))
      .sort((a, b) => a - b);
  }

  /**
   * The CPUs to which threads were pinned that are not pinned any more. One that is pinned to another CPU of the run
   * did that itself: it began with the mask of the thread that started it.
   */
  #movedFrom(masks: ReadonlyMap<string, ReadonlySet<number>>): number[] {
    const pinned = new Map<string, number>();
    const moved: number[] = [];
    for (const [thread, mask] of masks) {
      if (thread === this.#mainThread) continue;
      const [only] = mask;
      const cpu = this.#pinned.get(thread) ?? (mask.size === 1 ? only : undefined);
      if (cpu === undefined) continue;
      const isPinned = mask.size === 1 && this.#cpus.includes(only!);
      pinned.set(thread, isPinned ? only! : cpu);
      if (!isPinned) moved.push(cpu);
    }
    this.#pinned = pinned;
    return moved;
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
