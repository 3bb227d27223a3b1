/**
 * Blocks of bounce memory that belong to owners, and which owner each belongs to.
 * Models: docs/spec/tx-path.md#one-interface-for-three-lifetimes: slots carry the id of their owner, so that a mapping
 * recognises them by address; there is no page type, no descriptor that makes pages a block, and one reference to the
 * device for each owner instead of each block. The percentage that pages of a slot pool are limited to holds for these
 * blocks, too (docs/spec/tx-path.md#the-limit-is-soft). `hardened` compares allocators before it calls memory shared
 * (docs/spec/tx-path.md#rule-accept-only-pages-of-the-same-allocator); `faithful` does not.
 * Threads: any, each with an object over the same arena. A block's owner is written by the thread that takes or frees
 * the block, and read by those that hold a reference to the owner.
 */
import { NO_DEVICE } from '../device/device-table.js';
import type { BouncePageParts } from '../page/bounce-pages.js';
import { FRAG_ORDER } from '../page/page-source.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { BounceBlocks } from '../swiotlb/bounce-blocks.js';
import { PAGE_SIZE, SLOT_SIZE } from '../units.js';
import { NO_TX_BUF, type TxBufTable } from './tx-buf.js';

/** Bytes of a block: those of an order-3 page. */
export const BLOCK_BYTES = PAGE_SIZE << FRAG_ORDER;
const SLOTS = BLOCK_BYTES / SLOT_SIZE;

/** What blocks are taken from, and whose they are. The page table of the parts is not touched. */
export interface OwnerBlockParts extends BouncePageParts {
  readonly owners: TxBufTable;
}

export class OwnerBlocks {
  readonly #parts: OwnerBlockParts;
  readonly #isHardened: boolean;
  readonly #blocks: BounceBlocks;
  /** For each block of the machine's memory: id of its owner + 1. */
  readonly #owner: Int32Array;

  constructor(arena: Arena, parts: OwnerBlockParts) {
    this.#parts = parts;
    this.#isHardened = parts.percentLimit.flavour === 'hardened';
    this.#blocks = new BounceBlocks(parts.swiotlb);
    this.#owner = arena.int32(Math.ceil((parts.pages.pages * PAGE_SIZE) / BLOCK_BYTES));
  }

  reset(): void {
    this.#owner.fill(0);
  }

  /** The owner of the block at a physical address, or `NO_TX_BUF`. Accepts any number. */
  ownerOf(phys: number): number {
    return (this.#owner[Math.floor(phys / BLOCK_BYTES)] ?? 0) - 1;
  }

  /** True if a device can reach `bytes` at `phys` because they are blocks of owners. */
  isShared(device: number, phys: number, bytes: number): boolean {
    const end = phys + bytes;
    let at = phys;
    do {
      const owner = this.ownerOf(at);
      if (owner === NO_TX_BUF || (this.#isHardened && !this.#isCompatible(owner, device))) return false;
      at = (Math.floor(at / BLOCK_BYTES) + 1) * BLOCK_BYTES;
    } while (at < end);
    return true;
  }

  /**
   * Takes up to `count` blocks for an owner and writes their first pages to `pfns`. Returns how many there were. The
   * owner references the device from its first block on; it has no blocks of another one.
   */
  take(cpu: Cpu, id: number, device: number, count: number, pfns: Int32Array): number {
    const { percentLimit, counters, constraints, owners, devices } = this.#parts;
    let wanted = count;
    while (wanted > 0 && !percentLimit.take(cpu, wanted * SLOTS)) wanted >>= 1;
    if (wanted === 0) {
      counters.countOverLimit(cpu);
      return 0;
    }
    const got = this.#blocks.alloc(cpu, constraints[device - 1]!, BLOCK_BYTES, wanted, pfns);
    if (got < wanted) percentLimit.give(cpu, (wanted - got) * SLOTS);
    if (got === 0) {
      counters.countWithoutBlock(cpu);
      return 0;
    }
    if (owners.device(id) === NO_DEVICE) {
      devices.getForPage(cpu, device);
      owners.setDevice(id, device);
    }
    for (let at = 0; at < got; at++) {
      this.#owner[blockOf(pfns[at]!)] = id + 1;
      counters.countAlloc(cpu);
    }
    return got;
  }

  /**
   * Frees blocks of one owner. They lose their owner before their slots are free, since another CPU may own the memory
   * from then on.
   */
  give(cpu: Cpu, id: number, pfns: Int32Array, count: number): void {
    const { percentLimit, counters, constraints, owners } = this.#parts;
    for (let at = 0; at < count; at++) {
      this.#owner[blockOf(pfns[at]!)] = 0;
      counters.countFreed(cpu, true);
    }
    this.#blocks.free(cpu, constraints[owners.device(id) - 1]!, BLOCK_BYTES, pfns, count);
    percentLimit.give(cpu, count * SLOTS);
  }

  /** Drops the owner's reference to its device, if it has one. Its blocks are freed. */
  dropDevice(cpu: Cpu, id: number): void {
    const { owners, devices } = this.#parts;
    const device = owners.device(id);
    if (device === NO_DEVICE) return;
    owners.setDevice(id, NO_DEVICE);
    devices.putOfPage(cpu, device);
  }

  #isCompatible(owner: number, device: number): boolean {
    const { owners, devices } = this.#parts;
    return devices.allocator(owners.device(owner)) === devices.allocator(device);
  }
}

function blockOf(pfn: number): number {
  return (pfn * PAGE_SIZE) / BLOCK_BYTES;
}
