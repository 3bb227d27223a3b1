/**
 * What a machine holds while its CPUs run: slots, pages, and payload that is not acknowledged. The thread that waits
 * for a trial looks at counters that are kept anyway, now and then, so nothing is added to a hot path; and it looks at
 * any time, also in the middle of a step, which a CPU cannot do for its own.
 * Threads: all reads are plain, so what a look finds may be a moment old, see docs/design/0004-stale-reads.md.
 */
import { CopyList } from '../../memory/copy-list.js';
import { SKB_OVERHEAD } from '../../net/skb.js';
import { PAGE_SIZE, SLOT_SIZE } from '../../units.js';
import type { System } from '../build/system.js';
import { ProgressWatch } from './progress-watch.js';
import type { Rendezvous, TrialPlan } from './trial.js';

/** Bytes of one kind of memory over the looks of a trial. */
export interface Held {
  /** Mean over the looks. */
  readonly meanBytes: number;
  /** The most that a look found. */
  readonly mostBytes: number;
}

/** What a machine held during the measured part of a trial. */
export interface HeldMemory {
  /** Number of looks. Without any, all bytes are NaN. */
  readonly looks: number;
  /** Allocated slots: those of mappings, and those that pages are made of. */
  readonly slots: Held;
  /** Ordinary pages that are not free. */
  readonly pages: Held;
  /** Payload that senders gave to their sockets and that is not acknowledged. */
  readonly payload: Held;
}

class Sum {
  #total = 0;
  #most = Number.NEGATIVE_INFINITY;

  add(bytes: number): void {
    this.#total += bytes;
    if (bytes > this.#most) this.#most = bytes;
  }

  over(looks: number): Held {
    return looks === 0
      ? { meanBytes: Number.NaN, mostBytes: Number.NaN }
      : { meanBytes: this.#total / looks, mostBytes: this.#most };
  }
}

export class MemoryLooks {
  readonly #system: System;
  readonly #slots = new Sum();
  readonly #pages = new Sum();
  readonly #payload = new Sum();
  #looks = 0;

  constructor(system: System) {
    this.#system = system;
  }

  /** Looks once. Any thread. */
  look(): void {
    const { swiotlb, systemPages, layout } = this.#system;
    this.#looks++;
    this.#slots.add(swiotlb.used() * SLOT_SIZE);
    this.#pages.add(Math.max(0, layout.systemBytes - systemPages.freePages * PAGE_SIZE));
    this.#payload.add(this.#payloadBytes());
  }

  result(): HeldMemory {
    const looks = this.#looks;
    const [slots, pages, payload] = [this.#slots, this.#pages, this.#payload].map((sum) => sum.over(looks));
    return { looks, slots: slots!, pages: pages!, payload: payload! };
  }

  #payloadBytes(): number {
    const { sockets, config } = this.#system;
    let bytes = 0;
    for (let socket = 0; socket < config.sockets.senders; socket++) {
      bytes += Math.max(0, sockets.chargedBytes(socket) - sockets.outstanding(socket) * SKB_OVERHEAD);
    }
    return bytes;
  }
}

/**
 * Looks every `lookEveryMs` of a plan: at memory only while the machine is measured, at its progress until the end. A
 * machine that has stopped is aborted. Owner: the thread that made it.
 */
export class PeriodicLooks {
  readonly #looks: MemoryLooks;
  readonly #progress: ProgressWatch;
  readonly #timer: NodeJS.Timeout;

  constructor(system: System, rendezvous: Rendezvous, { warmupMs, measureMs, lookEveryMs }: TrialPlan) {
    this.#looks = new MemoryLooks(system);
    this.#progress = new ProgressWatch(
      () => system.bytesMoved(),
      () => system.mapFailures(),
    );
    this.#timer = setInterval(() => {
      if (rendezvous.startedAt === 0) return;
      const nowMs = CopyList.ofThisThread().clock() / 1e6;
      const sinceMs = nowMs - rendezvous.startedAt / 1e6 - warmupMs;
      if (sinceMs >= 0 && sinceMs < measureMs) this.#looks.look();
      this.#progress.look(nowMs);
      if (this.#progress.hasStopped) system.cpus.abort();
    }, lookEveryMs);
  }

  /** Looks no more. Idempotent. */
  end(): void {
    clearInterval(this.#timer);
  }

  result(): HeldMemory {
    return this.#looks.result();
  }

  /**
   * Does nothing unless the machine was aborted because it had stopped.
   * @throws ERR_STALLED, ERR_NEVER_ARRIVES
   */
  assertProgress(design: string): void {
    this.#progress.assertProgress(design);
  }
}
