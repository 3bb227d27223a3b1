/**
 * What is left of a second copy when there is none: pages of the slot pool are taken for the first copy, and at their
 * last put their type is asked for and their slots are released. A loop of its own, so that the engine compiles what is
 * measured and nothing else.
 */
import { CopytaxError } from '../../lib/errors.js';
import type { System } from '../../lib/machine/build/system.js';
import type { BouncePages } from '../../lib/page/bounce-pages.js';
import type { TypedFolio } from '../../lib/page/free-dispatch.js';
import { FRAG_BYTES, FRAG_ORDER } from '../../lib/page/page-source.js';
import { NO_PAGE } from '../../lib/page/page-table.js';
import type { Cpu } from '../../lib/smp/cpu.js';
import { SLOT_SIZE } from '../../lib/units.js';
import { slotPages } from '../shared/slot-pages.js';
import { PACKET_BYTES } from './queue-sizes.js';

/** Packets whose pages are taken before all of them are put. */
const GROUP = 64;
const PAGES_PER_PACKET = PACKET_BYTES / FRAG_BYTES;

/** Main thread only. Owner: the calling thread. */
export class FloorLoop {
  /** Packets of a group. */
  static readonly GROUP = GROUP;
  readonly #system: System;
  readonly #cpu: Cpu;
  readonly #source: BouncePages;
  readonly #folio: TypedFolio;
  readonly #pfns = new Int32Array(GROUP * PAGES_PER_PACKET);

  /** `slotPoolBytes`: a power of two. */
  constructor(slotPoolBytes: number) {
    const { system, cpu, bouncePages, folio } = slotPages(slotPoolBytes);
    this.#system = system;
    this.#cpu = cpu;
    this.#source = bouncePages;
    this.#folio = folio;
  }

  /** Bytes of slots in use: 0 between two calls of `run`, unless some have leaked. */
  get lostBytes(): number {
    return this.#system.swiotlb.used() * SLOT_SIZE;
  }

  /** Takes and puts the pages of `groups` groups of packets. Returns nanoseconds per packet of 64 KiB. */
  run(groups: number): number {
    const cpu = this.#cpu;
    const pfns = this.#pfns;
    const begin = cpu.list.clock();
    for (let group = 0; group < groups; group++) {
      for (let at = 0; at < pfns.length; at++) {
        const pfn = this.#source.alloc(cpu, FRAG_ORDER);
        if (pfn === NO_PAGE) throw new CopytaxError('ERR_SWIOTLB_FULL', 'no pages of the slot pool to put again');
        pfns[at] = pfn;
      }
      for (let at = 0; at < pfns.length; at++) this.#folio.put(cpu, pfns[at]!);
    }
    return (cpu.list.clock() - begin) / (groups * GROUP);
  }
}
