/**
 * What one CPU does in a trial of a machine: it arrives, warms up, is measured, and drains.
 * Threads: every CPU runs this on a thread of its own. All agree on absolute times, so no thread tells another to stop.
 */

import { addon } from '../../addon/addon.js';
import { CopytaxError } from '../../errors.js';
import { checkOptions, outOfRange, shown } from '../../limits.js';
import type { Arena } from '../../smp/arena.js';
import { type Cpu, TIME, TIME_KINDS, type TimeKind } from '../../smp/cpu.js';
import type { CpuRunner } from '../build/cpu-runner.js';
import type { System } from '../build/system.js';

/** How long a trial takes. */
export interface TrialPlan {
  /** How long CPUs run before anything is measured, milliseconds. */
  readonly warmupMs: number;
  /** How long the measured part takes, milliseconds. */
  readonly measureMs: number;
  /** How often to look at what the machine holds while it is measured, milliseconds. Absent: never. */
  readonly lookEveryMs?: number;
}

/**
 * Refuses a plan without usable times, with which a trial would never end.
 * @throws ERR_OUT_OF_RANGE, ERR_UNKNOWN_OPTION
 */
export function requirePlan(plan: TrialPlan): void {
  checkOptions('the plan of a trial', plan ?? undefined, ['warmupMs', 'measureMs', 'lookEveryMs']);
  const { warmupMs, measureMs, lookEveryMs } = plan ?? {};
  if (!(Number.isFinite(warmupMs) && warmupMs >= 0)) {
    throw outOfRange(`warmupMs of a trial must be a number of at least 0, not ${shown(warmupMs)}`);
  }
  if (!(Number.isFinite(measureMs) && measureMs >= 0)) {
    throw outOfRange(`measureMs of a trial must be a number of at least 0, not ${shown(measureMs)}`);
  }
  if (lookEveryMs !== undefined && !(Number.isFinite(lookEveryMs) && lookEveryMs >= 1)) {
    throw outOfRange(`lookEveryMs of a trial must be a number of at least 1, not ${shown(lookEveryMs)}`);
  }
}

/** What happened on one CPU during the measured part of a trial. */
export interface CpuReport {
  readonly cpu: number;
  readonly elapsedNs: number;
  /** `elapsedNs` as a share of the planned time, 0..1. */
  readonly measuredShare: number;
  /** Its row of the copy ledger. */
  readonly copyLedger: Float64Array;
  readonly time: Readonly<Record<TimeKind, number>>;
  /** Time that the thread was on a CPU, nanoseconds. In the rest of `elapsedNs` the host ran other threads. */
  readonly onCpuNs: number;
  /** Payload bytes and skbs that arrived, of the sockets whose queues interrupt this CPU. */
  readonly arrivedBytes: number;
  readonly arrivedSkbs: number;
  readonly involuntarySwitches: number;
  /** Nanoseconds per step of the pulse (see `Addon.pulse`), the slower of those before and after this part. */
  readonly pulseNs: number;
}

const IDLE_PAUSES = 16;
const YIELD_AFTER_NS = 50_000;
const STALL_NS = 5e9;
/** One wait is much shorter. What is longer was no wait: the process stood still, and nothing could move. */
const LONGEST_WAIT_NS = 50e6;
const STEPS_BETWEEN_CLOCKS = 32;
/** How long an idle CPU polls before it takes a real step. */
const SPIN_NS = 100_000;
/**
 * A pause or yield takes a microsecond or two. After a longer one the host has run something else meanwhile: an idle
 * thread that yields is the first to lose its CPU. Interrupts of the host are shorter.
 */
const AWAY_NS = 20_000;

const ARRIVED = 0;
const STARTED = 1;
const STOPPED = 2;

/** Where the threads of a trial meet: all start together, and none leaves before all have stopped sending. */
export class Rendezvous {
  readonly #words: Int32Array;
  readonly #start: Float64Array;

  constructor(arena: Arena) {
    this.#words = arena.int32(3);
    this.#start = arena.float64(1);
  }

  reset(): void {
    this.#words.fill(0);
    this.#start.fill(0);
  }

