/**
 * The stage on which faults are played: a small machine whose CPUs take turns, with a clock that is turned by hand, so
 * that every play is the same.
 * Owner: one thread; one scene at a time, for the clock is the thread's.
 */
import { CopytaxError } from '../../errors.js';
import type { Flavour } from '../../flavour.js';
import { CopyList } from '../../memory/copy-list.js';
import { type MachineConfig, machineConfig } from '../config.js';
import { InlineMachine } from '../inline-machine.js';
import type { System } from '../system.js';

/** Nanoseconds that a turn of all CPUs takes. */
const TURN_NS = 20_000;

const SMALL: Partial<MachineConfig> = {
  ...{ design: 'bounce-pages', check: true, device: 'retire', interruptFrames: 1, qdisc: 'fifo' },
  ...{ message: 32768, messagesPerSender: 40, senders: 1, userBytes: 256 << 10, window: 256 << 10, pool: 4 << 20 },
};

export class Scene {
  readonly machine: InlineMachine;
  readonly system: System;
  /** Of the clock, nanoseconds; whoever plays may set it. */
  now = 1e9;
  /** Does it go on by itself? */
  isTicking = true;
  readonly #list = CopyList.ofThisThread();

  constructor(flavour: Flavour, given: Partial<MachineConfig> = {}) {
    this.machine = new InlineMachine(machineConfig({ kernel: 0, ...SMALL, ...given, flavour }));
    this.system = this.machine.system;
    const now = () => this.now;
    Object.defineProperty(this.#list, 'now', { get: now, configurable: true });
    Object.defineProperty(this.#list, 'clock', { value: now, configurable: true });
    const { step } = this.machine;
    this.machine.step = () => {
      if (this.isTicking) this.now += TURN_NS;
      return step.call(this.machine);
    };
  }

  /** Turns of all CPUs. */
  turns(count: number): void {
    for (let turn = 0; turn < count; turn++) this.machine.step();
  }

  /** Turns until it is so. ERR_STALLED when it never is. */
  until(what: string, isSo: () => boolean): void {
    for (let turn = 0; !isSo(); turn++) {
      if (turn > 20_000) throw new CopytaxError('ERR_STALLED', `the play never got to where ${what}`);
      this.machine.step();
    }
  }

  /** Invariants are not looked at from here on: they know nothing of what the play does. Answers what undoes it. */
  unwatch(): () => void {
    return intercept(this.machine, 'assertInvariants', () => () => {});
  }

  /** Payload bytes that were copied a second time. */
  get bounced(): number {
    return this.system.ledger.sum('bounce').bytes;
  }

  get sent(): number {
    let sent = 0;
    for (let socket = 0; socket < this.system.config.senders; socket++) sent += this.system.sockets.sentBytes(socket);
    return sent;
  }

  get mapFailures(): number {
    return this.system.queues.reduce((sum, queue) => sum + queue.counter('mapFailures'), 0);
  }

  close(): void {
    Reflect.deleteProperty(this.#list, 'now');
    Reflect.deleteProperty(this.#list, 'clock');
    this.machine.close();
  }
}

/** Puts something in the way of a method of one object; answers what takes it out again. */
export function intercept<Target extends object, Name extends keyof Target>(
  target: Target,
  name: Name,
  around: (original: Target[Name]) => Target[Name],
): () => void {
  const original = target[name];
  const bound = (original as unknown as (...args: unknown[]) => unknown).bind(target) as Target[Name];
  Object.defineProperty(target, name, { value: around(bound), configurable: true, writable: true });
  return () => {
    Reflect.deleteProperty(target, name);
  };
}

/** ERR_UNBALANCED unless it is so. */
export function expectThat(what: string, isSo: boolean, details: Record<string, unknown> = {}): void {
  if (!isSo) throw new CopytaxError('ERR_UNBALANCED', `expected that ${what}`, details);
}
