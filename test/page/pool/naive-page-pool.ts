/** A page pool in lists and sums, to hold the real one against. It asks and tells a world of its own. */
import { NO_PAGE } from '../../../lib/page/page-table.js';
import { NO_MAPPING, NO_NODE } from '../../../lib/page/pool/memory-provider.js';
import type { PagePoolParameters } from '../../../lib/page/pool/page-pool-parameters.js';
import type { Cpu } from '../../../lib/smp/cpu.js';
import type { PageWorld } from './fixtures/page-world.js';

const BIAS = 2 ** 30;

interface Page {
  fragments: number;
  mapping: number | null;
}

export class NaivePagePool {
  readonly cache: number[] = [];
  readonly ring: number[] = [];
  /** Slots that were consumed since slots were given back to producers, and where the consumer stands. */
  spent = 0;
  #head = 0;
  readonly counts: Record<string, number> = {};
  readonly pages = new Map<number, Page>();
  carved = { page: NO_PAGE, end: 0, users: 0 };
  isDestroyed = false;
  readonly world: PageWorld;
  readonly parameters: PagePoolParameters;
  #node: number;
  readonly #mappings: (number | undefined)[] = [];
  #isSynced: boolean;

  constructor(world: PageWorld, parameters: PagePoolParameters) {
    this.world = world;
    this.parameters = parameters;
    this.#node = parameters.node;
    this.#isSynced = parameters.flags === 3;
  }

