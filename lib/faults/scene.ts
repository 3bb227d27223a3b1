/**
 * The stage on which faults are played: a small machine whose CPUs take turns, with a clock that is turned by hand, so
 * that every play is the same.
 * Owner: one thread; one scene at a time, for the clock is the thread's.
 */
import { CopytaxError } from '../errors.js';
import type { Flavour } from '../flavour.js';
import { type MachineOptions, machineConfig } from '../machine/build/config.js';
import type { System } from '../machine/build/system.js';
import { packetsInFlight } from '../machine/check/in-flight.js';
import { BETWEEN_STEPS } from '../machine/check/invariants.js';
import type { Invariant } from '../machine/check/watched.js';

import { InlineMachine } from '../machine/run/inline-machine.js';
import { CopyList } from '../memory/copy-list.js';
import { BouncePages } from '../page/page-source.js';
import { NO_PAGE } from '../page/page-table.js';
import { PAGE_TYPE } from '../page/page-type.js';
import { PAGE_SIZE } from '../units.js';

/** Nanoseconds that a turn of all CPUs takes. */
const TURN_NS = 20_000;
/**
 * Turns from one look at the invariants to the next, in a play of some length; what is stuck need not be looked at so
 * often.
 */
const TURNS_BETWEEN_LOOKS = 16;
const TURNS_OF_PLAY = 4096;

const SMALL: MachineOptions = {
  design: 'bounce-pages',
  sockets: {
    messageBytes: 32768,
    messagesPerSender: 40,
    senders: 1,
    userBufferBytes: 256 << 10,
    sendBufferBytes: 256 << 10,
  },
  slotPool: { bytes: 4 << 20 },
  devices: { completion: 'retire', interruptFrames: 1, qdisc: 'fifo' },
  checking: { everyByte: true },
};

export class Scene {
  readonly machine: InlineMachine;
  readonly system: System;
  /** Of the clock, nanoseconds; whoever plays may set it. */
  now = 1e9;
  /** Does it go on by itself? */
  isTicking = true;
  readonly #list = CopyList.ofThisThread();

  constructor(flavour: Flavour, given: MachineOptions = {}) {
    const now = () => this.now;
    Object.defineProperty(this.#list, 'now', { get: now, configurable: true });
    Object.defineProperty(this.#list, 'clock', { value: now, configurable: true });
    this.machine = new InlineMachine(machineConfig({ cpus: { copyKernel: 0 } }, SMALL, given, { flavour }));
    this.system = this.machine.system;
    let turn = 0;
    intercept(this.machine, 'step', (step) => () => {
      if (this.isTicking) this.now += TURN_NS;
      const progress = step();
      if (++turn <= TURNS_OF_PLAY && turn % TURNS_BETWEEN_LOOKS === 0) this.machine.assertInvariants();
      return progress;
    });
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

  /**
   * These invariants are not looked at from here on: they know nothing of what the play does. Answers what undoes it.
   */
  unwatch(...unwatched: readonly Invariant[]): () => void {
    return intercept(
      this.machine,
      'assertInvariants',
      (look) =>
        (invariants = BETWEEN_STEPS) =>
          look(invariants.filter((invariant) => !unwatched.includes(invariant))),
    );
  }

  /** Payload bytes that were copied a second time. */
  get bounced(): number {
    return this.system.copyLedger.sum('bounce').bytes;
  }

  get sent(): number {
    let sent = 0;
    for (let socket = 0; socket < this.system.config.sockets.senders; socket++)
      sent += this.system.sockets.sentBytes(socket);
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

/** Goes on until a doorbell has rung for packets that the device is not done with. */
export function untilInFlight(scene: Scene): void {
  const { ring } = scene.system.queues[0]!;
  scene.until('packets are with the device', () => ring.done() !== ring.produced());
}

/** A block of the pool that packets in flight lie in; goes on until there is one. */
export function liveBlock(scene: Scene): number {
  const { pages } = scene.system;
  let found = NO_PAGE;
  scene.until('a page of the pool is in flight', () => {
    const heads = packetsInFlight(scene.system, 'done').flatMap(({ parts }) =>
      parts.map(({ dma }) => pages.headOf(Math.floor(dma / PAGE_SIZE))),
    );
    found = heads.find((head) => head !== NO_PAGE && pages.hasType(head, PAGE_TYPE.zeroCopySwiotlb)) ?? NO_PAGE;
    return found !== NO_PAGE;
  });
  return found;
}

/** Drops every reference to the block, which is free then, whoever has it. */
export function dropReferences({ system, machine }: Scene, pfn: number): void {
  const { freeing, pages, systemPages, bouncePool } = system;
  const dispatch = freeing.dispatch(pages, systemPages, new BouncePages(bouncePool, 1));
  for (let refs = pages.refs(pfn); refs > 0; refs--) dispatch.put(machine.runners[0]!.cpu, pfn);
}
