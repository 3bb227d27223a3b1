/**
 * The result of a trial: rates, copies by site and context, and where the time of the CPUs went. Copies are timed in
 * native code, lock waits and idle time where they happen, and slot and page work is sampled. What is left of the time
 * of a CPU is the rest of this implementation's control plane.
 */
import { CopyLedger, PROCESS, SOFTIRQ } from '../../smp/copy-ledger.js';
import type { AreaContention } from '../../swiotlb/slots/area.js';
import type { System } from '../build/system.js';
import type { HeldMemory } from './memory-looks.js';
import type { CpuReport } from './trial.js';

/** What a trial measured: what `run` of a machine returns. */
export interface TxTrial {
  /** Length of the measured part, seconds: the mean over CPUs. */
  readonly seconds: number;
  /**
   * The part of the planned time that was measured, 0..1, of the logical CPU that has the least. Less than 1 if the
   * host ran other threads when the measured part began, or `signal` ended it. Take a trial with a small share again.
   */
  readonly measuredShare: number;
  /** Measured time, summed over logical CPUs. */
  readonly cpuNs: number;
  /** Payload that the device completed in the measured part, bits per nanosecond. */
  readonly gbps: number;
  /** Payload that the device completed in the measured part. */
  readonly bytes: number;
  /** Skbs that the device completed in the measured part. */
  readonly skbs: number;
  /** The copies of the measured part, with their times. */
  readonly copyLedger: CopyLedger;
  /** Nanoseconds of all logical CPUs, without the CPU of a device that reads. */
  readonly time: {
    /** Copies that senders made. */
    readonly userCopy: number;
    /** Bounce copies. */
    readonly bounceCopy: number;
    /** Copies of headers. */
    readonly headerCopy: number;
    /** Work on slots and pages. */
    readonly slotPage: number;
    /** Waits for locks. */
    readonly lockWait: number;
    /** Work of the senders themselves: see `sockets.readsPerMessage`. */
    readonly application: number;
    /** Everything else that the CPUs did. */
    readonly rest: number;
    /** Time in which they had nothing to do. */
    readonly idle: number;
  };
  /** The part of `time.slotPage` in which senders got pages to write to. */
  readonly refillNs: number;
  /**
   * Nanoseconds under TX locks, without copies and without waits for other locks: parts of `time.slotPage` and
   * `time.rest`. 0 unless `checking.timesTxLock`.
   */
  readonly txLockNs: number;
  /** Share of `cpuNs`, idle time included, in which the host let the threads run, 0..1. An idle thread spins. */
  readonly onCpuShare: number;
  /**
   * CPU time of everything but idling, nanoseconds: the time on CPUs of the host, less the idle time in which the
   * thread was not seen to be interrupted.
   */
  readonly busyCpuNs: number;
  /**
   * Everything that is timed passes by the wall clock. A part of `time` that is not idle, times this (0..1), is its
   * part of `busyCpuNs`, provided that the host interrupts all parts alike.
   */
  readonly cpuPerBusyNs: number;
  /** Bytes that were bounced by senders, in the measured part. */
  readonly bounceProcessBytes: number;
  /** Bytes that were bounced by softirqs, in the measured part. */
  readonly bounceSoftirqBytes: number;
  /** Payload that sockets took from senders, in all of the trial. */
  readonly sentBytesTotal: number;
  /**
   * Payload that senders copied, and the part of it that was bounced, in all of the trial: at its end everything has
   * arrived.
   */
  readonly userBytesTotal: number;
  /** The part of `userBytesTotal` that was bounced. */
  readonly bounceBytesTotal: number;
  /** Packets that found no slots, in all of the trial, warm-up included. */
  readonly mapFailures: number;
  /** Packets that were mapped, in all of the trial. */
  readonly packets: number;
  /** Pages that sockets took from the slot pool, in all of the trial. */
  readonly pagesTaken: number;
  /**
   * Pages that the slot pool refused to sockets, in all of the trial: because of the percentage, or because no block
   * was free. The payload goes into ordinary pages instead, and is copied twice.
   */
  readonly pagesOverLimit: number;
  /** Pages that were refused because no block was free. */
  readonly pagesWithoutBlock: number;
  /** The largest number of slots in use at a time, in all of the trial; 0 unless `slotPool.exactCounters`. */
  readonly slotsPeak: number;
  /** Stops of queues whose ring was full, in all of the trial. */
  readonly ringStops: number;
  /** Stops at the byte queue limit, in all of the trial. */
  readonly byteStops: number;
  /** Waits for locks of areas, in all of the trial. */
  readonly areaContention: number;
  /** The same for each area of the first slot pool, and how long these waits were. */
  readonly areas: readonly AreaContention[];
  /** Slot pools that growth added in the background, and transient pools for one mapping each, in all of the trial. */
  readonly poolsAdded: number;
  /** Slot pools that were made for one mapping each, in all of the trial. */
  readonly transientPools: number;
  /** Times that the host took the CPU away from a thread of the machine in the measured part. */
  readonly involuntarySwitches: number;
  /**
   * How fast each logical CPU was, memory aside: nanoseconds per step of the pulse, the slower of those before and
   * after the measured part.
   */
  readonly pulseNs: readonly number[];
  /** What the machine held while it was measured, or null unless the plan has `lookEveryMs`. */
  readonly held: HeldMemory | null;
}

