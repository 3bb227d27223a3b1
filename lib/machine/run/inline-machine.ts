/**
 * A machine whose CPUs take turns on the calling thread: the same code without concurrency, for tests and examples.
 * Owner: one thread.
 */

import { failureOfDesign } from '../../designs/own-designs.js';
import { CopytaxError } from '../../errors.js';
import { outOfRange } from '../../limits.js';
import { Region } from '../../memory/region.js';
import { Arena } from '../../smp/arena.js';
import { assembleCpu } from '../build/assemble-cpu.js';
import { type MachineConfig, requireConfig } from '../build/config.js';
import type { CpuRunner } from '../build/cpu-runner.js';
import type { GrowthWork } from '../build/growth.js';
import { fillUsers, ramLayout } from '../build/ram.js';
import { cpuThreads } from '../build/sizing.js';
import { System } from '../build/system.js';
import { assertBalanced } from '../check/balance.js';
import { transmitsForNoSocket } from '../check/in-flight-invariants.js';
import { assertInvariants, BETWEEN_STEPS } from '../check/invariants.js';
import type { Invariant } from '../check/watched.js';
import { stoppedMachine } from './stalls.js';

/** Longer than any timer of the model runs. */
const IDLE_NS = 1e9;
/** Longer than the slowest line takes for the largest packet. */
const STUCK_NS = 20e9;
/** Turns from one check of the invariants to the next. */
const TURNS_BETWEEN_CHECKS = 256;

/** A machine whose CPUs take turns on the calling thread. Owner: one thread, which has to close it. */
export class InlineMachine {
  /** Its tables. */
  readonly system: System;
  /** The machine's memory, whose offsets are physical addresses. */
  readonly ram: Region;
  /** Its CPUs, in order. */
  readonly runners: readonly CpuRunner[];
  readonly #work: GrowthWork | null;
  readonly #checks: boolean;
  #turns = 0;

  /**
   * `sockets.messagesPerSender` has to be finite for `run`, and is not by default.
   * Throws ERR_UNKNOWN_OPTION, what `Region.create` throws, and ERR_DESIGN, as all methods do, when a design of one's
   * own fails.
   */
  constructor(config: MachineConfig) {
    requireConfig(config);
    this.#checks = config.checking.everyByte;
    const layout = ramLayout(config);
    this.ram = Region.create({ bytes: layout.bytes, align: 1 << 18, lock: 'no', hugePages: 'never' });
    try {
      fillUsers(this.ram.buffer, layout);
      const arena = Arena.for((counting) => new System(counting, config));
      this.system = new System(arena, config);
      this.system.reset();
      const ram = { id: this.ram.id, buffer: this.ram.buffer };
      this.runners = Array.from({ length: cpuThreads(config) }, (_, id) => assembleCpu(this.system, id, ram));
      this.#work = this.system.growthWork();
    } catch (thrown) {
      this.close(); // what was registered until then
      throw failureOfDesign(config.design, thrown);
    }
  }

  /**
   * Takes one step of every CPU, in order, and of the work in the background. Returns false when none had anything to
   * do. With `checking.everyByte`, it also checks the invariants now and then.
   */
  step(): boolean {
    const progress = this.#stepAll();
    if (!progress) this.runners[0]!.cpu.clock(); // timers expire by the clock, which only native calls read
    if (this.#checks && ++this.#turns % TURNS_BETWEEN_CHECKS === 0) this.assertInvariants();
    return progress;
  }

  #stepAll(): boolean {
    let progress = false;
    try {
      for (const runner of this.runners) if (runner.step()) progress = true;
      if (this.#work?.step()) progress = true;
    } catch (thrown) {
      throw failureOfDesign(this.system.config.design, thrown);
    }
    return progress;
  }

  /**
   * Checks what holds between two steps.
   * @throws ERR_INVARIANT
   */
  assertInvariants(invariants: readonly Invariant[] = BETWEEN_STEPS): void {
    const heldPages = this.runners.flatMap((runner) => runner.senders.map((sender) => sender.heldPage));
    for (const { cpu } of this.runners) transmitsForNoSocket(cpu);
    try {
      assertInvariants({ system: this.system, ram: this.ram.id, heldPages }, invariants);
    } catch (thrown) {
      throw failureOfDesign(this.system.config.design, thrown);
    }
  }

  /**
   * Runs until every sender has sent its messages and all are acknowledged.
   * @throws ERR_OUT_OF_RANGE, before anything is sent, if `sockets.messagesPerSender` is Infinity, its default: senders
   * would never finish; ERR_STALLED when nothing moves because packets find no slots; ERR_NEVER_ARRIVES when nothing
   * moves for another reason; ERR_UNBALANCED, ERR_INVARIANT
   */
  run(): void {
    if (this.ram.closed) throw new CopytaxError('ERR_REGION_CLOSED', 'the machine is closed: run() needs another one');
    const { messagesPerSender } = this.system.config.sockets;
    if (messagesPerSender === Infinity) {
      const advice = 'give it a number of messages, or call step() and drain()';
      throw outOfRange(`sockets.messagesPerSender must be finite for InlineMachine.run(), not Infinity: ${advice}`);
    }
    this.#stepUntil('the senders do not finish', () => this.runners.every((runner) => runner.finished));
    this.drain();
  }

  /**
   * Stops the senders, lets everything in flight arrive, and checks that nothing was lost.
   * @throws as `run`, but for ERR_OUT_OF_RANGE
   */
  drain(): void {
    try {
      for (const runner of this.runners) runner.exitSenders();
      this.system.cpus.drain();
      this.#stepUntil('data in flight do not arrive', () => this.system.isDrained());
      assertBalanced(this.system);
    } catch (thrown) {
      throw failureOfDesign(this.system.config.design, thrown);
    }
    if (this.#checks) this.assertInvariants();
  }

  /** A machine may be busy for ever and make no progress, for example by mapping what cannot be mapped. */
  #stepUntil(what: string, isOver: () => boolean): void {
    const { list } = this.runners[0]!.cpu;
    let idleSince: number | null = null;
    let moved = -1;
    let since = list.clock();
    let failuresBefore = this.system.mapFailures();
    const stopped = (why: string) => stoppedMachine(`${what}: ${why}`, this.system.mapFailures() - failuresBefore);
    for (let turn = 0; !isOver(); turn++) {
      const begin = list.now; // a turn without work was idle from its beginning
      idleSince = this.step() ? null : (idleSince ?? list.now);
      if (idleSince !== null && begin - idleSince > IDLE_NS) {
        throw stopped(`no CPU had anything to do for ${IDLE_NS / 1e9} s`);
      }
      if (turn % TURNS_BETWEEN_CHECKS !== 0) continue;
      const now = list.clock();
      const bytes = this.system.bytesMoved();
      if (bytes !== moved) [since, failuresBefore] = [now, this.system.mapFailures()];
      moved = bytes;
      if (now - since <= STUCK_NS) continue;
      throw stopped(`CPUs were busy for ${STUCK_NS / 1e9} s and moved no byte`);
    }
  }

  /** Unmaps the memory and lets go of regions that are registered, also with data in flight. Idempotent. */
  close(): void {
    try {
      this.system?.designState.abandon?.();
    } finally {
      this.ram.close();
    }
  }

  /** As `close`. */
  [Symbol.dispose](): void {
    this.close();
  }
}