  get #bytes(): number {
    return 4096 << this.parameters.order;
  }

  #count(name: string, by = 1): void {
    if (by !== 0) this.counts[name] = (this.counts[name] ?? 0) + by;
  }

  #sync(pfn: number, bytes: number): void {
    const { syncBytes, syncOffset } = this.parameters;
    if (this.#isSynced) this.world.sync(null as never, 2 ** 32 + pfn * 4096 + syncOffset, Math.min(bytes, syncBytes));
  }

  #adopt(cpu: Cpu, pfn: number): boolean {
    const page: Page = { fragments: 1, mapping: null };
    if (this.parameters.flags !== 0) {
      if (this.world.map(cpu, pfn, this.#bytes) === NO_MAPPING) {
        this.world.put(cpu, pfn);
        return false;
      }
      let free = 1;
      while (this.#mappings[free] !== undefined) free++;
      if (!this.world.canIndex(pfn)) {
        this.world.unmap(cpu, 2 ** 32 + pfn * 4096, this.#bytes);
        this.world.put(cpu, pfn);
        return false;
      }
      this.#mappings[free] = pfn;
      page.mapping = free;
      this.#sync(pfn, this.parameters.syncBytes);
    }
    this.pages.set(pfn, page);
    return true;
  }

  #unmap(cpu: Cpu, pfn: number): void {
    const { mapping } = this.pages.get(pfn)!;
    if (mapping === null || this.#mappings[mapping] !== pfn) return;
    this.#mappings[mapping] = undefined;
    this.world.unmap(cpu, 2 ** 32 + pfn * 4096, this.#bytes);
  }

  #release(cpu: Cpu, pfn: number): void {
    this.#unmap(cpu, pfn);
    this.pages.delete(pfn);
    this.world.put(cpu, pfn);
  }

  #consume(): number {
    const pfn = this.ring.shift()!;
    const { ringSlots } = this.parameters;
    this.#head = (this.#head + 1) % ringSlots;
    const batch = ringSlots >= 32 ? 16 : 1;
    this.spent = this.#head === 0 || this.spent + 1 === batch ? 0 : this.spent + 1;
    return pfn;
  }

  alloc(cpu: Cpu): number {
    if (this.cache.length > 0) {
      this.#count('fast');
      return this.cache.pop()!;
    }
    if (this.ring.length === 0) this.#count('empty');
    const node = this.#node === NO_NODE ? this.world.nodeOf(cpu) : this.#node;
    while (this.ring.length > 0 && this.cache.length < this.parameters.cachePages / 2) {
      const pfn = this.#consume();
      if (this.world.nodeOf(pfn) === node) {
        this.cache.push(pfn);
        continue;
      }
      this.#release(cpu, pfn);
      this.#count('waive');
      break;
    }
    if (this.cache.length > 0) {
      this.#count('refill');
      return this.cache.pop()!;
    }
    if (this.parameters.order > 0) {
      const pfn = this.world.alloc(cpu, this.#node, this.parameters.order);
      if (pfn === NO_PAGE || !this.#adopt(cpu, pfn)) return NO_PAGE;
      this.#count('slowHighOrder');
      return pfn;
    }
    const given = new Int32Array(64);
    const number = this.world.allocBulk(cpu, this.#node, this.parameters.cachePages / 2, given, 0);
    for (const pfn of given.subarray(0, number)) if (this.#adopt(cpu, pfn)) this.cache.push(pfn);
    if (this.cache.length === 0) return NO_PAGE;
    this.#count('slow');
    return this.cache.pop()!;
  }

  /** True for the last holder. */
  #unref(pfn: number, count: number): boolean {
    const page = this.pages.get(pfn)!;
    page.fragments -= count;
    if (page.fragments > 0) return false;
    page.fragments = 1;
    return true;
  }

  #canRecycle(pfn: number): boolean {
    return this.world.refs(pfn) === 1 && !this.world.reserve.has(pfn);
  }

  allocFrag(cpu: Cpu, bytes: number): number {
    if (bytes > this.#bytes) {
      this.world.warn();
      return NO_PAGE;
    }
    const size = Math.ceil(bytes / 8) * 8;
    const { carved } = this;
    if (carved.page !== NO_PAGE && carved.end + size <= this.#bytes) {
      this.#count('fast');
      this.carved = { page: carved.page, end: carved.end + size, users: carved.users + 1 };
      return carved.page;
    }
    let page = NO_PAGE;
    if (carved.page !== NO_PAGE && this.#unref(carved.page, BIAS - carved.users)) {
      if (this.#canRecycle(carved.page)) {
        page = carved.page;
        this.#sync(page, Infinity);
        this.#count('fast');
      } else {
        this.#release(cpu, carved.page);
      }
    }
    if (page === NO_PAGE) page = this.alloc(cpu);
    this.carved = page === NO_PAGE ? { ...carved, page } : { page, end: size, users: 1 };
    if (page !== NO_PAGE) this.pages.get(page)!.fragments = BIAS;
    return page;
  }

  put(cpu: Cpu, pages: readonly number[], isDirect: boolean, isBulk: boolean): void {
    const { cachePages, ringSlots, cpu: owner } = this.parameters;
    const mayCache = isDirect || (cpu.context !== 0 && !this.isDestroyed && cpu.id === owner);
    const late: number[] = [];
    for (const pfn of pages) {
      if (!this.#unref(pfn, 1)) continue;
      if (!this.#canRecycle(pfn)) {
        this.#count('releasedRefcnt');
        this.#release(cpu, pfn);
        continue;
      }
      this.#sync(pfn, Infinity);
      if (mayCache && this.cache.length < cachePages) {
        this.#count('cached');
        this.cache.push(pfn);
        continue;
      }
      if (mayCache) this.#count('cacheFull');
      late.push(pfn);
    }
    const kept = late.splice(0, Math.max(0, ringSlots - this.ring.length - this.spent));
    this.#count('ring', kept.length);
    this.ring.push(...kept);
    this.#count('ringFull', isBulk ? Math.min(1, late.length) : late.length);
    for (const pfn of late) this.#release(cpu, pfn);
  }

  setNode(cpu: Cpu, node: number): void {
    this.#node = node;
    while (this.cache.length > 0) this.#release(cpu, this.cache.pop()!);
  }

  destroy(cpu: Cpu): void {
    const { page, users } = this.carved;
    this.isDestroyed = true;
    this.carved.page = NO_PAGE;
    if (page !== NO_PAGE && this.#unref(page, BIAS - users)) this.#release(cpu, page);
    while (this.cache.length > 0) this.#release(cpu, this.cache.pop()!);
    if (this.#isSynced && this.#mappings.some((pfn) => pfn !== undefined)) this.world.synchronize();
    this.#isSynced = false;
    for (const pfn of this.#mappings) if (pfn !== undefined) this.#unmap(cpu, pfn);
    this.retry(cpu, true);
  }

  retry(cpu: Cpu, isFirst = false): void {
    while (this.ring.length > 0) {
      const pfn = this.#consume();
      if (this.world.refs(pfn) !== 1) this.world.violated(this.world.refs(pfn));
      this.#release(cpu, pfn);
    }
    if (this.pages.size === 0) this.world.gone();
    else if (isFirst) this.world.detached();
    if (this.pages.size > 0) this.world.retryIn(this.world.hz);
  }
}
