/**
 * Fragments of a page pool's pages: pieces of one page, which returns when the last of them does.
 * Models: page_pool_alloc_frag_netmem, page_pool_drain_frag and page_pool_alloc_netmem (net/core/page_pool.c,
 * include/net/page_pool/helpers.h): docs/spec/tx-path.md#page-pool-mechanics.
 * Owner: the CPU that allocates.
 */
import { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { PAGE_SIZE, roundUp } from '../../units.js';
import { NO_PAGE } from '../page-table.js';
import type { PagePoolSurroundings } from './memory-provider.js';
import { FRAGMENT_BIAS } from './netmem-table.js';
import { ALL_BYTES, type PageCycle } from './page-cycle.js';
import type { PagePoolParameters } from './page-pool-parameters.js';

const LAYOUT = Arena.record({ page: 'i32', end: 'i32', users: 'i32' });
// Local constants: docs/design/0008-constants-and-records.md.
const PAGE = LAYOUT.at.page;
const END = LAYOUT.at.end;
const USERS = LAYOUT.at.users;

export class PageFragments {
  readonly #cycle: PageCycle;
  readonly #surroundings: PagePoolSurroundings;
  readonly #align: number;
  readonly #pageBytes: number;
  readonly #state: Int32Array;
  /** Where the fragment that was returned last begins in its page, and its bytes. */
  readonly found = { offset: 0, bytes: 0 };

  constructor(arena: Arena, parameters: PagePoolParameters, cycle: PageCycle, surroundings: PagePoolSurroundings) {
    this.#cycle = cycle;
    this.#surroundings = surroundings;
    this.#align = parameters.fragmentAlign;
    this.#pageBytes = PAGE_SIZE << parameters.order;
    this.#state = arena.int32(LAYOUT.stride);
  }

  reset(): void {
    this.#state.fill(0);
    this.#state[PAGE] = NO_PAGE;
  }

  /** The page that is being carved, or `NO_PAGE`. */
  get page(): number {
    return this.#state[PAGE]!;
  }

  /** Where the next fragment begins. */
  get end(): number {
    return this.#state[END]!;
  }

  /** Fragments that were cut off the page. */
  get users(): number {
    return this.#state[USERS]!;
  }

  /** Cuts off a fragment, which is described in `found`. Returns its page, or `NO_PAGE`. */
  alloc(cpu: Cpu, bytes: number): number {
    if (bytes > this.#pageBytes) {
      this.#surroundings.warn();
      return NO_PAGE;
    }
    const state = this.#state;
    const size = roundUp(bytes, this.#align);
    this.found.bytes = bytes;
    if (this.page !== NO_PAGE && this.end + size <= this.#pageBytes) {
      this.found.offset = this.end;
      state[USERS]!++;
      state[END]! += size;
      this.#cycle.counters.countAllocation('fast');
      return this.page;
    }
    const pfn = this.#begin(cpu);
    state[PAGE] = pfn;
    if (pfn === NO_PAGE) return NO_PAGE;
    this.#cycle.held.netmem.setFragments(pfn, FRAGMENT_BIAS);
    this.found.offset = 0;
    state[USERS] = 1;
    state[END] = size;
    return pfn;
  }

  /** Cuts off a fragment, or takes a whole page if less than half of it would be left. The same otherwise. */
  allocAny(cpu: Cpu, bytes: number): number {
    if (bytes * 2 > this.#pageBytes) {
      this.found.offset = 0;
      this.found.bytes = this.#pageBytes;
      return this.#cycle.alloc(cpu);
    }
    const pfn = this.alloc(cpu, bytes);
    // What is left is too small for another fragment of this size: this one gets it, and can say what it costs.
    if (pfn !== NO_PAGE && this.end + bytes > this.#pageBytes) {
      this.found.bytes = this.#pageBytes - this.found.offset;
      this.#state[END] = this.#pageBytes;
    }
    return pfn;
  }

  /** Returns the page to carve: the old one, if all of its fragments have come back, or another. */
  #begin(cpu: Cpu): number {
    const pfn = this.page;
    const { held, counters } = this.#cycle;
    if (pfn === NO_PAGE || !this.#drain(pfn)) return this.#cycle.alloc(cpu);
    if (held.canRecycle(pfn)) {
      held.sync(cpu, pfn, ALL_BYTES);
      counters.countAllocation('fast');
      return pfn;
    }
    held.release(cpu, pfn);
    return this.#cycle.alloc(cpu);
  }

  /** Gives up what was not cut off the page. True if no fragment of it is out. */
  #drain(pfn: number): boolean {
    return this.#cycle.held.netmem.unref(pfn, FRAGMENT_BIAS - this.users) === 0;
  }

  /** Gives up the page that is being carved. */
  close(cpu: Cpu): void {
    const pfn = this.page;
    if (pfn === NO_PAGE) return;
    this.#state[PAGE] = NO_PAGE;
    if (this.#drain(pfn)) this.#cycle.held.release(cpu, pfn);
  }
}