/** Returns the result of a trial from the reports of its CPUs and the tables that they have left. */
export function txTrial(system: System, reports: readonly CpuReport[], held: HeldMemory | null = null): TxTrial {
  const cells = new Float64Array(reports.reduce((length, report) => length + report.copyLedger.length, 0));
  let at = 0;
  for (const report of reports) {
    cells.set(report.copyLedger, at);
    at += report.copyLedger.length;
  }
  const copyLedger = new CopyLedger(cells, reports.length);
  const senders = reports.filter((report) => report.cpu < system.config.cpus.count);
  const total = (of: (report: CpuReport) => number) => senders.reduce((sum, report) => sum + of(report), 0);
  const elapsed = total((report) => report.elapsedNs);
  const onLogicalCpus = (site: 'user' | 'bounce' | 'header' | 'deviceRead') =>
    senders.reduce((sum, report) => sum + copyLedger.sum(site, { cpu: report.cpu }).ns, 0);
  const time = {
    userCopy: onLogicalCpus('user'),
    bounceCopy: onLogicalCpus('bounce'),
    headerCopy: onLogicalCpus('header'),
    slotPage: total((report) => report.time.slotPage + report.time.refill),
    lockWait: total((report) => report.time.lockWait),
    application: total((report) => report.time.application),
    idle: total((report) => report.time.idle),
  };
  const known = Object.values(time).reduce((sum, ns) => sum + ns, 0) + onLogicalCpus('deviceRead');
  const rest = Math.max(0, elapsed - known);
  const onCpu = Math.min(
    elapsed,
    total((report) => report.onCpuNs),
  );
  const idleOnCpu = time.idle - total((report) => report.time.away);
  const busyCpuNs = Math.min(elapsed - time.idle, Math.max(0, onCpu - idleOnCpu));
  const count = (name: 'stops' | 'packets') => system.queues.reduce((sum, queue) => sum + queue.counter(name), 0);
  const { swiotlb } = system;
  const listed = swiotlb.listed();
  const statistics = swiotlb.statistics();
  const contention = statistics.areas;
  return {
    seconds: elapsed / senders.length / 1e9,
    measuredShare: Math.min(1, ...senders.map((report) => report.measuredShare)),
    cpuNs: elapsed,
    gbps: total((report) => (report.arrivedBytes * 8) / report.elapsedNs),
    bytes: total((report) => report.arrivedBytes),
    skbs: total((report) => report.arrivedSkbs),
    copyLedger,
    time: { ...time, rest },
    refillNs: total((report) => report.time.refill),
    txLockNs: total((report) => report.time.txLock),
    onCpuShare: onCpu / elapsed,
    busyCpuNs,
    cpuPerBusyNs: busyCpuNs / (known + rest - time.idle),
    bounceProcessBytes: copyLedger.sum('bounce', { context: PROCESS }).bytes,
    bounceSoftirqBytes: copyLedger.sum('bounce', { context: SOFTIRQ }).bytes,
    sentBytesTotal: system.sentBytes(),
    userBytesTotal: system.copyLedger.sum('user').bytes,
    bounceBytesTotal: system.copyLedger.sum('bounce').bytes,
    mapFailures: system.mapFailures(),
    packets: count('packets'),
    pagesTaken: system.freeing.counters.allocated,
    pagesOverLimit: system.freeing.counters.overLimit,
    pagesWithoutBlock: system.freeing.counters.withoutBlock,
    slotsPeak: statistics.io_tlb_used_hiwater,
    ringStops: count('stops'),
    byteStops: system.queues.reduce((sum, queue) => sum + queue.byteQueueLimit.stops, 0),
    areaContention: contention.flat().reduce((sum, { waits }) => sum + waits, 0),
    areas: contention.at(-1)!,
    poolsAdded: listed.length - 1,
    transientPools: swiotlb.pools?.transientsMade ?? 0,
    involuntarySwitches: total((report) => report.involuntarySwitches),
    pulseNs: senders.map((report) => report.pulseNs),
    held,
  };
}
