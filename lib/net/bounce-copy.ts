/**
 * The second copy: from the parts of a packet to the slots that stand in for them.
 * Models: swiotlb_bounce, which swiotlb_map calls (kernel/dma/swiotlb.c):
 * docs/spec/tx-path.md#driver-mapping-and-the-second-copy.
 * Deviation: Linux copies each part when it maps it. Here `Dma.map` (lib/dma/map.ts) only lists the copy, and all
 * copies of a packet are made in one native crossing.
 * Threads: under the TX lock of the queue.
 */
import type { DeviceEngine } from '../dma/device-engine.js';
import type { Dma } from '../dma/map.js';
import { SITE } from '../smp/copy-ledger.js';
import type { Cpu } from '../smp/cpu.js';
import { HEADER_BYTES, type SkbTable } from './skb.js';
import type { TxQueue } from './tx-queue.js';

const IS_TX_LOCKED = true;

export class BounceCopy {
  readonly #engine: DeviceEngine;
  readonly #dma: Dma;
  readonly #skbs: SkbTable;
  readonly #copyKernel: number;

  constructor(engine: DeviceEngine, dma: Dma, skbs: SkbTable, copyKernel: number) {
    this.#engine = engine;
    this.#dma = dma;
    this.#skbs = skbs;
    this.#copyKernel = copyKernel;
  }

  /**
   * Makes the copies that mapping has listed, enters them in the copy ledger, and cleans the slots from the caches for
   * a device that does not snoop them.
   * @param payload bytes of the listed copies without those of the header
   */
  make(cpu: Cpu, queue: TxQueue, skb: number, payload: number): void {
    cpu.list.run(this.#copyKernel);
    cpu.account(SITE.header, HEADER_BYTES, IS_TX_LOCKED);
    if (payload > 0) cpu.account(SITE.bounce, payload, IS_TX_LOCKED);
    if (!this.#engine.deviceOf(queue.index).isCoherent) this.#clean(queue, skb);
  }

  #clean({ ring }: TxQueue, skb: number): void {
    const skbs = this.#skbs;
    for (let part = 0; part <= skbs.frags(skb); part++) {
      const at = (ring.next + part) | 0;
      const phys = part === 0 ? skbs.header(skb) : skbs.fragAddress(skb, part - 1);
      if (ring.dma(at) !== phys) this.#dma.clean(ring.dma(at), ring.bytes(at));
    }
  }
}
