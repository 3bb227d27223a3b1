/**
 * Replays a trace of page pools on ours, and returns what they did in the terms of the format. Owner: one thread.
 */
import { NO_PAGE } from '../../page/page-table.js';
import { NetmemTable, NO_PAGE_POOL } from '../../page/pool/netmem-table.js';
import type { PagePool } from '../../page/pool/page-pool.js';
import { Arena } from '../../smp/arena.js';
import { PROCESS, SOFTIRQ } from '../../smp/copy-ledger.js';
import type { Cpu } from '../../smp/cpu.js';
import { cpusOfOneThread } from '../../smp/cpus-of-one-thread.js';
import type { ColumnTraceReader, Row } from '../format/column-trace.js';
import type { ColumnReplay } from '../replay/column-replay.js';
import { shownFragments } from './fragment-counts.js';
import { type Call, perform } from './page-pool-calls.js';
import {
  EVENTS,
  type Event,
  OPERATIONS,
  type PagePoolHeader,
  type PagePoolOperation,
  problemOf,
  STATS,
} from './page-pool-format.js';
import { TracedMemory } from './traced-memory.js';
import { TracedPagePools } from './traced-page-pools.js';

/** Operations on one page, and whether that page has to be one of the row's page pool. */
const ON_ONE_PAGE = new Map<PagePoolOperation, boolean>([
  ['put', true],
  ['putFull', true],
  ['putUnrefed', true],
  ['recycleDirect', true],
  ['fragment', true],
  ['unref', true],
  ['ref', true],
  ['get', false],
  ['drop', false],
]);
/** Operations that may be of no page pool. */
const OF_NONE: readonly PagePoolOperation[] = ['create', 'napi', 'get', 'drop'];

/** Order of the largest block of Linux's page allocator. */
const MAX_ORDER = 10;

export class PagePoolReplay implements ColumnReplay {
  readonly #reader: ColumnTraceReader<PagePoolHeader>;
  readonly #memory: TracedMemory;
  readonly #netmem: NetmemTable;
  readonly #cpus: readonly Cpu[];
  readonly #pagePools: TracedPagePools;

  constructor(reader: ColumnTraceReader<PagePoolHeader>) {
    const { header } = reader;
    const { nodes, constants } = header;
    this.#reader = reader;
    this.#memory = new TracedMemory(nodes, constants.pagesPerNode);
    const build = (arena: Arena) => new NetmemTable(arena, this.#memory.pages);
    this.#netmem = build(Arena.for(build));
    this.#cpus = cpusOfOneThread(header.cpus);
    this.#pagePools = new TracedPagePools(header, this.#netmem, this.#memory);
  }

  perform([name, cpuId, softirq, number, jiffies, given, , recorded]: Row): Row {
    const op = name as PagePoolOperation;
    const args = given as readonly unknown[];
    this.#checkItems('args', args, OPERATIONS[op]);
    for (const event of recorded as readonly unknown[]) this.#checkEvent(event);
    const cpu = this.#cpus[cpuId as number];
    if (cpu === undefined) throw this.#reader.refuse(`there is no CPU ${cpuId}`);
    if (softirq !== 0 && softirq !== 1) throw this.#reader.refuse('softirq must be 0 or 1');
    if (op === 'create') this.#checkSizes(args);
    cpu.context = softirq === 0 ? PROCESS : SOFTIRQ;
    const pagePool = this.#pagePools.find(number as number);
    if (pagePool === null && !OF_NONE.includes(op)) throw this.#reader.refuse(`there is no page pool ${number}`);
    this.#checkPages(op, args, pagePool);
    this.#memory.begin(recorded as readonly Event[]);
    this.#pagePools.now = jiffies as number;
    const before = pagePool?.fragments.page ?? NO_PAGE;
    const call: Call = { cpu, args, pagePool, pagePools: this.#pagePools, memory: this.#memory, netmem: this.#netmem };
    const result = perform(op, call);
    const named = this.#named(op, args, pagePool, before, result);
    const after = op === 'create' ? this.#pagePools.last(result) : this.#pagePools.find(number as number);
    const ours = op === 'create' ? (after?.number ?? 0) : number;
    return [
      name,
      cpuId,
      softirq,
      ours,
      jiffies,
      given,
      result,
      this.#memory.events,
      [...named].map((pfn) => this.#pageEntry(pfn)),
      after && stateOf(after),
      after && STATS.map((counter) => after.counters.valueOf(counter)),
    ];
  }

  /** Says what is missing at the end of the trace: each ends when all page pools are gone. */
  end(): string | null {
    const left = this.#pagePools.alive;
    return left === 0 ? null : `the trace is cut off: ${left} page pools are left at its end`;
  }

  #checkItems(what: string, items: readonly unknown[], kinds: (typeof OPERATIONS)[PagePoolOperation]): void {
    const problem = problemOf(items, kinds);
    if (problem !== null) throw this.#reader.refuse(`${what} ${problem}`);
  }

  #checkSizes([order, ringSlots]: readonly unknown[]): void {
    if ((order as number) < 0 || (order as number) > MAX_ORDER)
      throw this.#reader.refuse(`no block has order ${order}`);
    if ((ringSlots as number) < 0) throw this.#reader.refuse(`no ring has ${ringSlots} slots`);
  }

  #checkEvent(event: unknown): void {
    const kinds = Array.isArray(event) && Object.hasOwn(EVENTS, event[0]) ? EVENTS[event[0] as Event[0]] : undefined;
    if (kinds === undefined) throw this.#reader.refuse(`event ${JSON.stringify(event)} is not known`);
    const problem = problemOf((event as unknown[]).slice(1), kinds);
    if (problem !== null) throw this.#reader.refuse(`event ${JSON.stringify(event)} ${problem}`);
  }

