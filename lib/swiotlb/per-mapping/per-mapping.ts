/**
 * Growth, the earlier design: every mapping gets a buffer of its own if it can, and slots only if it cannot.
 * Models: the series "Allow dynamic allocation of software IO TLB bounce buffers" as posted in May 2023; the transmit
 * path's specification, section 6.1. Released kernels add pools instead: see `Growth`. Restricted pools are allocators
 * that are made without this. Deviations: mappings stay limited to a segment; nothing is shared with a host, so the
 * hypercall that each buffer would cost an encrypted guest has no price here; the lock does not keep interrupts out,
 * since softirqs run between the steps of processes.
 * Threads: any; what is remembered of a device's buffers is changed under the lock of the device.
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

/** The mapping has to do with slots. */
export const NO_BUFFER = -1;

export interface PerMappingConfig {
  readonly blocks: BlockSource;
  /** Devices that may map; their indices are below it. */
  readonly devices: number;
  /** Highest address of the DMA zone. */
  readonly zoneDmaLimit: number;
  /** How buffers are found by address; 'list' by default, as posted. */
  readonly lookup?: Lookup;
  /** Buffers that a device may have at the same time; 4096 by default. */
  readonly buffers?: number;
}

export interface PerMappingStatistics {
  /** Live buffers of all devices. */
  readonly buffers: number;
  /** Memory that they hold: their blocks of pages, bytes. */
  readonly bytes: number;
  /** Mappings that a buffer would have suited and that had to do with slots: no memory, or no record left. */
  readonly fallbacks: number;
}

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

  reset(): void {
    this.#records.reset();
    this.#counts.fill(0);
  }

  /** Exact when no CPU is at work. */
  statistics(): PerMappingStatistics {
    let buffers = 0;
    let pages = 0;
    for (let device = 0; device < this.#devices; device++) {
      buffers += this.#records.live(device);
      pages += this.#records.pages(device);
    }
    return { buffers, bytes: pages * PAGE_SIZE, fallbacks: Atomics.load(this.#counts, 0) };
  }

  /** Whether the device has any buffers: if not, no address of it needs to be looked up. */
  hasBuffers(device: SwiotlbDevice): boolean {
    return this.#records.live(device.index ?? 0) !== 0;
  }

  /**
   * A buffer for `bytes` at physical address `origin`, or `NO_BUFFER`, for a mapping that `isSuited`. Its memory is
   * obtained before the lock is taken.
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

  /** Gives back the buffer that starts at the address; answers whether the device had one there. */
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

  /** Does the address lie in a buffer of the device? */
  holds(cpu: Cpu, device: SwiotlbDevice, address: number): boolean {
    if (!this.hasBuffers(device)) return false;
    const number = device.index ?? 0;
    this.#records.lock(cpu, number);
    const record = this.#index.find(number, address);
    this.#records.unlock(number);
    return record !== NO_RECORD;
  }

  /** Where the bytes of a part of a buffer belong; cut at the end of the mapping. ERR_BAD_ADDRESS. */
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

/** True for a mapping that may get a buffer of pages: from a page to a segment long, with no wish for its address. */
export function isSuited(device: SwiotlbDevice, origin: number, bytes: number, alignMask: number): boolean {
  const isPlain = alignMask === 0 && device.minAlignMask === 0 && device.segmentBoundaryMask === Infinity;
  return isPlain && bytes >= PAGE_SIZE && bytes <= SEGMENT_BYTES && origin !== 0;
}
