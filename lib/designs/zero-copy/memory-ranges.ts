/**
 * Memory that is hung on skbs where it is.
 * Models: skb_zerocopy_iter_stream and skb_splice_from_iter (net/core): a range becomes a fragment for each page of the
 * memory, or for each larger folio, so that an skb holds 17 of them.
 * Owner: the thread of its CPU.
 */
import { FIRST_WINDOW, type RegionWindows } from '../../memory/region-windows.js';
import { type CopyPolicy, MAX_FRAGS, type SkbTable } from '../../net/skb.js';
import type { Cpu } from '../../smp/cpu.js';
import { PAGE_SIZE } from '../../units.js';

/** How ranges are noted for a device that checks them. */
export interface RangePolicy extends CopyPolicy {
  /** Where regions beside the machine's memory lie, if there are any. */
  readonly windows?: RegionWindows;
}

export class MemoryRanges {
  readonly #cpu: Cpu;
  readonly #skbs: SkbTable;
  readonly #pieceBytes: number;
  readonly #copies: RangePolicy;

  /** `pieceBytes`: no fragment crosses a multiple of it, which is one of the page size and a power of two. */
  constructor(cpu: Cpu, skbs: SkbTable, pieceBytes: number, copies: RangePolicy) {
    this.#cpu = cpu;
    this.#skbs = skbs;
    this.#pieceBytes = pieceBytes;
    this.#copies = copies;
  }

  /** Bytes from physical address `from` on, at most `wanted`, for which the skb has room. */
  fits(skb: number, from: number, wanted: number): number {
    const skbs = this.#skbs;
    const piece = this.#pieceBytes;
    const frags = skbs.frags(skb);
    const offset = from % piece;
    const extendsLast =
      frags > 0 && offset > 0 && skbs.fragAddress(skb, frags - 1) + skbs.fragBytes(skb, frags - 1) === from;
    const pieces = MAX_FRAGS - frags + (extendsLast ? 1 : 0);
    return Math.max(0, Math.min(wanted, skbs.maxBytes - skbs.bytes(skb), pieces * piece - offset));
  }

  /** Hangs a range that fits on an skb. What keeps the memory alive is for the caller. */
  hang(skb: number, from: number, bytes: number): void {
    const skbs = this.#skbs;
    const piece = this.#pieceBytes;
    const end = from + bytes;
    for (let at = from; at < end; ) {
      const offset = at % piece;
      const length = Math.min(piece - offset, end - at);
      const pfn = (at - offset) / PAGE_SIZE;
      if (!skbs.coalesce(skb, pfn, offset, length)) skbs.addFrag(skb, pfn, offset, length);
      at += length;
    }
    skbs.addBytes(skb, bytes);
  }

  /** Adds a range that was hung on an skb to its CRC, where a device checks it. */
  note(skb: number, from: number, bytes: number): void {
    if (!this.#copies.check) return;
    const { list } = this.#cpu;
    list.reset();
    const { windows, ramRegion } = this.#copies;
    if (from < FIRST_WINDOW || windows === undefined) list.pushSource(ramRegion, from, bytes, 0);
    else {
      windows.locate(from);
      list.pushSource(windows.region, windows.offset, bytes, 0);
    }
    this.#skbs.setCrc(skb, list.checksum(this.#skbs.crc(skb)));
  }
}
