/**
 * The cycle of a page pool's pages: from the cache or the ring, or new ones, to a user and back.
 * Models: page_pool_alloc_netmem, page_pool_put_unrefed_netmem and page_pool_put_page_bulk (net/core/page_pool.c):
 * docs/spec/tx-path.md#page-pool-mechanics.
 * Threads: `alloc` and whatever says direct on the CPU that allocates, in softirq or with softirqs disabled; returns on
 * any CPU. Hot path. Deviation: the ring is read under the lock of its consumers, since any CPU may empty it.
 */
import { Arena } from '../../smp/arena.js';
import { PROCESS } from '../../smp/copy-ledger.js';
import type { Cpu } from '../../smp/cpu.js';
import { NO_PAGE } from '../page-table.js';
import type { HeldPages } from './held-pages.js';
import { NO_NODE, type PagePoolSurroundings } from './memory-provider.js';
import type { PagePoolCounters } from './page-pool-counters.js';
import { NO_CONSUMER, type PagePoolParameters, ringSlotsOf } from './page-pool-parameters.js';
import { ReturnRing } from './return-ring.js';

const LAYOUT = Arena.recordOfLines({ count: 'i32', node: 'i32' }, { cpu: 'i32', poll: 'i32' });
// Local constants: docs/design/0008-constants-and-records.md.
const COUNT = LAYOUT.at.count;
const NODE = LAYOUT.at.node;
const CPU = LAYOUT.at.cpu;
const POLL = LAYOUT.at.poll;

/** All bytes of a page, whatever the page pool syncs at most. */
export const ALL_BYTES = 2 ** 32 - 1;

export class PageCycle {
  readonly held: HeldPages;
  readonly counters: PagePoolCounters;
  readonly ring: ReturnRing;
  readonly #parameters: PagePoolParameters;
  readonly #surroundings: PagePoolSurroundings;
  readonly #state: Int32Array;
  readonly #cache: Int32Array;
  /** Pages that are got at a time. */
  readonly #batch: number;

  constructor(
    arena: Arena,
    parameters: PagePoolParameters,
    held: HeldPages,
    counters: PagePoolCounters,
    surroundings: PagePoolSurroundings,
  ) {
    this.held = held;
    this.counters = counters;
    this.#parameters = parameters;
    this.#surroundings = surroundings;
    this.#batch = Math.max(1, parameters.cachePages >>> 1);
    this.#state = arena.int32(LAYOUT.stride);
    this.#cache = arena.int32(parameters.cachePages);
    this.ring = new ReturnRing(arena, ringSlotsOf(parameters));
  }

  reset(): void {
    const { node, cpu, poll } = this.#parameters;
    this.#state.fill(0);
    this.#state[NODE] = node;
    this.#state[CPU] = cpu;
    this.#state[POLL] = poll;
    this.ring.reset();
  }

  /** Pages in the cache. */
  get cached(): number {
    return this.#state[COUNT]!;
  }

  /** Numbers of the pages in the cache, the one that goes out last first. */
  cachedPages(): number[] {
    return [...this.#cache.subarray(0, this.cached)];
  }

  /** Returns a page whose only reference and only fragment are the caller's, or `NO_PAGE`. */
  alloc(cpu: Cpu): number {
    if (this.#state[COUNT]! > 0) {
      this.counters.countAllocation('fast');
      return this.#pop();
    }
    const pfn = this.#refill(cpu);
    if (pfn !== NO_PAGE) return pfn;
    return this.#parameters.order === 0 ? this.#allocBulk(cpu) : this.#allocBlock(cpu);
  }

  #pop(): number {
    const count = this.#state[COUNT]! - 1;
    this.#state[COUNT] = count;
    return this.#cache[count]!;
  }

