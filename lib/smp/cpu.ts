/**
 * A logical CPU as seen from its own thread: its number, its context, its copy list, and where its time went.
 * Models: per-CPU data and the softirq pending mask (include/linux/interrupt.h). Deviation: softirqs run between the
 * steps of processes and behind each packet that a process transmits, not at any instruction.
 * Owner: the thread that runs the CPU; others only raise softirqs.
 */
import { CopyList } from '../memory/copy-list.js';
import { Arena } from './arena.js';
import { type Context, CopyLedger, PROCESS } from './copy-ledger.js';

const STRIDE = 32; // 128 bytes, so that no CPU's word shares a line with another's
const TIME_STRIDE = 16;
const TICKS_PER_NS = 1e-6;

/**
 * The softirq that runs qdiscs. Each softirq has a mask of the TX queues that it was raised for. Lower numbers run
 * first, as in Linux.
 */
export const NET_TX = 0;
/** The softirq that cleans rings and acts on acknowledgements. */
export const NET_RX = 1;
/** A softirq: `NET_TX` or `NET_RX`. */
export type Softirq = typeof NET_TX | typeof NET_RX;

/**
 * What a CPU spends its time on besides copying, nanoseconds. `refill` is the work on slots and pages that senders do
 * to get a page to write to, `slotPage` all other such work. `txLock` overlaps the others: it is everything but copies
 * that is done under TX locks, some of it `slotPage`, in machines that measure it. `away` is the part of `idle` without
 * a CPU of the host.
 */
export const TIME = { lockWait: 0, idle: 1, slotPage: 2, refill: 3, txLock: 4, application: 5, away: 6 } as const;
export type TimeKind = keyof typeof TIME;
export const TIME_KINDS = Object.keys(TIME) as TimeKind[];

/** `Cpu.txSocket` outside start-transmit, and for a packet that has no socket. */
export const NO_SOCKET = -1;

const RUN = { draining: 0, aborted: 1 } as const;

/** What logical CPUs share: softirqs that are pending, and where their time went. */
export class CpuTable {
  /** Number of CPUs. */
  readonly count: number;
  /** Masks of raised softirqs, a line for each CPU. */
  readonly pending: Int32Array;
  /** Nanoseconds by kind, a line for each CPU. */
  readonly time: Float64Array;
  readonly #run: Int32Array;

  constructor(arena: Arena, cpus: number) {
    this.count = cpus;
    this.#run = arena.int32(2);
    this.pending = arena.int32(cpus * STRIDE);
    this.time = arena.float64(cpus * TIME_STRIDE);
  }

  /** Sets all to 0. One thread, before any CPU runs. */
  reset(): void {
    this.pending.fill(0);
    this.time.fill(0);
    this.#run.fill(0);
  }

  /** Makes senders stop and devices and peers finish without delay, so that what is in flight arrives. Any thread. */
  drain(): void {
    Atomics.store(this.#run, RUN.draining, 1);
  }

  /** Plain read, may be stale (docs/design/0004-stale-reads.md): asked again at every step. */
  isDraining(): boolean {
    return this.#run[RUN.draining] !== 0;
  }

  /** Stops everything where it is: some CPU cannot go on, and no other may wait for it. Any thread. */
  abort(): void {
    Atomics.store(this.#run, RUN.aborted, 1);
  }

  /** True after `abort`. Plain read, may be stale. */
  isAborted(): boolean {
    return this.#run[RUN.aborted] !== 0;
  }

  /** Raises a softirq for a queue on a CPU. Any thread. */
  raise(cpu: number, softirq: Softirq, queue: number): void {
    Atomics.or(this.pending, cpu * STRIDE + softirq, 1 << queue);
  }

  /** Plain read, may be stale (docs/design/0004-stale-reads.md). The CPU's own thread. */
  isPending(cpu: number): boolean {
    return (this.pending[cpu * STRIDE]! | this.pending[cpu * STRIDE + 1]!) !== 0;
  }

  /** Returns the mask of queues that the softirq was raised for, and clears it. The CPU's own thread. */
  take(cpu: number, softirq: Softirq): number {
    const at = cpu * STRIDE + softirq;
    return this.pending[at] === 0 ? 0 : Atomics.exchange(this.pending, at, 0);
  }

  /** Adds `ns` nanoseconds to a kind of time, an index of `TIME`. The CPU's own thread. */
  addTime(cpu: number, kind: number, ns: number): void {
    const at = cpu * TIME_STRIDE + kind;
    this.time[at] = this.time[at]! + ns;
  }

  /** Nanoseconds of a kind. */
  timeOf(cpu: number, kind: TimeKind): number {
    return this.time[cpu * TIME_STRIDE + TIME[kind]]!;
  }
}

/** What runs the softirqs of a CPU. */
export interface SoftirqRunner {
  /** Runs what is pending. True if there was something. `isIdle`: the CPU has nothing else to do. */
  run(isIdle: boolean): boolean;
}

/** A logical CPU as seen from its own thread: what calls of the model take first. Owner: that thread. */
export class Cpu {
  /** Its number, from 0. */
  readonly id: number;
  /** What CPUs share. */
  readonly table: CpuTable;
  /** Where its copies are counted. */
  readonly copyLedger: CopyLedger;
  /** One per thread: CPUs that are stepped by the same thread share it, which is safe between steps. */
  readonly list = CopyList.ofThisThread();
  /** What kind of code it runs now. */
  context: Context = PROCESS;
  /** The socket whose packet is being given to a device, or `NO_SOCKET`. */
  txSocket = NO_SOCKET;
  /** Number of the device that the packet is given to; 0 outside start-transmit. */
  txDevice = 0;
  /** What runs its softirqs, or null on a CPU that has none. @internal */
  softirqs: SoftirqRunner | null = null;
  /** Time spent spinning on locks, also in the table. A field here, so that a timed section can subtract it. */
  lockWaitNs = 0;

  constructor(id: number, table: CpuTable, copyLedger: CopyLedger) {
    this.id = id;
    this.table = table;
    this.copyLedger = copyLedger;
  }

  /** CPU 0 of a machine that has nothing else: for a program that uses a slot pool or page source by itself. */
  static alone(): Cpu {
    const build = (arena: Arena) => new Cpu(0, new CpuTable(arena, 1), CopyLedger.inArena(arena, 1));
    return build(Arena.for(build));
  }

  /**
   * Runs softirqs that are pending where a process lets them run again, as `local_bh_enable` does: behind each packet
   * that it transmits. Does nothing in softirq context. Hot path.
   * @internal
   */
  enableSoftirqs(): void {
    if (this.context === PROCESS) this.softirqs?.run(false);
  }

  /** Jiffies at HZ 1000, as of the last native call that read the clock. */
  get ticks(): number {
    return (this.list.now * TICKS_PER_NS) | 0;
  }

  /** Nanoseconds on the process-wide monotonic clock. Costs a native crossing. */
  clock(): number {
    return this.list.clock();
  }

  /** Adds `ns` nanoseconds to a kind of time, an index of `TIME`. */
  addTime(kind: number, ns: number): void {
    this.table.addTime(this.id, kind, ns);
  }

  /**
   * Enters `bytes` that the last run of the copy list moved at `site` in the copy ledger, with the time that it took.
   */
  account(site: number, bytes: number, isTxLocked = false): void {
    this.copyLedger.add(this.id, site, this.context, isTxLocked, bytes, this.list.ns(site));
  }
}
