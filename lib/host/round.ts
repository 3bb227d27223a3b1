/**
 * One round of a machine as one of its CPUs lives it: arrive, warm up, be measured, drain.
 * Every CPU runs this on a thread of its own; they agree on absolute times, so nobody has to tell anybody to stop.
 */
import { CopytaxError } from '../errors.js';
import { addon } from '../memory/addon.js';
import type { Arena } from '../smp/arena.js';
import { TIME, type TimeKind } from '../smp/cpu.js';
import type { CpuRunner } from './cpu-runner.js';
import type { System } from './system.js';

export interface RoundPlan {
  /** How long CPUs run before anything is measured, milliseconds. */
  readonly warmupMs: number;
  readonly measureMs: number;
}

/** What happened on one CPU while it was measured. */
export interface CpuReport {
  readonly cpu: number;
  readonly elapsedNs: number;
  /** Its row of the copy ledger. */
  readonly ledger: Float64Array;
  readonly time: Readonly<Record<TimeKind, number>>;
  /** Time that the thread was on a CPU, nanoseconds; the rest of `elapsedNs` the host gave to others. */
  readonly onCpuNs: number;
  /** Payload bytes and skbs that arrived, of sockets that interrupt this CPU. */
  readonly arrivedBytes: number;
  readonly arrivedSkbs: number;
  readonly involuntarySwitches: number;
}

const IDLE_PAUSES = 16;
const YIELD_AFTER_NS = 50_000;
const STALL_NS = 5e9;
const STEPS_BETWEEN_CLOCKS = 32;

/** Where the CPUs of a round meet. */
export class StartLine {
  readonly #arrived: Int32Array;
  readonly #start: Float64Array;

  constructor(arena: Arena) {
    this.#arrived = arena.int32(2);
    this.#start = arena.float64(1);
  }

  reset(): void {
    this.#arrived.fill(0);
    this.#start.fill(0);
  }

  /** Waits for all `cpus`; answers the time at which they start, on the process-wide clock. */
  wait(runner: CpuRunner, cpus: number): number {
    const { list, table } = runner.cpu;
    if (Atomics.add(this.#arrived, 0, 1) === cpus - 1) {
      this.#start[0] = list.clock();
      Atomics.store(this.#arrived, 1, 1);
    }
    while (Atomics.load(this.#arrived, 1) === 0 && !table.isAborted()) list.relax(0);
    return this.#start[0]!;
  }
}

export function playRound(
  system: System,
  runner: CpuRunner,
  line: StartLine,
  threads: number,
  plan: RoundPlan,
): CpuReport {
  const start = line.wait(runner, threads);
  const begin = start + plan.warmupMs * 1e6;
  runUntil(system, runner, begin);
  const before = reading(system, runner);
  runUntil(system, runner, begin + plan.measureMs * 1e6);
  const after = reading(system, runner);
  runner.exitSenders();
  system.cpus.drain();
  runUntil(system, runner, Infinity);
  return difference(runner.cpu.id, before, after);
}

/** Runs the CPU until `deadline`, or, when the machine drains, until that is over. */
function runUntil(system: System, runner: CpuRunner, deadline: number): void {
  const { cpu } = runner;
  const { list, table } = cpu;
  const drained = () => table.isDraining() && (deadline !== Infinity || system.isDrained());
  let steps = 0;
  while (!table.isAborted() && !drained()) {
    if (++steps % STEPS_BETWEEN_CLOCKS === 0) list.clock();
    if (list.now >= deadline) return;
    if (!runner.step()) idle(system, runner, deadline);
  }
}

/** Waits for work, a deadline, or the end of the round. */
function idle(system: System, runner: CpuRunner, deadline: number): void {
  const { cpu } = runner;
  const { list, table } = cpu;
  const begin = list.clock();
  do {
    list.relax(list.now - begin < YIELD_AFTER_NS ? IDLE_PAUSES : 0);
    if (table.isAborted() || (table.isDraining() && (deadline !== Infinity || system.isDrained()))) break;
    if (list.now - begin > STALL_NS && (table.isDraining() || !runner.finished)) {
      table.abort();
      throw new CopytaxError('ERR_STALLED', `CPU ${cpu.id} has waited 5 s for work, and data are still in flight`);
    }
  } while (list.now < deadline && !runner.hasWork());
  cpu.addTime(TIME.idle, list.now - begin);
}

interface Reading {
  readonly now: number;
  readonly ledger: Float64Array;
  readonly time: Record<TimeKind, number>;
  readonly onCpuNs: number;
  readonly involuntarySwitches: number;
  readonly arrivedBytes: number;
  readonly arrivedSkbs: number;
}

function reading(system: System, runner: CpuRunner): Reading {
  const { cpu } = runner;
  const usage = addon().threadUsage();
  const time = { lockWait: 0, idle: 0, slotPage: 0 };
  for (const kind of Object.keys(time) as TimeKind[]) time[kind] = system.cpus.timeOf(cpu.id, kind);
  let arrivedBytes = 0;
  let arrivedSkbs = 0;
  for (let socket = 0; socket < system.config.senders; socket++) {
    if (system.irqCpus[socket % system.config.queues] !== cpu.id) continue;
    arrivedBytes += system.peers.receivedBytes(socket);
    arrivedSkbs += system.peers.receivedSkbs(socket);
  }
  return {
    now: cpu.clock(),
    ledger: system.ledger.row(cpu.id),
    time,
    onCpuNs: usage.userNs + usage.systemNs,
    involuntarySwitches: usage.involuntarySwitches,
    arrivedBytes,
    arrivedSkbs,
  };
}

function difference(cpu: number, before: Reading, after: Reading): CpuReport {
  return {
    cpu,
    elapsedNs: after.now - before.now,
    ledger: after.ledger.map((value, at) => value - before.ledger[at]!),
    time: {
      lockWait: after.time.lockWait - before.time.lockWait,
      idle: after.time.idle - before.time.idle,
      slotPage: after.time.slotPage - before.time.slotPage,
    },
    onCpuNs: after.onCpuNs - before.onCpuNs,
    involuntarySwitches: after.involuntarySwitches - before.involuntarySwitches,
    arrivedBytes: after.arrivedBytes - before.arrivedBytes,
    arrivedSkbs: after.arrivedSkbs - before.arrivedSkbs,
  };
}
