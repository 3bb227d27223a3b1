/**
 * How the pages of a machine are freed, and the counts of their frees.
 * Threads: each builds its own over the same arena.
 */
import type { FreeDispatchName } from '../../designs/design.js';
import { designOf } from '../../designs/designs.js';
import { FreeCounters } from '../../page/free-counters.js';
import { AllocatorHook, type FreeDispatch, TypedFolio } from '../../page/free-dispatch.js';
import { LeakedBlocks, type PageOwner, PageOwners } from '../../page/page-owners.js';
import type { PageSource } from '../../page/page-source.js';
import type { PageTable } from '../../page/page-table.js';
import type { Arena } from '../../smp/arena.js';
import type { MachineConfig } from './config.js';

/** How the pages of a machine are freed. */
export class PageFreeing {
  /** Which way of freeing it is. */
  readonly dispatchName: FreeDispatchName;
  /** Counts frees of bounce pages. */
  readonly counters: FreeCounters;
  /** Pages that no owner could free, by type. */
  readonly leaked: LeakedBlocks;

  constructor(arena: Arena, config: MachineConfig) {
    this.dispatchName = config.freeDispatch ?? designOf(config.design).freeDispatch;
    this.counters = new FreeCounters(arena, config.cpus.count + 1);
    this.leaked = new LeakedBlocks(arena);
  }

  /** Empties the counts. One thread, before any other uses them. */
  reset(): void {
    this.counters.reset();
    this.leaked.reset();
  }

  /** Returns the dispatch of the calling thread. */
  dispatch(pages: PageTable, system: PageSource, bounce: PageOwner): FreeDispatch {
    if (this.dispatchName === 'allocator-hook') return new AllocatorHook(pages, system, bounce);
    const owners = new PageOwners(this.leaked);
    owners.register('zeroCopySwiotlb', bounce);
    return new TypedFolio(pages, system, owners);
  }
}
