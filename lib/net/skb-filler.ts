/**
 * Fills skbs: takes page fragments and makes the copy from the user's buffer into them, which every byte needs.
 * Models: skb_add_data_nocache and skb_copy_to_page_nocache of tcp_sendmsg, and sock_alloc_send_pskb with
 * skb_copy_datagram_from_iter of a datagram socket. Process context; one native crossing for each call.
 * Owner: the thread of its CPU.
 */
import type { SharedMemory } from '../dma/shared-memory.js';
import { CopytaxError } from '../errors.js';
import type { PageFrag } from '../page/page-frag.js';
import type { PageSource } from '../page/page-source.js';
import { SITE } from '../smp/copy-ledger.js';
import type { Cpu } from '../smp/cpu.js';
import type { Meter } from '../smp/meter.js';
import { PAGE_SIZE } from '../units.js';
import type { Filler } from './filler.js';
import type { Lifetime } from './lifetime.js';
import type { PageChoice } from './page-choice.js';
import { type CopyPolicy, MAX_FRAGS, type SkbTable } from './skb.js';

/** Smallest room in a page fragment that is worth filling, bytes. */
const MIN_ROOM = 32;

/** Where the pages of skbs come from. */
export interface FillerPages {
  /** Memory that the host can read. */
  readonly shared: SharedMemory;
  /** Says which source is asked for order-3 fragment pages first. */
  readonly choice: PageChoice;
  /** Asked when that source has none. */
  readonly fallback: PageSource;
  /** Times what refilling a page fragment costs. */
  readonly refillTime: Meter;
}

/** Copies the bytes of a user into page fragments. Owner: the thread of its CPU. */
export class SkbFiller implements Filler {
  readonly #cpu: Cpu;
  readonly #skbs: SkbTable;
  readonly #lifetime: Lifetime;
  readonly #shared: SharedMemory;
  readonly #choice: PageChoice;
  readonly #fallback: PageSource;
  readonly #refillTime: Meter;
  readonly #copyKernel: number;
  readonly #ramRegion: number;
  readonly #check: boolean;

  constructor(cpu: Cpu, skbs: SkbTable, lifetime: Lifetime, pages: FillerPages, copies: CopyPolicy) {
    this.#cpu = cpu;
    this.#skbs = skbs;
    this.#lifetime = lifetime;
    this.#shared = pages.shared;
    this.#choice = pages.choice;
    this.#fallback = pages.fallback;
    this.#refillTime = pages.refillTime;
    this.#copyKernel = copies.copyKernel;
    this.#ramRegion = copies.ramRegion;
    this.#check = copies.check;
  }

  fill(skb: number, pfrag: PageFrag, userOffset: number, bytes: number): number {
    const cpu = this.#cpu;
    const skbs = this.#skbs;
    const ram = this.#ramRegion;
    const { list } = cpu;
    const wanted = Math.min(bytes, skbs.maxBytes - skbs.bytes(skb));

    // Step 1: choose the source of pages. A page of another source is given up only where the choice is strict.
    const preferred = this.#choice.sourceFor(skbs.socket(skb));
    if (this.#choice.isStrict) pfrag.dropUnlessOf(cpu, preferred);

    // Step 2: take room in pages, hang it on the skb, and list the copies.
    list.reset();
    let filled = 0;
    while (filled < wanted) {
      this.#refillTime.begin();
      const hasRoom = pfrag.refill(cpu, MIN_ROOM, preferred, this.#fallback);
      this.#refillTime.end();
      if (!hasRoom) break;
      if (this.#check) this.#assertUnexposed(skb, pfrag.pfn);
      const room = Math.min(wanted - filled, pfrag.size - pfrag.offset);
      if (!skbs.coalesce(skb, pfrag.pfn, pfrag.offset, room)) {
        if (skbs.frags(skb) === MAX_FRAGS) break;
        if (!this.#lifetime.accepts(skb, pfrag.pfn)) {
          skbs.seal(skb);
          break;
        }
        this.#lifetime.acquire(skb, pfrag);
        skbs.addFrag(skb, pfrag.pfn, pfrag.offset, room);
      }
      const to = pfrag.pfn * PAGE_SIZE + pfrag.offset;
      const from = userOffset + filled;
      list.push(ram, to, ram, from, room, SITE.user);
      pfrag.offset += room;
      filled += room;
    }
    if (filled === 0) return 0;

    // Step 3: make all of these copies, the first that each byte goes through, in one crossing.
    list.run(this.#copyKernel);
    cpu.account(SITE.user, filled);
    if (this.#check) skbs.setCrc(skb, list.checksum(skbs.crc(skb)));
    skbs.addBytes(skb, filled);
    return filled;
  }

  endSend(_socket: number): void {}

  /** Private payload must not be written where the host can read it: ERR_EXPOSED. */
  #assertUnexposed(skb: number, pfn: number): void {
    const socket = this.#skbs.socket(skb);
    if (!this.#shared.holds(pfn * PAGE_SIZE) || this.#choice.isPublic(socket)) return;
    const message = `private payload of socket ${socket} was to be written to page ${pfn} of a slot pool`;
    throw new CopytaxError('ERR_EXPOSED', message, { socket, pfn });
  }
}
