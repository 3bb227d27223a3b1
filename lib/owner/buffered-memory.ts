/**
 * Where the memory of owners of type `buffered` comes from, and where it goes: blocks of bounce memory while there are
 * any, else ordinary pages, which a device bounces.
 * Models: the destructor of a buffered net_txbuf, and its refill: docs/spec/tx-path.md#the-owner-object.
 * Threads: `grow` and `trim` under the socket lock, with a reference; `destroy` on any CPU.
 */
import { NO_DEVICE } from '../device/device-table.js';
import { MAX_BUFFERS } from '../model-limits.js';
import type { FreeDispatch } from '../page/free-dispatch.js';
import { FRAG_ORDER, type PageSource } from '../page/page-source.js';
import { NO_PAGE } from '../page/page-table.js';
import type { Cpu } from '../smp/cpu.js';
import { PAGE_SIZE } from '../units.js';
import type { Buffers } from './buffers.js';
import type { OwnerBlocks } from './owner-blocks.js';
import { NO_TX_BUF, type TxBufDestructor } from './tx-buf.js';

export interface BufferedMemoryParts {
  readonly buffers: Buffers;
  readonly blocks: OwnerBlocks;
  /** Ordinary pages, and what drops the one reference that each has. */
  readonly system: PageSource;
  readonly dispatch: FreeDispatch;
}

export class BufferedMemory implements TxBufDestructor {
  readonly #parts: BufferedMemoryParts;
  /** Of this thread: pages that are taken or freed. */
  readonly #bounce = new Int32Array(MAX_BUFFERS);
  readonly #ordinary = new Int32Array(MAX_BUFFERS);
  readonly #range = { from: 0, to: 0 };

  constructor(parts: BufferedMemoryParts) {
    this.#parts = parts;
  }

  /**
   * Gives an owner up to `count` blocks of a device, or one ordinary buffer if there are none. False when there is no
   * memory at all, or when the owner has all buffers that it can have.
   */
  grow(cpu: Cpu, id: number, device: number, count: number): boolean {
    const { buffers, blocks, system } = this.#parts;
    const left = MAX_BUFFERS - buffers.count(id);
    if (left === 0) return false;
    if (device !== NO_DEVICE) {
      const got = blocks.take(cpu, id, device, Math.min(count, left), this.#bounce);
      for (let at = 0; at < got; at++) buffers.add(id, this.#bounce[at]!, FRAG_ORDER);
      if (got > 0) return true;
    }
    let order: number = FRAG_ORDER;
    let pfn = system.alloc(cpu, order);
    if (pfn === NO_PAGE) {
      order = 0;
      pfn = system.alloc(cpu, order);
    }
    return pfn !== NO_PAGE && buffers.add(id, pfn, order);
  }

  /** Frees buffers of an owner early that lie below `position` of the stream, where no live skb begins. */
  trim(cpu: Cpu, id: number, position: number): void {
    const range = this.#range;
    if (this.#parts.buffers.takeBelow(id, position, range)) this.#free(cpu, id, range.from, range.to);
  }

  destroy(cpu: Cpu, id: number): void {
    const { buffers, blocks } = this.#parts;
    this.#free(cpu, id, buffers.first(id), buffers.count(id));
    blocks.dropDevice(cpu, id); // last, since its slot pool is needed until then
  }

  /** Frees the buffers of an owner from number `from` to below `to`, the blocks of bounce memory together. */
  #free(cpu: Cpu, id: number, from: number, to: number): void {
    const { buffers, blocks, dispatch } = this.#parts;
    let bounce = 0;
    let ordinary = 0;
    for (let buffer = from; buffer < to; buffer++) {
      const pfn = buffers.pfn(id, buffer);
      if (blocks.ownerOf(pfn * PAGE_SIZE) === NO_TX_BUF) this.#ordinary[ordinary++] = pfn;
      else this.#bounce[bounce++] = pfn;
    }
    if (bounce > 0) blocks.give(cpu, id, this.#bounce, bounce);
    if (ordinary > 0) dispatch.putMany(cpu, this.#ordinary, ordinary);
  }
}
