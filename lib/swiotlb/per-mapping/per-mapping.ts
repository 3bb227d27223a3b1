/**
 * Growth, the earlier design: every mapping gets a buffer of its own if it can, and slots if it cannot.
 * Models: the series "Allow dynamic allocation of software IO TLB bounce buffers" as posted in May 2023. See
 * docs/spec/tx-path.md#the-earlier-design-one-buffer-per-mapping. Released versions of Linux add slot pools instead:
 * see `Growth`. Restricted pools are allocators that are made without this. Deviations: mappings stay limited to a
 * segment; nothing is shared with a hypervisor, so the hypercall that each buffer would cost an encrypted guest has no
 * price here; the lock does not keep interrupts out, since no softirq runs within a mapping.
 * Threads: any; what is remembered of a device's buffers changes under the lock of the device.
 */
import { CopytaxError } from '../../errors.js';
import type { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { PAGE_SIZE, SEGMENT_BYTES } from '../../units.js';
import { type BlockSource, LimitedBlocks, NO_BLOCK } from '../pools/block-source.js';
import type { BounceRange } from '../slots/bounce-range.js';
import type { SwiotlbDevice } from '../slots/constraints.js';
import type { BufferIndex, Lookup } from './buffer-index.js';
import { BufferList } from './buffer-list.js';
import { BufferRecords, NO_RECORD } from './buffer-records.js';
import { BufferTree } from './buffer-tree.js';

/** Returned when the mapping must use slots. */
export const NO_BUFFER = -1;

/** How bounce memory grows by a buffer for each mapping. */
export interface PerMappingConfig {
  /** Where the memory of buffers comes from. */
  readonly blocks: BlockSource;
  /** Devices that may map; their indices are below it. */
  readonly devices: number;
  /** Highest address of the DMA zone. */
  readonly zoneDmaLimit: number;
  /** How buffers are found by address: 'list' as posted, the default, or 'tree'. */
  readonly lookup?: Lookup;
  /** Buffers that a device may have at the same time; 4096 by default. */
  readonly buffers?: number;
}

/** How much memory the buffers of single mappings take. */
export interface PerMappingStatistics {
  /** Buffers of all devices. */
  readonly buffers: number;
  /** Memory of their blocks of pages, bytes. */
  readonly bytes: number;
  /** Mappings suited for a buffer that had to use slots: no memory, or no record left. */
  readonly fallbacks: number;
}

/** Buffers of single mappings. Threads: any. */
export class PerMapping {
  readonly #devices: number;
  readonly #blocks: LimitedBlocks;
  readonly #records: BufferRecords;
  readonly #index: BufferIndex;
  /** Word 0: fallbacks. */
  readonly #counts: Int32Array;

  constructor(arena: Arena, config: PerMappingConfig) {
    this.#devices = config.devices;
    this.#blocks = new LimitedBlocks(config.blocks, config.zoneDmaLimit);
    this.#records = new BufferRecords(arena, config.devices, config.buffers ?? 4096);
    this.#index = config.lookup === 'tree' ? new BufferTree(this.#records) : new BufferList(this.#records);
    this.#counts = arena.int32(1);
  }

  /** Forgets all buffers. One thread, before any other uses them. */
  reset(): void {
    this.#records.reset();
    this.#counts.fill(0);
  }

  /** Exact while no CPU maps or unmaps. */
  statistics(): PerMappingStatistics {
    let buffers = 0;
    let pages = 0;
    for (let device = 0; device < this.#devices; device++) {
      buffers += this.#records.live(device);
      pages += this.#records.pages(device);
    }
    return { buffers, bytes: pages * PAGE_SIZE, fallbacks: Atomics.load(this.#counts, 0) };
  }

  /** True if the device has any buffers. If not, none of its addresses needs to be looked up. */
  hasBuffers(device: SwiotlbDevice): boolean {
    return this.#records.live(device.index ?? 0) !== 0;
  }

  /**
   * Allocates a buffer for `bytes` at physical address `origin`, for a mapping that `isSuited`. Returns `NO_BUFFER`
   * when there is none. Its memory is obtained before the lock is taken.
   * @param maySleep process context only, without locks
   */
  alloc(cpu: Cpu, device: SwiotlbDevice, origin: number, bytes: number, maySleep: boolean): number {
    const address = this.#blocks.alloc(cpu, bytes, device.addressLimit ?? Infinity, maySleep);
    if (address === NO_BLOCK) return this.#fallBack();
    const number = device.index ?? 0;
    this.#records.lock(cpu, number);
    const record = this.#records.take(number, address, origin, bytes);
    if (record !== NO_RECORD) this.#index.insert(number, record);
    this.#records.unlock(number);
    if (record !== NO_RECORD) return address;
    this.#blocks.free(cpu, address, bytes);
    return this.#fallBack();
  }

  /** Frees the buffer that starts at the address. Returns false if the device has none there. */
  free(cpu: Cpu, device: SwiotlbDevice, address: number): boolean {
    if (!this.hasBuffers(device)) return false;
    const number = device.index ?? 0;
    this.#records.lock(cpu, number);
    const record = this.#index.remove(number, address);
    const bytes = record === NO_RECORD ? 0 : this.#records.bytes(record);
    if (record !== NO_RECORD) this.#records.give(number, record);
    this.#records.unlock(number);
    if (record === NO_RECORD) return false;
    this.#blocks.free(cpu, address, bytes);
    return true;
  }

  /** True if the address lies in a buffer of the device. */
  holds(cpu: Cpu, device: SwiotlbDevice, address: number): boolean {
    if (!this.hasBuffers(device)) return false;
    const number = device.index ?? 0;
    this.#records.lock(cpu, number);
    const record = this.#index.find(number, address);
    this.#records.unlock(number);
    return record !== NO_RECORD;
  }

  /** Fills `range` for a part of a buffer, cut at the end of the mapping. @throws ERR_BAD_ADDRESS */
  originOf(cpu: Cpu, device: SwiotlbDevice, address: number, bytes: number, range: BounceRange): void {
    const number = device.index ?? 0;
    const records = this.#records;
    records.lock(cpu, number);
    const record = this.#index.find(number, address);
    if (record !== NO_RECORD) {
      const delta = address - records.address(record);
      range.origin = records.origin(record) + delta;
      range.bytes = Math.min(bytes, records.bytes(record) - delta);
    }
    records.unlock(number);
    if (record === NO_RECORD) {
      throw new CopytaxError('ERR_BAD_ADDRESS', `no buffer of the device holds address ${address}`, { address });
    }
  }

  #fallBack(): typeof NO_BUFFER {
    Atomics.add(this.#counts, 0, 1);
    return NO_BUFFER;
  }
}

/** True for a mapping that may get a buffer: between a page and a segment long, with no constraint on its address. */
export function isSuited(device: SwiotlbDevice, origin: number, bytes: number, alignMask: number): boolean {
  const isPlain = alignMask === 0 && device.minAlignMask === 0 && device.segmentBoundaryMask === Infinity;
  return isPlain && bytes >= PAGE_SIZE && bytes <= SEGMENT_BYTES && origin !== 0;
}
