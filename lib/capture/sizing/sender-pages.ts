/**
 * Bounce pages of senders that take all they may: blocks of 32 KiB, single pages where there are none, up to a percent
 * of the slot pool, mappings included. They are held from send to completion: the oldest are given back as bytes are
 * sent. The limit is that of the hardened flavour, which is exact; as posted it is soft, and is overshot.
 * See docs/spec/tx-path.md#pages-from-the-slot-pool. Owner: one thread.
 */
import { FRAG_ORDER } from '../../page/page-source.js';
import { PercentLimit } from '../../page/percent-limit.js';
import { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { NO_ADDRESS, type Swiotlb } from '../../swiotlb/swiotlb.js';
import { PAGE_SIZE, SLOT_SIZE, SLOTS_PER_PAGE } from '../../units.js';
import { deviceKeeping } from '../occupancy/placement.js';

const PLAIN = deviceKeeping(0);
const BLOCK_BYTES = PAGE_SIZE << FRAG_ORDER;
const BLOCK_SLOTS = BLOCK_BYTES / SLOT_SIZE;

export class SenderPages {
  readonly #swiotlb: Swiotlb;
  readonly #limit: PercentLimit;
  /** A ring of blocks, the oldest first: addresses, and slots of each. */
  readonly #addresses: Int32Array;
  readonly #slotsOf: Uint8Array;
  #oldest = 0;
  #count = 0;
  #wanted = 0;
  #sentBytes = 0;
  /** Slots that pages hold. */
  slots = 0;
  /** Most slots that they held at a time. */
  mostSlots = 0;

  constructor(swiotlb: Swiotlb, cpus: number) {
    this.#swiotlb = swiotlb;
    const build = (arena: Arena) => new PercentLimit(arena, 'hardened', swiotlb, cpus);
    this.#limit = build(Arena.for(build));
    const room = Math.ceil(swiotlb.slots / SLOTS_PER_PAGE);
    this.#addresses = new Int32Array(room);
    this.#slotsOf = new Uint8Array(room);
  }

  /** Forgets all pages: the pool has been reset. `wanted`: slots that senders would fill if they could. */
  reset(percent: number, wanted: number): void {
    this.#limit.reset(percent);
    this.#wanted = wanted;
    this.#oldest = 0;
    this.#count = 0;
    this.#sentBytes = 0;
    this.slots = 0;
    this.mostSlots = 0;
  }

  /** Share of what senders have in their buffers that lies in pages: the rest is mapped as ever. */
  get share(): number {
    return this.#wanted === 0 ? 0 : Math.min(1, this.slots / this.#wanted);
  }

  /** Takes all pages that the limit leaves. */
  fill(cpu: Cpu): void {
    while (this.slots + BLOCK_SLOTS <= this.#wanted && this.#take(cpu, BLOCK_BYTES)) {
      // Taking is what the condition does.
    }
    while (this.slots + SLOTS_PER_PAGE <= this.#wanted && this.#take(cpu, PAGE_SIZE)) {
      // As above.
    }
  }

  /** Bytes were sent, and completed: pages of as many are given back. */
  sent(cpu: Cpu, bytes: number): void {
    this.#sentBytes += bytes;
    while (this.#count > 0 && this.#sentBytes >= this.#slotsOf[this.#oldest]! * SLOT_SIZE) {
      const slots = this.#slotsOf[this.#oldest]!;
      this.#swiotlb.free(cpu, PLAIN, this.#addresses[this.#oldest]!);
      this.#limit.give(cpu, slots);
      this.slots -= slots;
      this.#sentBytes -= slots * SLOT_SIZE;
      this.#oldest = (this.#oldest + 1) % this.#addresses.length;
      this.#count--;
    }
    if (this.#count === 0) this.#sentBytes = 0;
  }

  #take(cpu: Cpu, bytes: number): boolean {
    const slots = bytes / SLOT_SIZE;
    if (!this.#limit.take(cpu, slots)) return false;
    const address = this.#swiotlb.allocBouncePages(cpu, PLAIN, bytes);
    if (address === NO_ADDRESS) {
      this.#limit.give(cpu, slots);
      return false;
    }
    const at = (this.#oldest + this.#count++) % this.#addresses.length;
    this.#addresses[at] = address;
    this.#slotsOf[at] = slots;
    this.slots += slots;
    this.mostSlots = Math.max(this.mostSlots, this.slots);
    return true;
  }
}