  #push(pfn: number): void {
    this.#cache[this.#state[COUNT]!++] = pfn;
  }

  /** Moves pages from the ring to the cache, until there is one of another node. */
  #refill(cpu: Cpu): number {
    const { ring, held } = this;
    if (ring.isEmpty()) {
      this.counters.countAllocation('empty');
      return NO_PAGE;
    }
    const wanted = this.#state[NODE] === NO_NODE ? this.#surroundings.nodeOf(cpu) : this.#state[NODE]!;
    ring.lockConsumer(cpu);
    do {
      const pfn = ring.consume();
      if (pfn === NO_PAGE) break;
      if (held.provider.nodeOf(pfn) !== wanted) {
        // Only one is let go at a time, and new pages are asked for, so that the page allocator is not flooded.
        held.release(cpu, pfn);
        this.counters.countAllocation('waive');
        break;
      }
      this.#push(pfn);
    } while (this.#state[COUNT]! < this.#batch);
    ring.unlockConsumer();
    if (this.#state[COUNT] === 0) return NO_PAGE;
    this.counters.countAllocation('refill');
    return this.#pop();
  }

  #allocBulk(cpu: Cpu): number {
    const cache = this.#cache;
    const given = this.held.provider.allocBulk(cpu, this.#state[NODE]!, this.#batch, cache, 0);
    // The pages lie where they are cached: those that cannot be mapped are left out.
    for (let at = 0; at < given; at++) if (this.held.adopt(cpu, cache[at]!)) this.#push(cache[at]!);
    if (this.#state[COUNT] === 0) return NO_PAGE;
    this.counters.countAllocation('slow');
    return this.#pop();
  }

  #allocBlock(cpu: Cpu): number {
    const pfn = this.held.provider.alloc(cpu, this.#state[NODE]!, this.#parameters.order);
    if (pfn === NO_PAGE || !this.held.adopt(cpu, pfn)) return NO_PAGE;
    this.counters.countAllocation('slowHighOrder');
    return pfn;
  }

  /** Gives up one fragment of a page, which returns if it was the last one. */
  put(cpu: Cpu, pfn: number, bytes: number, isDirect: boolean): void {
    if (this.held.netmem.unref(pfn, 1) === 0) this.putUnrefed(cpu, pfn, bytes, isDirect);
  }

  /** Returns a page of which the caller has given up the last fragment, and the device written `bytes`. */
  putUnrefed(cpu: Cpu, pfn: number, bytes: number, isDirect: boolean): void {
    if (this.#cachedOrReleased(cpu, pfn, bytes, isDirect || this.#isConsumer(cpu))) return;
    this.ring.lock(cpu);
    const isKept = this.ring.produce(pfn);
    this.ring.unlock();
    this.counters.countReturn(cpu, isKept ? 'ring' : 'ringFull');
    if (!isKept) this.held.release(cpu, pfn);
  }

  /** Gives up one fragment of each of `count` pages at the beginning of `pages`, which is overwritten. */
  putBulk(cpu: Cpu, pages: Int32Array, count: number): void {
    const isDirect = this.#isConsumer(cpu);
    let left = 0;
    for (let at = 0; at < count; at++) {
      const pfn = pages[at]!;
      if (this.held.netmem.unref(pfn, 1) !== 0) continue;
      if (!this.#cachedOrReleased(cpu, pfn, ALL_BYTES, isDirect)) pages[left++] = pfn;
    }
    if (left === 0) return;
    let kept = 0;
    this.ring.lock(cpu);
    while (kept < left && this.ring.produce(pages[kept]!)) kept++;
    this.ring.unlock();
    this.counters.countReturn(cpu, 'ring', kept);
    if (kept === left) return;
    this.counters.countReturn(cpu, 'ringFull');
    for (let at = kept; at < left; at++) this.held.release(cpu, pages[at]!);
  }

  /** False if the page has to go into the ring. */
  #cachedOrReleased(cpu: Cpu, pfn: number, bytes: number, isDirect: boolean): boolean {
    if (!this.held.canRecycle(pfn)) {
      this.counters.countReturn(cpu, 'releasedRefcnt');
      this.held.release(cpu, pfn);
      return true;
    }
    this.held.sync(cpu, pfn, bytes);
    if (!isDirect) return false;
    const hasRoom = this.#state[COUNT]! < this.#cache.length;
    this.counters.countReturn(cpu, hasRoom ? 'cached' : 'cacheFull');
    if (hasRoom) this.#push(pfn);
    return hasRoom;
  }

  /** True where the CPU that allocates would run, so that the cache may be used. */
  #isConsumer(cpu: Cpu): boolean {
    if (cpu.context === PROCESS) return false;
    if (Atomics.load(this.#state, CPU) === cpu.id) return true;
    const poll = Atomics.load(this.#state, POLL);
    return poll !== NO_CONSUMER && this.#surroundings.cpuOfPoll(poll) === cpu.id;
  }

  /** No return is direct from now on, unless the caller says so. */
  unlink(): void {
    Atomics.store(this.#state, CPU, NO_CONSUMER);
    Atomics.store(this.#state, POLL, NO_CONSUMER);
  }

  /** Takes pages of another node from now on. Those in the cache are let go, since only the ring is checked. */
  setNode(cpu: Cpu, node: number): void {
    this.#state[NODE] = node;
    this.emptyCache(cpu);
  }

  get node(): number {
    return this.#state[NODE]!;
  }

  /** Lets the pages in the cache go. Returns how many there were. */
  emptyCache(cpu: Cpu): number {
    const count = this.#state[COUNT]!;
    while (this.#state[COUNT]! > 0) this.held.release(cpu, this.#pop());
    return count;
  }

  /** Lets the pages in the ring go. Any CPU. Returns how many there were. */
  emptyRing(cpu: Cpu): number {
    const { ring, held } = this;
    if (ring.isEmpty()) return 0;
    let count = 0;
    ring.lockConsumer(cpu);
    for (let pfn = ring.consume(); pfn !== NO_PAGE; pfn = ring.consume()) {
      const refs = held.provider.refs(pfn);
      if (refs !== 1) this.#surroundings.violated(refs);
      held.release(cpu, pfn);
      count++;
    }
    ring.unlockConsumer();
    return count;
  }
}
