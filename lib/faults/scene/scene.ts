/**
 * A small machine in which a fault is played: its CPUs take turns, and its clock is set by the fault, so that a fault
 * always plays in the same way.
 * Owner: one thread. One scene at a time, because it replaces the clock of the thread.
 */
import type { Block } from '../../designs/design.js';
import { CopytaxError } from '../../errors.js';
import type { Flavour } from '../../flavour.js';
import { type MachineOptions, machineConfig } from '../../machine/build/config.js';
import type { System } from '../../machine/build/system.js';
import { packetsInFlight } from '../../machine/check/in-flight.js';
import { BETWEEN_STEPS } from '../../machine/check/invariants.js';
import type { Invariant } from '../../machine/check/watched.js';
import { InlineMachine } from '../../machine/run/inline-machine.js';
import { CopyList } from '../../memory/copy-list.js';
import { BouncePages } from '../../page/bounce-pages.js';
import type { PageFrag } from '../../page/page-frag.js';
import { NO_PAGE } from '../../page/page-table.js';
import { TIME } from '../../smp/cpu.js';
import { Meter } from '../../smp/meter.js';
import { PAGE_SIZE } from '../../units.js';

/** What a turn of all CPUs takes, nanoseconds. */
const TURN_NS = 20_000;
/** Turns from one check of the invariants to the next, and the turns after which a machine that is stuck needs none. */
const TURNS_BETWEEN_CHECKS = 16;
const CHECKED_TURNS = 4096;
/** Turns after which it is in a hurry, and what a turn takes then. */
const PATIENT_TURNS = 30_000;
const LATE_TURN_NS = 1e6;

/** The machine of a fault that does not ask for another. */
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
  /** The time of the clock, nanoseconds. A fault may set it. */
  now = 1e9;
  /** True while each turn moves the clock on. */
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
      turn++;
      if (this.isTicking) this.now += turn <= PATIENT_TURNS ? TURN_NS : LATE_TURN_NS;
      const progress = step();
      if (turn <= CHECKED_TURNS && turn % TURNS_BETWEEN_CHECKS === 0) this.machine.assertInvariants();
      return progress;
    });
  }

  /** Takes `count` turns of all CPUs. */
  turns(count: number): void {
    for (let turn = 0; turn < count; turn++) this.machine.step();
  }

  /**
   * Takes turns until `isSo` returns true. `what` words the error.
   * @throws ERR_SCENE_STALLED when that takes too long
   */
  until(what: string, isSo: () => boolean): void {
    for (let turn = 0; !isSo(); turn++) {
      if (turn > 20_000) throw new CopytaxError('ERR_SCENE_STALLED', `the scene did not reach: ${what}`);
      this.machine.step();
    }
  }

  /** Stops checking these invariants, which know nothing of what the fault does. Returns a function that ends this. */
  unwatch(...unwatched: readonly Invariant[]): () => void {
    return intercept(
      this.machine,
      'assertInvariants',
      (check) =>
        (invariants = BETWEEN_STEPS) =>
          check(invariants.filter((invariant) => !unwatched.includes(invariant))),
    );
  }

  /** Payload bytes that were copied a second time. */
  get bounced(): number {
    return this.system.copyLedger.sum('bounce').bytes;
  }

  /** Payload bytes that sockets took. */
  get sent(): number {
    const { config, sockets } = this.system;
    let sent = 0;
    for (let socket = 0; socket < config.sockets.senders; socket++) sent += sockets.sentBytes(socket);
    return sent;
  }

  /** True if payload may be bounced: if there is no other memory that the device reaches, or not enough of it. */
  get mayBounce(): boolean {
    const { bounceCopies, holdsSlots } = this.system.design.promises;
    return bounceCopies > 0 || holdsSlots;
  }

  /** True for an address in a slot pool. */
  isInSlotPool(address: number): boolean {
    return this.system.swiotlb.listed().some((pool) => pool.contains(address));
  }

  /** The block of bounce memory that an address lies in, if no mapping owns it. */
  blockAt(address: number): Block | undefined {
    const page = Math.floor(address / PAGE_SIZE);
    return this.system.designState.blocks().find(({ pfn, order }) => page >= pfn && page < pfn + (1 << order));
  }

  /** Returns the page fragment of a task that the machine knows nothing of. */
  newTask(): PageFrag {
    const { system, machine } = this;
    const { cpu } = machine.runners[0]!;
    const copies = { copyKernel: system.config.cpus.copyKernel, ramRegion: machine.ram.id, check: true };
    return system.designState.partsOf(cpu, { copies, refillTime: new Meter(cpu, 0, TIME.refill) }).pageFrag();
  }

  /** Packets that found no slots. */
  get mapFailures(): number {
    return this.system.mapFailures();
  }

  /** Gives the thread its own clock back, and closes the machine. */
  close(): void {
    Reflect.deleteProperty(this.#list, 'now');
    Reflect.deleteProperty(this.#list, 'clock');
    this.machine.close();
  }
}

/**
 * Replaces a method of one object by `around(method)`. Returns a function that puts the method back.
 *
 * It patches a live object, which code that is not for faults must not do. Faults need it: they fail one call in the
 * middle of a step, and a hook for that in each class would stand on the paths that are measured. Both names are
 * checked by the compiler.
 */
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

/** @throws ERR_UNBALANCED unless `isSo` */
export function expectThat(what: string, isSo: boolean, details: Record<string, unknown> = {}): void {
  if (!isSo) throw new CopytaxError('ERR_UNBALANCED', `expected that ${what}`, details);
}

/** From now on the peer of the socket acknowledges nothing. Returns a function that ends this. */
export function silence({ system }: Scene, socket: number): () => void {
  return intercept(
    system.peers,
    'acknowledge',
    (acknowledge) => (of, now) => (of === socket ? false : acknowledge(of, now)),
  );
}

/** Takes turns until a doorbell has rung for packets that the device has not completed. */
export function untilInFlight(scene: Scene): void {
  const { ring } = scene.system.queues[0]!;
  scene.until('packets are with the device', () => ring.done() !== ring.produced());
}

/** Takes turns until packets in flight lie in a block of the slot pool. Returns the block. */
export function liveBlock(scene: Scene): number {
  let found = NO_PAGE;
  scene.until('a page of the slot pool is in flight', () => {
    const parts = packetsInFlight(scene.system, 'done').flatMap((packet) => packet.parts);
    found = parts.map(({ dma }) => scene.blockAt(dma)).find((block) => block !== undefined)?.pfn ?? NO_PAGE;
    return found !== NO_PAGE;
  });
  return found;
}

/** Drops every reference to the block, which is free afterwards although tasks and skbs still refer to it. */
export function dropReferences({ system, machine }: Scene, pfn: number): void {
  const { freeing, pages, systemPages, bouncePageParts } = system;
  const dispatch = freeing.dispatch(pages, systemPages, new BouncePages(bouncePageParts, 1));
  for (let refs = pages.refs(pfn); refs > 0; refs--) dispatch.put(machine.runners[0]!.cpu, pfn);
}
