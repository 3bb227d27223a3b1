/**
 * Streaming mappings with their copies: what is copied when, in which direction, and what is warned about.
 * Models: swiotlb_map, swiotlb_tbl_map_single, swiotlb_tbl_unmap_single, swiotlb_sync_single_for_device/cpu and
 * swiotlb_bounce (kernel/dma/swiotlb.c); the slot allocator's specification, sections 4, 6, 8 and 11.
 * The transmit path maps in one direction only and batches its copies: it has `Dma` instead.
 * Threads: any, with a sink of their own each.
 */
import { CopyList } from '../memory/copy-list.js';
import type { Cpu } from '../smp/cpu.js';
import { PAGE_SIZE } from '../units.js';
import type { SwiotlbDevice } from './config.js';
import type { BounceRange } from './slots/bounce-range.js';
import { NO_ORIGIN } from './slots/slot-table.js';
import { NO_ADDRESS, type Swiotlb } from './swiotlb.js';

/** enum dma_data_direction. */
export const DIRECTION = { bidirectional: 0, toDevice: 1, fromDevice: 2 } as const;
export type Direction = (typeof DIRECTION)[keyof typeof DIRECTION];

/** DMA_ATTR_SKIP_CPU_SYNC: `unmap` copies nothing back; `Dma.map` leaves the caches alone. */
export const SKIP_CPU_SYNC = 1 << 5;
/** DMA_ATTR_NO_WARN: a full pool is not warned about. */
export const NO_WARN = 1 << 8;

/** DMA_ATTR_MAY_SLEEP of the earlier design of growth: memory for the bounce may be waited for. The number is ours. */
export const MAY_SLEEP = 1 << 16;

/** What Linux would print. */
export type BounceWarning =
  /** swiotlb buffer is full. */
  | 'full'
  /** The allocation is to be aligned to more than a page. */
  | 'alignment'
  /** A sync runs past its mapping; the copy is cut. */
  | 'clamped'
  /** The device cannot reach the bounce address. */
  | 'out-of-reach';

/** Who makes the copies and hears the warnings. Addresses are physical. */
export interface BounceSink {
  copy(toDevice: boolean, original: number, bounce: number, bytes: number): void;
  warn(warning: BounceWarning): void;
}

export class BounceMapping {
  readonly #swiotlb: Swiotlb;
  readonly #sink: BounceSink;
  readonly #range: BounceRange = { origin: NO_ORIGIN, bytes: 0 };

  constructor(swiotlb: Swiotlb, sink: BounceSink) {
    this.#swiotlb = swiotlb;
    this.#sink = sink;
  }

  /**
   * Maps `bytes` at `origin` and copies them, whatever the direction: a device may write less than was mapped, and what
   * it leaves out must still be there when all is copied back.
   * @param alignMask 2^n - 1 that the allocation must be aligned to, or 0
   * @param attributes of `SKIP_CPU_SYNC` (without effect here), `NO_WARN` and `MAY_SLEEP`
   * @returns the bounce address, or `NO_ADDRESS`
   */
  map(device: SwiotlbDevice, origin: number, bytes: number, alignMask: number, attributes: number, cpu: Cpu): number {
    if (alignMask >= PAGE_SIZE) this.#sink.warn('alignment');
    const maySleep = (attributes & MAY_SLEEP) !== 0;
    const address = this.#swiotlb.alloc(device, origin, bytes, alignMask, cpu, maySleep);
    if (address === NO_ADDRESS) {
      if ((attributes & NO_WARN) === 0) this.#sink.warn('full');
      return NO_ADDRESS;
    }
    this.#bounce(device, address, bytes, true, cpu);
    return address;
  }

  /** `map` for a device that has to reach the bounce address; when it cannot, the copy was made in vain. */
  mapReachable(device: SwiotlbDevice, origin: number, bytes: number, attributes: number, cpu: Cpu): number {
    const address = this.map(device, origin, bytes, 0, attributes, cpu);
    if (address === NO_ADDRESS || address + bytes - 1 <= (device.addressLimit ?? Infinity)) return address;
    this.#swiotlb.free(device, address, cpu);
    this.#sink.warn('out-of-reach');
    return NO_ADDRESS;
  }

  /** Copies back what the device may have written, and gives the slots back; answers how many. ERR_BAD_ADDRESS. */
  unmap(
    device: SwiotlbDevice,
    address: number,
    bytes: number,
    direction: Direction,
    attributes: number,
    cpu: Cpu,
  ): number {
    if ((attributes & SKIP_CPU_SYNC) === 0 && direction !== DIRECTION.toDevice) {
      this.#bounce(device, address, bytes, false, cpu);
    }
    return this.#swiotlb.free(device, address, cpu);
  }

  /** The CPU has written: the device is to see it. A part of a mapping. ERR_BAD_ADDRESS. */
  syncForDevice(device: SwiotlbDevice, address: number, bytes: number, direction: Direction, cpu: Cpu): void {
    if (direction !== DIRECTION.fromDevice) this.#bounce(device, address, bytes, true, cpu);
  }

  /** The device has written: the CPU is to see it. A part of a mapping. ERR_BAD_ADDRESS. */
  syncForCpu(device: SwiotlbDevice, address: number, bytes: number, direction: Direction, cpu: Cpu): void {
    if (direction !== DIRECTION.toDevice) this.#bounce(device, address, bytes, false, cpu);
  }

  #bounce(device: SwiotlbDevice, address: number, bytes: number, toDevice: boolean, cpu: Cpu): void {
    const range = this.#range;
    this.#swiotlb.originOf(device, address, bytes, range, cpu);
    if (range.origin === NO_ORIGIN) return;
    if (range.bytes < bytes) this.#sink.warn('clamped');
    this.#sink.copy(toDevice, range.origin, address, range.bytes);
  }
}

/**
 * Copies bytes of a region whose offsets are physical addresses; warnings are counted. Owner: one thread, whose copy
 * list it uses: copies that somebody listed there and has not run are lost.
 */
export class RegionBounces implements BounceSink {
  readonly warnings: Record<BounceWarning, number> = { full: 0, alignment: 0, clamped: 0, 'out-of-reach': 0 };
  readonly #list = CopyList.ofThisThread();
  readonly #ram: number;
  readonly #kernel: number;

  /** `ram` is a region of this thread, `kernel` the index of a copy kernel. */
  constructor(ram: number, kernel: number) {
    this.#ram = ram;
    this.#kernel = kernel;
  }

  copy(toDevice: boolean, original: number, bounce: number, bytes: number): void {
    const [to, from] = toDevice ? [bounce, original] : [original, bounce];
    this.#list.reset();
    this.#list.push(this.#ram, to, this.#ram, from, bytes, 0);
    this.#list.run(this.#kernel);
  }

  warn(warning: BounceWarning): void {
    this.warnings[warning]++;
  }
}
