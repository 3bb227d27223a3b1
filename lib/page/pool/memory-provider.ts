/**
 * What a page pool asks of the world: pages with their mappings, and what it has to know or to tell.
 * Models: struct memory_provider_ops, and what page_pool.c calls of the page allocator and of DMA mapping:
 * docs/spec/tx-path.md#page-pool-mechanics.
 */
import type { Cpu } from '../../smp/cpu.js';

/** Returned by `map` when there is no mapping. */
export const NO_MAPPING = -1;
/** No node is wanted: that of the CPU is taken. */
export const NO_NODE = -1;

/** Where the pages of a page pool come from and go to. */
export interface MemoryProvider {
  /**
   * Allocates at most `count` single pages, each with one reference, and writes their numbers into `pages` from `at`
   * on. Returns how many there are.
   */
  allocBulk(cpu: Cpu, node: number, count: number, pages: Int32Array, at: number): number;
  /** Allocates 2^order pages as one block with one reference, or returns `NO_PAGE`. */
  alloc(cpu: Cpu, node: number, order: number): number;
  /** Drops the reference that the page pool had, which may be the last one. */
  put(cpu: Cpu, pfn: number): void;
  /** The reference count of a page, which fragments do not count in. */
  refs(pfn: number): number;
  /** True for a page of the emergency reserve, which has to go back as soon as it can. */
  isReserve(pfn: number): boolean;
  nodeOf(pfn: number): number;
  /** Maps a page. Returns its DMA address, or `NO_MAPPING`. */
  map(cpu: Cpu, pfn: number, bytes: number): number;
  /** True if the mapping of the page can get a number; false: there is no memory for it. */
  canIndex(pfn: number): boolean;
  unmap(cpu: Cpu, address: number, bytes: number): void;
  /** Hands bytes of a mapping over to the device. Called only if `needsSync`. */
  sync(cpu: Cpu, address: number, bytes: number): void;
  readonly needsSync: boolean;
}

/** What surrounds a page pool: time, CPUs, and who listens to it. */
export interface PagePoolSurroundings {
  /** Ticks of `now` in a second. */
  readonly hz: number;
  now(cpu: Cpu): number;
  nodeOf(cpu: Cpu): number;
  /** The CPU that a softirq poll is running on, or -1. */
  cpuOfPoll(poll: number): number;
  /** Waits until all CPUs have ended what they began before. */
  synchronize(cpu: Cpu): void;
  /** The page pool was destroyed by its user while pages are out. */
  detached(): void;
  /** `PagePool.retry` is due after this number of ticks. */
  retryIn(ticks: number): void;
  /** The second user is told that the page pool ends. */
  disconnect(): void;
  /** The page pool is freed: it is not used any more. */
  gone(): void;
  /** Pages have been out for long after the end. */
  stalled(inFlight: number, seconds: number): void;
  /** A page in the ring has other references besides the one of the page pool. */
  violated(refs: number): void;
  /** A call that makes no sense was refused. */
  warn(): void;
}
