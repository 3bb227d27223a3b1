/**
 * Pages of one machine that are freed in both ways, and the loops that `free-dispatch` times. Both work on the same
 * tables and lists; each has a loop of its own, so that the compiler can inline what it measures.
 */

import type { FreeDispatchName } from '../../lib/designs/design.js';
import { CopytaxError } from '../../lib/errors.js';
import type { System } from '../../lib/machine/build/system.js';
import type { BouncePages } from '../../lib/page/bounce-pages.js';
import { AllocatorHook, type TypedFolio } from '../../lib/page/free-dispatch.js';
import { NO_PAGE } from '../../lib/page/page-table.js';
import type { Cpu } from '../../lib/smp/cpu.js';
import { PAGE_SIZE, SLOT_SIZE } from '../../lib/units.js';
import { slotPages } from '../shared/slot-pages.js';

/** Pages that are taken before all of them are put: enough that reading the clock costs little. */
export const GROUP = 128;

export class FreeLoops {
  readonly #system: System;
  readonly #cpu: Cpu;
  readonly #bouncePages: BouncePages;
  readonly #hook: AllocatorHook;
  readonly #folio: TypedFolio;
  readonly #pfns = new Int32Array(GROUP);

  /** `slotPoolBytes`: a power of two. */
  constructor(slotPoolBytes: number) {
    const { system, cpu, bouncePages, folio } = slotPages(slotPoolBytes);
    this.#system = system;
    this.#cpu = cpu;
    this.#bouncePages = bouncePages;
    this.#folio = folio;
    this.#hook = new AllocatorHook(system.pages, system.systemPages, bouncePages);
  }

  /** Pages in use: 0 between two calls of `run`, unless some have leaked. */
  get lost(): number {
    const { systemPages, swiotlb, layout } = this.#system;
    return layout.systemBytes / PAGE_SIZE - systemPages.freePages + (swiotlb.used() * SLOT_SIZE) / PAGE_SIZE;
  }

  /**
   * Takes and puts a page of this order for each entry of `typed`, whose length is a multiple of `GROUP`: a page from
   * the slot pool for 1, an ordinary page for 0. Returns the time of the puts, nanoseconds.
   */
  run(dispatch: FreeDispatchName, order: number, typed: Uint8Array): number {
    const { list } = this.#cpu;
    let ns = 0;
    for (let group = 0; group < typed.length; group += GROUP) {
      this.#take(order, typed, group);
      const begin = list.clock();
      if (dispatch === 'allocator-hook') putAsHook(this.#hook, this.#cpu, this.#pfns);
      else putAsFolio(this.#folio, this.#cpu, this.#pfns);
      ns += list.clock() - begin;
    }
    return ns;
  }

  #take(order: number, typed: Uint8Array, from: number): void {
    const { systemPages } = this.#system;
    for (let at = 0; at < GROUP; at++) {
      const source = typed[from + at] === 1 ? this.#bouncePages : systemPages;
      const pfn = source.alloc(this.#cpu, order);
      if (pfn === NO_PAGE) throw new CopytaxError('ERR_SWIOTLB_FULL', `no page of order ${order} to free again`);
      this.#pfns[at] = pfn;
    }
  }
}

function putAsHook(hook: AllocatorHook, cpu: Cpu, pfns: Int32Array): void {
  for (let at = 0; at < GROUP; at++) hook.put(cpu, pfns[at]!);
}

function putAsFolio(folio: TypedFolio, cpu: Cpu, pfns: Int32Array): void {
  for (let at = 0; at < GROUP; at++) folio.put(cpu, pfns[at]!);
}
