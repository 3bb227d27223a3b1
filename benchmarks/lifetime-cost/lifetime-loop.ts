/**
 * The loops that `lifetime-cost` times: skbs of 64 KiB are made, given a second holder or divided, and released, group
 * by group, on one thread or on two that take turns. Each thread has one lifetime only, so that the compiler inlines it
 * as in a machine.
 */
import { SEGMENT_PAYLOAD } from '../../lib/machine/build/choices.js';
import { machineConfig } from '../../lib/machine/build/config.js';
import { System } from '../../lib/machine/build/system.js';
import { copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { releaseData, shareData, splitData } from '../../lib/net/lifetime.js';
import { Arena } from '../../lib/smp/arena.js';
import { Cpu } from '../../lib/smp/cpu.js';
import { type AtomicCounts, assertUncounted, countAtomics } from './atomic-counts.js';
import { GROUP, type LifetimeName, type LifetimeRig, SEND_BUFFER_BYTES, SOCKET } from './lifetime-rig.js';
import { OwnerRig } from './owner-rig.js';
import { PagePoolRig } from './page-pool-rig.js';
import { PageRig } from './page-rig.js';

/**
 * What happens to an skb between its making and its release: nothing; a clone that shares the array of fragments; one
 * that has a copy of the array; or a split into two skbs. Both holders are released.
 */
export const OPERATIONS = ['send', 'clone', 'copy array', 'split'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** In the middle, at the end of a segment of 1448 bytes: within a fragment, whatever their number. */
const SPLIT_AT = 22 * SEGMENT_PAYLOAD;
/** Looks at whose turn it is before a thread sleeps: some microseconds, as long as a group takes. */
const MAX_LOOKS = 200;

export interface LifetimePlan {
  readonly operation: Operation;
  readonly fragments: number;
  /** Groups of `GROUP` skbs. */
  readonly groups: number;
}

/** Nanoseconds of all groups. */
export interface LifetimeTimes {
  readonly acquireNs: number;
  readonly releaseNs: number;
}

/** Owner: one thread, of two over the same arena. */
export class LifetimeLoop {
  readonly #system: System;
  readonly #cpu: Cpu;
  readonly #rig: LifetimeRig;
  /** Word 0: number of the thread whose turn it is. */
  readonly #turn: Int32Array;

  private constructor(arena: Arena, lifetime: LifetimeName, thread: number) {
    const system = systemOf(arena, lifetime);
    this.#system = system;
    this.#turn = arena.int32(1);
    this.#cpu = new Cpu(thread, system.cpus, system.copyLedger);
    this.#rig = rigOf(arena, system, this.#cpu, lifetime);
  }

  /** Returns the memory of the two threads. */
  static create(lifetime: LifetimeName): SharedArrayBuffer {
    const arena = Arena.for((counting) => new LifetimeLoop(counting, lifetime, 0));
    const loop = new LifetimeLoop(arena, lifetime, 0);
    loop.#system.reset();
    loop.#rig.reset();
    return arena.buffer!;
  }

  /** `thread`: 0 for the one that makes skbs, 1 for the one that only releases them. */
  static over(buffer: SharedArrayBuffer, lifetime: LifetimeName, thread: 0 | 1): LifetimeLoop {
    const loop = new LifetimeLoop(Arena.over(buffer), lifetime, thread);
    if (thread === 0) loop.#rig.fill(loop.#cpu);
    return loop;
  }

  /** Makes and releases skbs on this thread. */
  run({ operation, fragments, groups }: LifetimePlan): LifetimeTimes {
    assertUncounted();
    const { list } = this.#cpu;
    this.#rig.prepare(this.#cpu, fragments);
    let acquireNs = 0;
    let releaseNs = 0;
    for (let group = 0; group < groups; group++) {
      const begin = list.clock();
      this.#acquire(operation, fragments);
      const middle = list.clock();
      this.#release(operation);
      acquireNs += middle - begin;
      releaseNs += list.clock() - middle;
    }
    return { acquireNs, releaseNs };
  }

  /** Makes skbs that the other thread releases. Returns the time of this thread. */
  acquireOnly({ operation, fragments, groups }: LifetimePlan): number {
    assertUncounted();
    const { list } = this.#cpu;
    this.#rig.prepare(this.#cpu, fragments);
    let ns = 0;
    for (let group = 0; group < groups; group++) {
      this.#await(0);
      const begin = list.clock();
      this.#acquire(operation, fragments);
      ns += list.clock() - begin;
      this.#pass(1);
    }
    return ns;
  }

  /** Releases skbs that the other thread makes. Returns the time of this thread. */
  releaseOnly({ operation, groups }: LifetimePlan): number {
    assertUncounted();
    const { list } = this.#cpu;
    let ns = 0;
    for (let group = 0; group < groups; group++) {
      this.#await(1);
      const begin = list.clock();
      this.#release(operation);
      ns += list.clock() - begin;
      this.#pass(0);
    }
    return ns;
  }

  /** Counts the atomic operations of one group. */
  count({ operation, fragments }: Pick<LifetimePlan, 'operation' | 'fragments'>): AtomicCounts {
    this.#rig.prepare(this.#cpu, fragments);
    const { writes, loads } = countAtomics(() => {
      this.#acquire(operation, fragments);
      this.#release(operation);
    });
    return { writes: writes / GROUP, loads: loads / GROUP };
  }

  #await(turn: 0 | 1): void {
    for (let looks = 0; Atomics.load(this.#turn, 0) !== turn; looks++) {
      if (looks < MAX_LOOKS) this.#cpu.list.relax(1);
      else Atomics.wait(this.#turn, 0, 1 - turn);
    }
  }

  #pass(turn: 0 | 1): void {
    Atomics.store(this.#turn, 0, turn);
    Atomics.notify(this.#turn, 0);
  }

  #acquire(operation: Operation, frags: number): void {
    const { skbs, lifetime } = this.#rig;
    const cpu = this.#cpu;
    for (let skb = 0; skb < GROUP; skb++) {
      skbs.init(skb, SOCKET);
      this.#rig.hang(skb, skb, frags);
    }
    if (operation === 'clone') {
      for (let skb = 0; skb < GROUP; skb++) skbs.clone(skb);
    } else if (operation === 'copy array') {
      for (let skb = 0; skb < GROUP; skb++) {
        skbs.init(GROUP + skb, SOCKET);
        shareData(cpu, skb, GROUP + skb, skbs, lifetime);
      }
    } else if (operation === 'split') {
      for (let skb = 0; skb < GROUP; skb++) {
        skbs.init(GROUP + skb, SOCKET);
        splitData(cpu, skb, GROUP + skb, SPLIT_AT, skbs, lifetime);
      }
    }
  }

  #release(operation: Operation): void {
    const { skbs, lifetime } = this.#rig;
    const cpu = this.#cpu;
    for (let skb = 0; skb < GROUP; skb++) releaseData(cpu, skb, skbs, lifetime);
    if (operation === 'send') return;
    const others = operation === 'clone' ? 0 : GROUP;
    for (let skb = others; skb < others + GROUP; skb++) releaseData(cpu, skb, skbs, lifetime);
  }
}

function systemOf(arena: Arena, lifetime: LifetimeName): System {
  const config = machineConfig({
    design: lifetime === 'page-pool' ? 'page-pool' : 'bounce',
    cpus: { count: 2, copyKernel: copyKernelIndex('libc') },
    sockets: { sendBufferBytes: SEND_BUFFER_BYTES },
  });
  return new System(arena, config);
}

function rigOf(arena: Arena, system: System, cpu: Cpu, lifetime: LifetimeName): LifetimeRig {
  if (lifetime === 'owner') return new OwnerRig(arena, system);
  if (lifetime === 'page-pool') return new PagePoolRig(system, cpu);
  return PageRig.of(system, lifetime === 'page');
}
