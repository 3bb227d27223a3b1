/** The memory, victims and threads of the scenario, and its samples. Main thread only; one sample at a time. */
import { median } from 'simple-statistics';
import type { BatchCounts } from '../../lib/bench/counters/batch-counts.js';
import { pinIfAllowed } from '../../lib/bench/host/pinning.js';
import type { Warning } from '../../lib/bench/plan/warning.js';
import type { Ledger } from '../../lib/bench/types/ledger-keys.js';
import { MIB } from '../../lib/units.js';
import { Bounces, PACKET_BYTES } from './bounces.js';
import { Neighbour } from './neighbour.js';
import type { Pace, PollutionPlan } from './pollution-plan.js';
import { Sender } from './sender-pace.js';
import { Victim } from './victim.js';

export type Reader = 'same core' | 'another core';

/** Packets that are bounced, and then read by a device. */
const READ_PACKETS = 4;
const READ_REPEATS = 8;
/** Working sets that are walked in a sample of the victim on the core: small ones often. */
const WALKED_BYTES = 4 * MIB;
const REPEATS = { fewest: 5, most: 64 } as const;
/** Bounces beside a victim are counted after it was timed: reading counters would take lines of it. */
const COUNTED_REPEATS = 8;
/** Beside a neighbour: at some GB/s a last-level cache is full of bounced bytes after some milliseconds. */
const SETTLE_MS = 6;
const MEASURE_MS = 10;
/** Samples beside a neighbour that are taken for one in which the sender kept its CPU. */
const TRIES = 2;
/** Until the engine has compiled a walk. */
const WARM_UP_LOADS = 200_000;

/** Medians of the repeats of a sample, nanoseconds: an interrupt is in one of them. Null where no time was taken. */
export interface Measured {
  readonly ns: number | null;
  readonly copyNs: number;
  readonly timedNs: number;
  /** What counters say of bounces, per KiB; empty where they are not counted. */
  readonly counted: Ledger;
}

export class PollutionRig {
  readonly #plan: PollutionPlan;
  readonly #cpus: readonly number[];
  readonly #bounces: Bounces;
  #victims = new Map<number, Victim>();
  #neighbour: Neighbour | undefined;

  constructor(plan: PollutionPlan, cpus: readonly number[], poolBytes: number, counts?: BatchCounts) {
    this.#plan = plan;
    this.#cpus = cpus;
    this.#bounces = new Bounces(poolBytes, counts);
  }

  get warnings(): readonly Warning[] {
    return this.#bounces.warnings;
  }

