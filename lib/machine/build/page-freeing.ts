/**
 * How pages are freed on a machine, and the counts of it.
 * Every thread builds its own over the same arena.
 */
import { DESIGNS, type FreeDispatchName } from '../../net/designs.js';
import { FREE_COUNTERS, FreeCounters } from '../../page/free-counters.js';
import { AllocatorHook, type FreeDispatch, TypedFolio } from '../../page/free-dispatch.js';
import { LeakedBlocks, type PageOwner, PageOwners } from '../../page/page-owners.js';
import type { PageSource } from '../../page/page-source.js';
import type { PageTable } from '../../page/page-table.js';
import type { Arena } from '../../smp/arena.js';
import { expectBalance } from '../check/balance.js';
import type { MachineConfig } from './config.js';

export class PageFreeing {
  readonly way: FreeDispatchName;
  /** Of bounce pages. */
  readonly counters: FreeCounters;
  /** Pages that nobody could free, by type. */
  readonly leaked: LeakedBlocks;

  constructor(arena: Arena, config: MachineConfig) {
    this.way = config.freeDispatch ?? DESIGNS[config.design].freeDispatch;
    this.counters = new FreeCounters(arena, config.cpus.count + 1);
    this.leaked = new LeakedBlocks(arena);
  }

  reset(): void {
    this.counters.reset();
    this.leaked.reset();
  }

  /** For the calling thread. */
  dispatch(pages: PageTable, system: PageSource, bounce: PageOwner): FreeDispatch {
    if (this.way === 'allocator-hook') return new AllocatorHook(pages, system, bounce);
    const owners = new PageOwners(this.leaked);
    owners.register('zeroCopySwiotlb', bounce);
    return new TypedFolio(pages, system, owners);
  }

  /** With all pages freed: invariant I12, and nothing has leaked. ERR_UNBALANCED. */
  assertBalanced(): void {
    const { counters } = this;
    expectBalance('pages leaked', this.leaked.count, 0);
    expectBalance('blocks of bounce pages freed', counters.freed, counters.allocated);
    const frees = Array.from({ length: FREE_COUNTERS }, (_, index) => counters.of(index));
    expectBalance(
      'frees of bounce pages without a device or a pool',
      frees.reduce((a, b) => a + b),
      counters.freed,
    );
  }
}
