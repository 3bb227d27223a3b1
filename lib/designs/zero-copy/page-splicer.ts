/**
 * Hangs pages of the page cache on skbs, with a reference to the page of each fragment.
 * Models: skb_splice_from_iter (net/core/skbuff.c) as Linux has it: docs/spec/tx-path.md#what-the-list-asks-of-owners.
 * Owner: the thread of its CPU; process context, under the socket lock.
 */
import type { Filler } from '../../net/filler.js';
import type { SkbTable } from '../../net/skb.js';
import type { PageFrag } from '../../page/page-frag.js';
import type { PageTable } from '../../page/page-table.js';
import type { MemoryRanges } from './memory-ranges.js';

export class PageSplicer implements Filler {
  readonly #skbs: SkbTable;
  readonly #pages: PageTable;
  readonly #ranges: MemoryRanges;
  readonly #isDatagram: boolean;

  constructor(skbs: SkbTable, pages: PageTable, ranges: MemoryRanges, isDatagram: boolean) {
    this.#skbs = skbs;
    this.#pages = pages;
    this.#ranges = ranges;
    this.#isDatagram = isDatagram;
  }

  fill(skb: number, _pfrag: PageFrag, userOffset: number, bytes: number): number {
    const skbs = this.#skbs;
    const length = this.#ranges.fits(skb, userOffset, bytes);
    if (length === 0 || (this.#isDatagram && length < bytes)) return 0;
    const before = skbs.frags(skb);
    this.#ranges.hang(skb, userOffset, length);
    for (let frag = before; frag < skbs.frags(skb); frag++) this.#pages.get(skbs.fragPfn(skb, frag));
    this.#ranges.note(skb, userOffset, length);
    return length;
  }

  endSend(_socket: number): void {}
}
