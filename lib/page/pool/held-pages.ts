/**
 * The pages that a page pool holds: each was taken from the memory provider, mapped once, and marked, and stays so
 * until it is let go, wherever it travels.
 * Models: page_pool_dma_map, page_pool_set_pp_info, page_pool_return_page and page_pool_inflight
 * (net/core/page_pool.c): docs/spec/tx-path.md#page-pool-mechanics.
 * Threads: `take` on the CPU that allocates; `release` and `sync` on any CPU.
 */
import { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { PAGE_SIZE } from '../../units.js';
import { MappingIndex, NO_INDEX } from './mapping-index.js';
import { type MemoryProvider, NO_MAPPING } from './memory-provider.js';
import type { NetmemTable } from './netmem-table.js';
import { PAGE_POOL_FLAG, type PagePoolParameters } from './page-pool-parameters.js';

const LAYOUT = Arena.recordOfLines({ taken: 'i32' }, { released: 'i32', isSynced: 'i32' });
// Local constants: docs/design/0008-constants-and-records.md.
const TAKEN = LAYOUT.at.taken;
const RELEASED = LAYOUT.at.released;
const IS_SYNCED = LAYOUT.at.isSynced;

export class HeldPages {
  readonly netmem: NetmemTable;
  readonly provider: MemoryProvider;
  readonly isMapped: boolean;
  readonly #number: number;
  readonly #parameters: PagePoolParameters;
  readonly #bytes: number;
  readonly #index: MappingIndex | null;
  readonly #state: Int32Array;

  constructor(
    arena: Arena,
    number: number,
    parameters: PagePoolParameters,
    netmem: NetmemTable,
    provider: MemoryProvider,
  ) {
    this.netmem = netmem;
    this.provider = provider;
    this.#number = number;
    this.#parameters = parameters;
    this.#bytes = PAGE_SIZE << parameters.order;
    this.isMapped = (parameters.flags & PAGE_POOL_FLAG.map) !== 0;
    this.#index = this.isMapped ? new MappingIndex(arena, parameters.mappings) : null;
    this.#state = arena.int32(LAYOUT.stride);
  }

  reset(): void {
    this.#index?.reset();
    this.#state.fill(0);
    this.#state[IS_SYNCED] = this.#parameters.flags & PAGE_POOL_FLAG.sync ? 1 : 0;
  }

  /** Pages ever taken, modulo 2^32. */
  get taken(): number {
    return Atomics.load(this.#state, TAKEN) >>> 0;
  }

  /** Pages ever let go, modulo 2^32. */
  get released(): number {
    return Atomics.load(this.#state, RELEASED) >>> 0;
  }

  /** Pages that are held, wherever they are; exact when no CPU is at work. */
  get inFlight(): number {
    return (Atomics.load(this.#state, TAKEN) - Atomics.load(this.#state, RELEASED)) | 0;
  }

  /** Maps and marks a page that the provider has given. False if that fails: the page was given back. */
  adopt(cpu: Cpu, pfn: number): boolean {
    if (this.isMapped && !this.#map(cpu, pfn)) {
      this.provider.put(cpu, pfn);
      return false;
    }
    this.netmem.mark(pfn, this.#number);
    // One CPU writes it; atomically, because others read it.
    Atomics.store(this.#state, TAKEN, (this.#state[TAKEN]! + 1) | 0);
    return true;
  }

  #map(cpu: Cpu, pfn: number): boolean {
    const { provider } = this;
    const address = provider.map(cpu, pfn, this.#bytes);
    if (address === NO_MAPPING) return false;
    const index = provider.canIndex(pfn) ? this.#index!.add(cpu, pfn) : NO_INDEX;
    if (index === NO_INDEX) {
      provider.unmap(cpu, address, this.#bytes);
      return false;
    }
    this.netmem.setMapping(pfn, address, index);
    this.sync(cpu, pfn, this.#parameters.syncBytes);
    return true;
  }

  /** Hands a page back to the device, which may have written at most `bytes` of it. */
  sync(cpu: Cpu, pfn: number, bytes: number): void {
    if (this.#state[IS_SYNCED] === 0 || !this.provider.needsSync) return;
    const { syncOffset, syncBytes } = this.#parameters;
    this.provider.sync(cpu, this.netmem.address(pfn) + syncOffset, Math.min(bytes, syncBytes));
  }

  /** True for a page that no one else refers to, and that need not go back at once. */
  canRecycle(pfn: number): boolean {
    return this.provider.refs(pfn) === 1 && !this.provider.isReserve(pfn);
  }

  /** Lets a page go: it is unmapped, belongs to no page pool any more, and loses the page pool's reference. */
  release(cpu: Cpu, pfn: number): void {
    if (this.isMapped) this.#unmap(cpu, pfn);
    Atomics.add(this.#state, RELEASED, 1);
    this.netmem.clear(pfn);
    this.provider.put(cpu, pfn);
  }

  #unmap(cpu: Cpu, pfn: number): void {
    const index = this.netmem.mappingIndex(pfn);
    if (index === NO_INDEX || !this.#index!.remove(cpu, index, pfn)) return;
    this.provider.unmap(cpu, this.netmem.address(pfn), this.#bytes);
  }

  /** Stops `sync`. Returns true if a CPU that is still at it could meet a mapping that is to be removed. */
  stopSync(): boolean {
    if (Atomics.exchange(this.#state, IS_SYNCED, 0) === 0) return false;
    return this.provider.needsSync && this.#index!.count > 0;
  }

  /** Unmaps pages that are still out. They keep their marks, and come back all the same. */
  unmapAll(cpu: Cpu): void {
    if (this.#index === null) return;
    for (const pfn of this.#index.pages()) this.#unmap(cpu, pfn);
  }
}