  /** Waits for all `threads`. Returns the time at which they start, on the clock of the process. */
  start({ list, table }: Cpu, threads: number): number {
    if (Atomics.add(this.#words, ARRIVED, 1) === threads - 1) {
      this.#start[0] = list.clock();
      Atomics.store(this.#words, STARTED, 1);
    }
    while (Atomics.load(this.#words, STARTED) === 0 && !table.isAborted()) list.relax(0);
    return this.#start[0]!;
  }

  /** The time at which all start, on the clock of the process; 0 before that is known. Any thread. */
  get startedAt(): number {
    return Atomics.load(this.#words, STARTED) === 0 ? 0 : this.#start[0]!;
  }

  /** Says that this thread sends no more. */
  stopped(): void {
    Atomics.add(this.#words, STOPPED, 1);
  }

  allStopped(threads: number): boolean {
    return Atomics.load(this.#words, STOPPED) === threads;
  }
}

/** The trial of one CPU. */
export class Trial {
  readonly #system: System;
  readonly #runner: CpuRunner;
  readonly #rendezvous: Rendezvous;
  readonly #threads: number;

  constructor(system: System, runner: CpuRunner, rendezvous: Rendezvous, threads: number) {
    this.#system = system;
    this.#runner = runner;
    this.#rendezvous = rendezvous;
    this.#threads = threads;
  }

  /** @throws ERR_NEVER_ARRIVES, and what steps throw */
  play(plan: TrialPlan): CpuReport {
    const { cpus } = this.#system;
    const begin = this.#rendezvous.start(this.#runner.cpu, this.#threads) + plan.warmupMs * 1e6;
    const end = begin + plan.measureMs * 1e6;
    const sendingUntil = (deadline: number) => () => this.#runner.cpu.list.now >= deadline || cpus.isDraining();
    this.#stepUntil(sendingUntil(begin));
    const pulseBefore = addon().pulse();
    const before = reading(this.#system, this.#runner);
    this.#stepUntil(sendingUntil(end));
    const after = reading(this.#system, this.#runner);
    const pulseNs = Math.max(pulseBefore, addon().pulse());
    this.#runner.exitSenders();
    this.#rendezvous.stopped();
    cpus.drain();
    this.#stepUntil(() => this.#rendezvous.allStopped(this.#threads) && this.#system.isDrained());
    const measured = difference(this.#runner.cpu.id, before, after);
    // The measured part ends a little late, or has the length 0.
    const measuredShare = Math.min(1, plan.measureMs > 0 ? measured.elapsedNs / (plan.measureMs * 1e6) : 1);
    return { ...measured, measuredShare, pulseNs };
  }

  /** Steps the CPU, and waits when a step has nothing to do. */
  #stepUntil(isOver: () => boolean): void {
    const { list, table } = this.#runner.cpu;
    let steps = 0;
    let idleSince = 0;
    while (!table.isAborted() && !isOver()) {
      if (++steps % STEPS_BETWEEN_CLOCKS === 0) list.clock();
      if (this.#runner.step()) {
        idleSince = 0;
        continue;
      }
      const began = list.clock();
      if (idleSince === 0) idleSince = began;
      this.#assertAlive(began - idleSince);
      const yields = began - idleSince > YIELD_AFTER_NS;
      do this.#pause(yields ? 0 : IDLE_PAUSES);
      while (!this.#runner.hasWork() && !table.isAborted() && !isOver() && list.now - began < SPIN_NS);
      const waited = list.now - began;
      idleSince += Math.max(0, waited - LONGEST_WAIT_NS);
      this.#runner.cpu.addTime(TIME.idle, waited);
    }
  }

  #pause(spins: number): void {
    const { cpu } = this.#runner;
    const before = cpu.list.now;
    const ns = cpu.list.relax(spins) - before;
    if (ns > AWAY_NS) cpu.addTime(TIME.away, ns);
  }

  #assertAlive(idleNs: number): void {
    const { id, table } = this.#runner.cpu;
    if (idleNs < STALL_NS || (this.#runner.finished && !table.isDraining())) return;
    throw new CopytaxError(
      'ERR_NEVER_ARRIVES',
      `CPU ${id} had nothing to do for ${STALL_NS / 1e9} s, and data are still in flight`,
    );
  }
}

function timeBy(ns: (kind: TimeKind) => number): Record<TimeKind, number> {
  return Object.fromEntries(TIME_KINDS.map((kind) => [kind, ns(kind)])) as Record<TimeKind, number>;
}

interface Reading {
  readonly now: number;
  readonly copyLedger: Float64Array;
  readonly time: Record<TimeKind, number>;
  readonly onCpuNs: number;
  readonly involuntarySwitches: number;
  readonly arrivedBytes: number;
  readonly arrivedSkbs: number;
}

function reading(system: System, runner: CpuRunner): Reading {
  const { cpu } = runner;
  const usage = addon().threadUsage();
  const time = timeBy((kind) => system.cpus.timeOf(cpu.id, kind));
  let arrivedBytes = 0;
  let arrivedSkbs = 0;
  for (let socket = 0; socket < system.config.sockets.senders; socket++) {
    if (system.irqCpus[socket % system.config.devices.queues] !== cpu.id) continue;
    arrivedBytes += system.peers.receivedBytes(socket);
    arrivedSkbs += system.peers.receivedSkbs(socket);
  }
  return {
    now: cpu.clock(),
    copyLedger: system.copyLedger.row(cpu.id),
    time,
    onCpuNs: usage.cpuNs,
    involuntarySwitches: usage.involuntarySwitches,
    arrivedBytes,
    arrivedSkbs,
  };
}

function difference(cpu: number, before: Reading, after: Reading): Omit<CpuReport, 'measuredShare' | 'pulseNs'> {
  return {
    cpu,
    elapsedNs: after.now - before.now,
    copyLedger: after.copyLedger.map((value, at) => value - before.copyLedger[at]!),
    time: timeBy((kind) => after.time[kind] - before.time[kind]),
    onCpuNs: after.onCpuNs - before.onCpuNs,
    involuntarySwitches: after.involuntarySwitches - before.involuntarySwitches,
    arrivedBytes: after.arrivedBytes - before.arrivedBytes,
    arrivedSkbs: after.arrivedSkbs - before.arrivedSkbs,
  };
}
