/**
 * Streaming mappings that copy at once: when bytes are copied, in which direction, and what Linux would warn about.
 * Only the replay of traces uses it. The transmit path maps in one direction and batches its copies: see `Dma`.
 * Models: swiotlb_map, swiotlb_tbl_map_single, swiotlb_tbl_unmap_single, swiotlb_sync_single_for_device/cpu and
 * swiotlb_bounce (kernel/dma/swiotlb.c). See docs/spec/swiotlb.md#map and docs/spec/swiotlb.md#copies.
 * Threads: any, each with a sink of its own.
 */
import { CopyList } from '../memory/copy-list.js';
import type { Cpu } from '../smp/cpu.js';
import { PAGE_SIZE } from '../units.js';
import { DIRECTION, type Direction, MAY_SLEEP, NO_WARN, SKIP_CPU_SYNC } from './dma-attributes.js';
import type { BounceRange } from './slots/bounce-range.js';
import type { SwiotlbDevice } from './slots/constraints.js';
import { NO_ORIGIN } from './slots/slot-table.js';
import { NO_ADDRESS, type Swiotlb } from './swiotlb.js';

/** What Linux would warn about. */
export type BounceWarning =
  /** The slot pool is full. */
  | 'full'
  /** The allocation has to be aligned to more than a page. */
  | 'alignment'
  /** A sync runs past its mapping; the copy is cut. */
  | 'clamped'
  /** The device cannot reach the bounce address. */
  | 'out-of-reach';

/** Receives copies and warnings. Addresses are physical. */
export interface BounceSink {
  /** Copies `bytes` between the original and its bounce memory. */
  copy(toDevice: boolean, original: number, bounce: number, bytes: number): void;
  /** Is told of what Linux would warn about. */
  warn(warning: BounceWarning): void;
}

/** Optional properties of a mapping. */
export interface MappingWishes {
  /** 2^n - 1 that the allocation must be aligned to; 0 by default. */
  readonly alignMask?: number;
  /** Any of `SKIP_CPU_SYNC` (without effect here), `NO_WARN` and `MAY_SLEEP`; none by default. */
  readonly attributes?: number;
}

/** A mapping as its owner remembers it. */
export interface Mapped {
  /** As `map` was given it. */
  readonly device: SwiotlbDevice;
  /** The bounce address that `map` returned. */
  readonly address: number;
  /** As `map` was given them. */
  readonly bytes: number;
  /** Which side writes: decides what `unmap` copies back. */
  readonly direction: Direction;
}

const NO_WISHES: MappingWishes = {};

/** Mappings that copy at once. Any thread, each with a sink of its own. */
export class SynchronousMapping {
  readonly #swiotlb: Swiotlb;
  readonly #sink: BounceSink;
  readonly #range: BounceRange = { origin: NO_ORIGIN, bytes: 0 };

  constructor(swiotlb: Swiotlb, sink: BounceSink) {
    this.#swiotlb = swiotlb;
    this.#sink = sink;
  }

  /**
   * Maps `bytes` at `origin` and copies them, whatever the direction: a device may write less than was mapped, and the
   * rest must still be there when all is copied back.
   * @returns the bounce address, or `NO_ADDRESS`
   */
  map(cpu: Cpu, device: SwiotlbDevice, origin: number, bytes: number, wishes: MappingWishes = NO_WISHES): number {
    const { alignMask = 0, attributes = 0 } = wishes;
    if (alignMask >= PAGE_SIZE) this.#sink.warn('alignment');
    const address =
      (attributes & MAY_SLEEP) === 0
        ? this.#swiotlb.alloc(cpu, device, origin, bytes, alignMask)
        : this.#swiotlb.allocMaySleep(cpu, device, origin, bytes, alignMask);
    if (address === NO_ADDRESS) {
      if ((attributes & NO_WARN) === 0) this.#sink.warn('full');
      return NO_ADDRESS;
    }
    this.#bounce(cpu, device, address, bytes, true);
    return address;
  }

  /** `map` for a device that must be able to reach the bounce address. If it cannot, the copy was made for nothing. */
  mapReachable(cpu: Cpu, device: SwiotlbDevice, origin: number, bytes: number, attributes: number): number {
    const address = this.map(cpu, device, origin, bytes, { attributes });
    if (address === NO_ADDRESS || address + bytes - 1 <= (device.addressLimit ?? Infinity)) return address;
    this.#swiotlb.free(cpu, device, address);
    this.#sink.warn('out-of-reach');
    return NO_ADDRESS;
  }

  /**
   * Copies back what the device may have written, and frees the slots. Returns their number. @throws ERR_BAD_ADDRESS
   */
  unmap(cpu: Cpu, { device, address, bytes, direction }: Mapped, attributes = 0): number {
    if ((attributes & SKIP_CPU_SYNC) === 0 && direction !== DIRECTION.toDevice) {
      this.#bounce(cpu, device, address, bytes, false);
    }
    return this.#swiotlb.free(cpu, device, address);
  }

  /** Makes what the CPU has written to a part of a mapping visible to the device. @throws ERR_BAD_ADDRESS */
  syncForDevice(cpu: Cpu, device: SwiotlbDevice, address: number, bytes: number, direction: Direction): void {
    if (direction !== DIRECTION.fromDevice) this.#bounce(cpu, device, address, bytes, true);
  }

  /** Makes what the device has written to a part of a mapping visible to the CPU. @throws ERR_BAD_ADDRESS */
  syncForCpu(cpu: Cpu, device: SwiotlbDevice, address: number, bytes: number, direction: Direction): void {
    if (direction !== DIRECTION.toDevice) this.#bounce(cpu, device, address, bytes, false);
  }

  #bounce(cpu: Cpu, device: SwiotlbDevice, address: number, bytes: number, toDevice: boolean): void {
    const range = this.#range;
    this.#swiotlb.originOf(cpu, device, address, bytes, range);
    if (range.origin === NO_ORIGIN) return;
    if (range.bytes < bytes) this.#sink.warn('clamped');
    this.#sink.copy(toDevice, range.origin, address, range.bytes);
  }
}

/**
 * Copies bytes of a region whose offsets are physical addresses, and counts warnings. Owner: one thread, whose copy
 * list it uses: copies that were listed there before and not run are lost.
 */
export class RegionBounces implements BounceSink {
  /** How often each warning was given. */
  readonly warnings: Record<BounceWarning, number> = { full: 0, alignment: 0, clamped: 0, 'out-of-reach': 0 };
  readonly #list = CopyList.ofThisThread();
  readonly #ram: number;
  readonly #copyKernel: number;

  /** `ram` is a region of this thread, `copyKernel` the index of a copy kernel. */
  constructor(ram: number, copyKernel: number) {
    this.#ram = ram;
    this.#copyKernel = copyKernel;
  }

  copy(toDevice: boolean, original: number, bounce: number, bytes: number): void {
    const [to, from] = toDevice ? [bounce, original] : [original, bounce];
    this.#list.reset();
    this.#list.push(this.#ram, to, this.#ram, from, bytes, 0);
    this.#list.run(this.#copyKernel);
  }

  warn(warning: BounceWarning): void {
    this.warnings[warning]++;
  }
}