  /** Rejects with the reason of `signal` when that aborts it, and with ERR_WORKER_DIED. */
  async open(signal?: AbortSignal): Promise<void> {
    const { onCore, besides, neighbourCpu } = this.#plan;
    pinIfAllowed(this.#cpus[0]!);
    await this.#bounces.open(signal);
    for (const bytes of onCore) this.#victims.set(bytes, new Victim(bytes));
    this.#victims.get(onCore[0]!)!.walk(WARM_UP_LOADS);
    const otherCpu = neighbourCpu ?? this.#cpus[1];
    if (otherCpu === undefined) return;
    this.#neighbour = new Neighbour({ hostCpu: otherCpu, slots: this.#bounces.slots.id, workingSets: besides });
    await this.#neighbour.ready(besides[0]);
  }

  async close(): Promise<void> {
    await this.#neighbour?.close();
    this.#bounces.close();
    for (const victim of this.#victims.values()) victim.close();
    this.#victims = new Map();
  }

  /** Times a victim on this CPU after bounces of `packets` packets, or after none. `ns`: of a load. */
  onCore(copyKernel: number | null, workingSet: number, packets: number): Measured {
    const victim = this.#victims.get(workingSet)!;
    const repeats = Math.min(REPEATS.most, Math.max(REPEATS.fewest, Math.floor(WALKED_BYTES / workingSet)));
    const empty = clockNs();
    const [walks, copies]: [number[], number[]] = [[], []];
    for (let repeat = 0; repeat < repeats; repeat++) {
      this.#bounces.write(packets);
      victim.walk(2 * victim.lines);
      if (copyKernel === null) this.#bounces.rest();
      else copies.push(this.#bounces.bounce(copyKernel, packets).ns);
      const begin = performance.now();
      victim.walk(victim.lines);
      walks.push((performance.now() - begin) * 1e6);
    }
    const walkNs = median(walks);
    const ns = walkNs > empty ? (walkNs - empty) / victim.lines : null;
    const copyNs = copies.length === 0 ? 0 : median(copies) / packets;
    const counted = copyKernel === null ? {} : this.#countedBeside(copyKernel, victim, packets);
    return { ns, copyNs, timedNs: walkNs * repeats, counted };
  }

  #countedBeside(copyKernel: number, victim: Victim, packets: number): Ledger {
    const { counts } = this.#bounces;
    if (counts.keys.length === 0) return {};
    for (let repeat = 0; repeat < COUNTED_REPEATS; repeat++) {
      this.#bounces.write(packets);
      victim.walk(2 * victim.lines);
      this.#bounces.bounce(copyKernel, packets, true);
    }
    return counts.ledger(COUNTED_REPEATS * packets * PACKET_BYTES);
  }

  /**
   * Bounces packets, and has a device read them, `reader` says where; null: no device, and then they are counted.
   * `ns`: of 64 KiB.
   */
  async bounced(copyKernel: number, reader: Reader | null): Promise<Measured> {
    const [reads, copies]: [number[], number[]] = [[], []];
    for (let repeat = 0; repeat < READ_REPEATS; repeat++) {
      this.#bounces.write(READ_PACKETS);
      const { ns, offset } = this.#bounces.bounce(copyKernel, READ_PACKETS, reader === null);
      copies.push(ns);
      if (reader === 'another core') reads.push(await this.#neighbour!.read(offset, READ_PACKETS));
      if (reader !== 'same core') continue;
      const begin = performance.now();
      this.#bounces.read(offset, READ_PACKETS);
      reads.push((performance.now() - begin) * 1e6);
    }
    const copyNs = median(copies);
    const ns = reader === null ? copyNs : median(reads);
    const timedNs = READ_REPEATS * (reader === null ? copyNs : copyNs + ns);
    const counted = reader === null ? this.#bounces.counts.ledger(READ_REPEATS * READ_PACKETS * PACKET_BYTES) : {};
    return { ns: ns > 0 ? ns / READ_PACKETS : null, copyNs: copyNs / READ_PACKETS, timedNs, counted };
  }

  /**
   * Times the neighbour while this thread bounces, or waits, and tries again where the host has taken the sender's CPU
   * away. `ns`: of a load, null where one of both had no CPU; `gbps`: what was bounced meanwhile.
   */
  async beside(
    copyKernel: number | null,
    workingSet: number,
    pace: Pace,
  ): Promise<{ ns: number | null; gbps: number }> {
    const times = { workingSet, settleMs: SETTLE_MS, measureMs: MEASURE_MS };
    for (let left = TRIES; ; left--) {
      let sender: Sender | undefined;
      const ns = await this.#neighbour!.beside(times, () => {
        sender ??= new Sender(this.#bounces, copyKernel, pace);
        sender.turn();
      });
      const gbps = sender?.rate() ?? 0;
      const isWhole = ns !== null && sender?.wasStopped === false;
      if (isWhole || left === 1) return { ns: copyKernel !== null && gbps === 0 ? null : ns, gbps };
    }
  }

  /** How long a neighbour runs in a sample, milliseconds. */
  static readonly BESIDE_MS = SETTLE_MS + MEASURE_MS;
}

/** What reading the clock takes: the median of a few times has no interrupt. */
function clockNs(): number {
  const times = Array.from({ length: 9 }, () => {
    const begin = performance.now();
    return performance.now() - begin;
  });
  return times.sort((a, b) => a - b)[4]! * 1e6;
}
