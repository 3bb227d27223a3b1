/**
 * One CPU of a machine that maps buffers for a device which reaches bounce memory only: the search for slots, the copy
 * and the release are those of the transmit path. A buffer is in one piece; it is mapped in as few mappings as the slot
 * allocator allows, and its copies are made in one native crossing, as those of a packet.
 */
import type { Worker } from 'node:worker_threads';
import { networkDevice } from '../../lib/dma/device.js';
import { Dma, MAPPING_ERROR } from '../../lib/dma/map.js';
import { BouncePageMemory } from '../../lib/dma/shared-memory.js';
import { CopytaxError } from '../../lib/errors.js';
import { machineConfig } from '../../lib/machine/build/config.js';
import { fillUsers, type RamLayout } from '../../lib/machine/build/ram.js';
import { System } from '../../lib/machine/build/system.js';
import { flush } from '../../lib/memory/copy.js';
import { Region } from '../../lib/memory/region.js';
import { Arena } from '../../lib/smp/arena.js';
import { type CopyTotals, SITE } from '../../lib/smp/copy-ledger.js';
import { Cpu } from '../../lib/smp/cpu.js';
import { request } from '../../lib/smp/thread-reply.js';
import { startThread } from '../../lib/threads.js';
import { MIB, SEGMENT_BYTES } from '../../lib/units.js';
import type { BufferWriter, WriteRequest } from './buffer-writer.js';

const writerFile = () => new URL('./buffer-writer.js', import.meta.url);

/** State of a buffer before it is bounced: this CPU or another has just written it, or no cache holds it. */
export const SOURCE_STATES = ['just written', 'written by another CPU', 'in no cache'] as const;
export type SourceState = (typeof SOURCE_STATES)[number];

export const LARGEST_BUFFER = MIB;
/** Buffers that are written before they are bounced: they fit into the second-level cache of most CPUs. */
const GROUP_BYTES = 256 << 10;
const MAX_MAPPINGS = LARGEST_BUFFER / SEGMENT_BYTES;

/** Times of a sample, nanoseconds: of all its bounces, and of the same mappings without copies. */
export interface BounceTimes {
  readonly bounceNs: number;
  readonly slotNs: number;
}

/** Main thread only. Owner: the calling thread. */
export class BounceRig {
  readonly #system: System;
  readonly #cpu: Cpu;
  readonly #dma: Dma;
  readonly #ram: Region;
  readonly #device = networkDevice(true);
  readonly #mapped = new Float64Array(MAX_MAPPINGS);
  readonly #writer: Worker | null;

  /** `slotPoolBytes`: a power of two. `otherCpu`: of the host, or null where there is only one. */
  constructor(slotPoolBytes: number, copyKernel: number, otherCpu: number | null) {
    const config = machineConfig({
      cpus: { copyKernel },
      slotPool: { bytes: slotPoolBytes },
      sockets: { userBufferBytes: LARGEST_BUFFER },
    });
    const arena = Arena.for((counting) => new System(counting, config));
    this.#system = new System(arena, config);
    this.#system.reset();
    const { cpus, copyLedger, swiotlb, pages, layout } = this.#system;
    this.#cpu = new Cpu(0, cpus, copyLedger);
    this.#ram = Region.create({ bytes: layout.bytes, align: SEGMENT_BYTES });
    this.#dma = new Dma(swiotlb, new BouncePageMemory(pages, null), this.#ram.id);
    fillUsers(this.#ram.buffer, layout);
    const workerData = (hostCpu: number): BufferWriter => ({ hostCpu, region: this.#ram.id });
    this.#writer = otherCpu === null ? null : startThread(writerFile(), { workerData: workerData(otherCpu) });
  }

  async close(): Promise<void> {
    await this.#writer?.terminate();
    this.#ram.close();
  }

  get ram(): Region {
    return this.#ram;
  }

  get layout(): RamLayout {
    return this.#system.layout;
  }

  /** What was bounced so far. */
  get bounced(): CopyTotals {
    return this.#system.copyLedger.sum('bounce');
  }

  /** Slots in use: 0 between two calls of `run`, unless some were lost. */
  get slotsUsed(): number {
    return this.#system.swiotlb.used();
  }

  /** Returns how many buffers of a size are bounced before others are written. */
  static groupOf(bytes: number): number {
    return Math.max(1, Math.floor(GROUP_BYTES / bytes));
  }

  /**
   * Bounces `groups` groups of buffers. `bytes`: of each buffer, at most `LARGEST_BUFFER`. Rejects with
   * ERR_WORKER_DIED.
   */
  async run(bytes: number, state: SourceState, groups: number): Promise<BounceTimes> {
    const { list } = this.#cpu;
    const count = BounceRig.groupOf(bytes);
    let bounceNs = 0;
    let slotNs = 0;
    for (let group = 0; group < groups; group++) {
      await this.#write(count * bytes, state);
      const begin = list.clock();
      for (let at = 0; at < count; at++) this.#bounce(at * bytes, bytes);
      const middle = list.clock();
      for (let at = 0; at < count; at++) this.#mapOnly(at * bytes, bytes);
      bounceNs += middle - begin;
      slotNs += list.clock() - middle;
    }
    return { bounceNs, slotNs };
  }

  /** Makes the first copy, from a user's buffer to the pages that will be bounced. */
  async #write(bytes: number, state: SourceState): Promise<void> {
    const { layout, config } = this.#system;
    const { users: from, system: to } = layout;
    const { copyKernel } = config.cpus;
    if (state === 'written by another CPU') {
      const message: WriteRequest = { copyKernel, from, to, bytes };
      await request<number>(this.#writer!, message, 'the writer of buffers');
      return;
    }
    const { list } = this.#cpu;
    list.reset();
    list.push(this.#ram.id, to, this.#ram.id, from, bytes, SITE.user);
    list.run(copyKernel);
    this.#cpu.account(SITE.user, bytes);
    if (state === 'in no cache') flush(this.#ram.id, to, bytes);
  }

  #bounce(from: number, bytes: number): void {
    const mappings = this.#map(from, bytes);
    this.#cpu.list.run(this.#system.config.cpus.copyKernel);
    this.#cpu.account(SITE.bounce, bytes);
    this.#unmap(mappings);
  }

  #mapOnly(from: number, bytes: number): void {
    this.#unmap(this.#map(from, bytes));
  }

  /** Maps a buffer and lists its copies; returns the number of mappings. */
  #map(from: number, bytes: number): number {
    this.#cpu.list.reset();
    let mappings = 0;
    for (let at = 0; at < bytes; at += SEGMENT_BYTES) {
      const phys = this.#system.layout.system + from + at;
      const length = Math.min(SEGMENT_BYTES, bytes - at);
      const address = this.#dma.map(this.#cpu, this.#device, phys, length, SITE.bounce);
      if (address === MAPPING_ERROR) throw new CopytaxError('ERR_SWIOTLB_FULL', `no slots for ${length} bytes`);
      this.#mapped[mappings++] = address;
    }
    return mappings;
  }

  #unmap(mappings: number): void {
    for (let at = 0; at < mappings; at++) this.#dma.unmap(this.#cpu, this.#device, this.#mapped[at]!);
  }
}
