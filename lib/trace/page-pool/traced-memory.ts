/**
 * The world of the page pools of a trace: pages with reference counts, whose allocations and mappings end as the trace
 * says. What a page pool asks or tells becomes an event, in the words of the trace. Owner: one thread.
 */

import { NO_PAGE } from '../../page/page-table.js';
import type { MemoryProvider } from '../../page/pool/memory-provider.js';
import { NO_MAPPING } from '../../page/pool/memory-provider.js';
import type { Cpu } from '../../smp/cpu.js';
import type { Event, EventName } from './page-pool-format.js';

export class TracedMemory {
  /** What the operation has caused so far. */
  events: Event[] = [];
  /** What it caused in Linux, with what the world returned. */
  #recorded: readonly Event[] = [];
  readonly pages: number;
  readonly #pagesPerNode: number;
  readonly #refs: Int32Array;
  /** By page, the distance to the first page of its block. */
  readonly #distance: Int32Array;
  readonly #reserve = new Set<number>();
  readonly #mapped = new Map<number, number>();

  constructor(nodes: number, pagesPerNode: number) {
    this.pages = nodes * pagesPerNode;
    this.#pagesPerNode = pagesPerNode;
    this.#refs = new Int32Array(this.pages);
    this.#distance = new Int32Array(this.pages);
  }

  /** Begins an operation with the events that the trace has for it. */
  begin(recorded: readonly Event[]): void {
    this.events = [];
    this.#recorded = recorded;
  }

  tell(...event: Event): void {
    this.events.push(event);
  }

  /** The next event of the trace if it is of this name, else null: then the answer is that there is nothing. */
  #next(name: EventName): Event | null {
    const event = this.#recorded[this.events.length];
    return event !== undefined && event[0] === name ? event : null;
  }

  refs(pfn: number): number {
    return this.#refs[pfn] ?? 0;
  }

  isReserve(pfn: number): boolean {
    return this.#reserve.has(pfn);
  }

  nodeOf(pfn: number): number {
    return Math.floor(pfn / this.#pagesPerNode);
  }

  /** The first page of the block that the page is in. */
  headOf(pfn: number): number {
    return pfn - (this.#distance[pfn] ?? 0);
  }

  /** The page that was mapped last at this address. */
  pageAt(address: number): number {
    return this.#mapped.get(address) ?? NO_PAGE;
  }

  get(pfn: number): void {
    this.#refs[pfn]!++;
  }

  put(pfn: number): void {
    this.tell('put', pfn, --this.#refs[pfn]!);
  }

  allocBulk(node: number, count: number, into: Int32Array, at: number): number {
    const given = (this.#next('bulk')?.[3] ?? []) as number[];
    const pages = given.filter((pfn) => this.#isFree(pfn, 0)).slice(0, count);
    this.tell('bulk', node, count, pages);
    for (const pfn of pages) this.#take(pfn, 0);
    while (this.#next('reserve') !== null) {
      const pfn = this.#next('reserve')![1] as number;
      this.#reserve.add(pfn);
      this.tell('reserve', pfn);
    }
    into.set(pages, at);
    return pages.length;
  }

  alloc(node: number, order: number): number {
    const pfn = (this.#next('page')?.[3] ?? NO_PAGE) as number;
    const isGiven = this.#isFree(pfn, order);
    this.tell('page', node, order, isGiven ? pfn : NO_PAGE);
    if (!isGiven) return NO_PAGE;
    this.#take(pfn, order);
    if (this.#next('reserve')?.[1] === pfn) {
      this.#reserve.add(pfn);
      this.tell('reserve', pfn);
    }
    return pfn;
  }

  #isFree(pfn: number, order: number): boolean {
    return pfn >= 0 && pfn + 2 ** order <= this.pages && this.#refs[pfn] === 0;
  }

  #take(pfn: number, order: number): void {
    this.#refs[pfn] = 1;
    this.#reserve.delete(pfn);
    for (let distance = 0; distance < 2 ** order; distance++) this.#distance[pfn + distance] = distance;
  }

  map(pfn: number, bytes: number): number {
    const event = this.#next('map');
    const address = event?.[1] === pfn ? (event[3] as number) : NO_MAPPING;
    this.tell('map', pfn, bytes, address);
    if (address !== NO_MAPPING) this.#mapped.set(address, pfn);
    return address;
  }

  canIndex(pfn: number): boolean {
    if (this.#next('noindex')?.[1] !== pfn) return true;
    this.tell('noindex', pfn);
    return false;
  }
}

/** The memory of one page pool's pages, for a device that needs synchronization or not. */
export function providerOf(memory: TracedMemory, needsSync: boolean): MemoryProvider {
  return {
    needsSync,
    allocBulk: (_: Cpu, node, count, pages, at) => memory.allocBulk(node, count, pages, at),
    alloc: (_: Cpu, node, order) => memory.alloc(node, order),
    put: (_: Cpu, pfn) => memory.put(pfn),
    refs: (pfn) => memory.refs(pfn),
    isReserve: (pfn) => memory.isReserve(pfn),
    nodeOf: (pfn) => memory.nodeOf(pfn),
    map: (_: Cpu, pfn, bytes) => memory.map(pfn, bytes),
    canIndex: (pfn) => memory.canIndex(pfn),
    unmap: (_: Cpu, address, bytes) => memory.tell('unmap', address, bytes),
    sync: (_: Cpu, address, bytes) => memory.tell('sync', address, bytes),
  };
}