  #checkPages(op: PagePoolOperation, args: readonly unknown[], pagePool: PagePool | null): void {
    const isOfPagePool = ON_ONE_PAGE.get(op);
    const pages = op === 'putBulk' ? (args[0] as number[]) : isOfPagePool === undefined ? [] : [args[0] as number];
    for (const pfn of pages) {
      const head = this.#memory.headOf(pfn);
      if (this.#memory.refs(head) === 0) throw this.#reader.refuse(`page ${pfn} is not in use`);
      if (isOfPagePool !== false && this.#netmem.poolOf(head) !== pagePool!.number) {
        throw this.#reader.refuse(`page ${pfn} is not one of page pool ${pagePool!.number}`);
      }
    }
  }

  /** The pages that an operation and its events name, in the order in which the trace has them. */
  #named(
    op: PagePoolOperation,
    args: readonly unknown[],
    pagePool: PagePool | null,
    before: number,
    result: unknown,
  ): Set<number> {
    const named = new Set<number>();
    if (ON_ONE_PAGE.has(op)) named.add(args[0] as number);
    if (op === 'putBulk') for (const pfn of args[0] as number[]) named.add(this.#memory.headOf(pfn));
    if (op === 'destroy') named.add(before);
    if (op === 'allocFrag' && result === NO_PAGE) named.add(pagePool!.fragments.page);
    for (const event of this.#memory.events) this.#addNamed(event, named);
    if (op === 'alloc') named.add(result as number);
    if ((op === 'allocFrag' || op === 'allocAny') && Array.isArray(result)) named.add(result[0]);
    named.delete(NO_PAGE);
    return named;
  }

  #addNamed([name, first, , third]: Event, named: Set<number>): void {
    if (name === 'bulk') for (const pfn of third as number[]) named.add(pfn);
    else if (name === 'page') named.add(third as number);
    else if (name === 'unmap') named.add(this.#memory.pageAt(first as number));
    else if (name === 'reserve' || name === 'map' || name === 'noindex' || name === 'put') named.add(first as number);
  }

  #pageEntry(pfn: number): readonly unknown[] {
    const refs = this.#memory.refs(pfn);
    const netmem = this.#netmem;
    const owner = netmem.poolOf(pfn);
    if (refs === 0 || owner === NO_PAGE_POOL) return [pfn, refs];
    return [pfn, refs, shownFragments(netmem.fragments(pfn)), netmem.address(pfn), owner, netmem.mappingIndex(pfn)];
  }
}

function stateOf({ cycle, held, fragments }: PagePool): number[] {
  const { ring } = cycle;
  return [
    cycle.cached,
    ring.count,
    ring.spent,
    held.taken,
    held.released,
    held.inFlight,
    fragments.page,
    fragments.end,
    fragments.users,
  ];
}
