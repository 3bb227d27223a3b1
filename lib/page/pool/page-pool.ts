/**
 * A page pool: pages that are mapped once and recycled.
 * Models: struct page_pool, from its creation to its delayed destruction (net/core/page_pool.c):
 * docs/spec/tx-path.md#page-pool-mechanics.
 * Threads: any CPU returns pages (`cycle`); one CPU allocates (`cycle`, `fragments`) and destroys.
 */
import { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { HeldPages } from './held-pages.js';
import type { MemoryProvider, PagePoolSurroundings } from './memory-provider.js';
import type { NetmemTable } from './netmem-table.js';
import { PageCycle } from './page-cycle.js';
import { PageFragments } from './page-fragments.js';
import { PagePoolCounters } from './page-pool-counters.js';
import type { PagePoolParameters } from './page-pool-parameters.js';

const LAYOUT = Arena.record({ users: 'i32', isShared: 'i32', destroyed: 'i32', deferredAt: 'f64', warnAt: 'f64' });
// Local constants: docs/design/0008-constants-and-records.md.
const USERS = LAYOUT.at.users;
const IS_SHARED = LAYOUT.at.isShared;
const DESTROYED = LAYOUT.at.destroyed;
const DEFERRED_AT = LAYOUT.at.deferredAt;
const WARN_AT = LAYOUT.at.warnAt;

const WARN_SECONDS = 60;

/** What page pools of a machine share. */
export interface PagePoolParts {
  readonly netmem: NetmemTable;
  readonly provider: MemoryProvider;
  readonly surroundings: PagePoolSurroundings;
  readonly cpus: number;
}

export class PagePool {
  /** What pages say of the page pool that they belong to. */
  readonly number: number;
  readonly held: HeldPages;
  readonly cycle: PageCycle;
  readonly fragments: PageFragments;
  readonly counters: PagePoolCounters;
  readonly #surroundings: PagePoolSurroundings;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;

  /** `parameters` are valid: `refusalOf` returns 0 for them. */
  constructor(
    arena: Arena,
    number: number,
    parameters: PagePoolParameters,
    { netmem, provider, surroundings, cpus }: PagePoolParts,
  ) {
    this.number = number;
    this.#surroundings = surroundings;
    const { words, doubles } = arena.records(LAYOUT, 1);
    this.#words = words;
    this.#doubles = doubles;
    this.counters = new PagePoolCounters(arena, cpus);
    this.held = new HeldPages(arena, number, parameters, netmem, provider);
    this.cycle = new PageCycle(arena, parameters, this.held, this.counters, surroundings);
    this.fragments = new PageFragments(arena, parameters, this.cycle, surroundings);
  }

  reset(): void {
    this.#words.fill(0);
    this.#words[USERS] = 1;
    this.counters.reset();
    this.held.reset();
    this.cycle.reset();
    this.fragments.reset();
  }

  /** True once its last user has destroyed it. */
  get isDestroyed(): boolean {
    return this.#words[DESTROYED] !== 0;
  }

  /** Adds a second user, who is told of the end, and for whom `destroy` has to be called too. */
  use(): void {
    Atomics.add(this.#words, USERS, 1);
    this.#words[IS_SHARED] = 1;
  }

  /**
   * Ends the use by one user. After the last one's, pages go back to the provider, now or as they return; the page pool
   * is gone when the last one has.
   */
  destroy(cpu: Cpu): void {
    if (Atomics.sub(this.#words, USERS, 1) !== 1) return;
    this.cycle.unlink();
    this.fragments.close(cpu);
    if (this.#release(cpu) === 0) return;
    this.#surroundings.detached();
    const now = this.#surroundings.now(cpu);
    this.#doubles[DEFERRED_AT] = now;
    this.#doubles[WARN_AT] = now + WARN_SECONDS * this.#surroundings.hz;
    this.#surroundings.retryIn(this.#surroundings.hz);
  }

  /** Looks for pages that have returned since the page pool was destroyed. */
  retry(cpu: Cpu): void {
    const inFlight = this.#release(cpu);
    if (inFlight <= 0) return;
    const { hz } = this.#surroundings;
    const now = this.#surroundings.now(cpu);
    if (now >= this.#doubles[WARN_AT]!) {
      const ticks = (now - this.#doubles[DEFERRED_AT]!) | 0;
      this.#surroundings.stalled(inFlight, Math.trunc(ticks / hz));
      this.#doubles[WARN_AT] = now + WARN_SECONDS * hz;
    }
    this.#surroundings.retryIn(hz);
  }

  /** Lets all pages go that are not out. Returns how many are, after which nothing is left if there is none. */
  #release(cpu: Cpu): number {
    if (this.#words[DESTROYED] === 0) {
      this.#words[DESTROYED] = 1;
      this.cycle.emptyCache(cpu);
      if (this.held.stopSync()) this.#surroundings.synchronize(cpu);
      this.held.unmapAll(cpu);
    }
    this.cycle.emptyRing(cpu);
    const { inFlight } = this.held;
    if (inFlight === 0) {
      if (this.#words[IS_SHARED] !== 0) this.#surroundings.disconnect();
      this.#surroundings.gone();
    }
    return inFlight;
  }
}
