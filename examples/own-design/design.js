/**
 * A design of one's own: bounce pages whose blocks are kept in stock when they are freed, with their type and their
 * reference to the device, so that a steady stream searches for no slots. See README.md beside this file.
 */
import { addDesign, BouncePages, FRAG_ORDER, NO_PAGE, PAGE_SIZE, PageReferences } from 'copytax';

/** @import { Arena, Cpu, DesignTables } from 'copytax' */

/** The stocks hold at most one part in SHARE of the slot pool: what they hold, nothing else can have. */
const SHARE = 8;

/** Takes a block out of a stock, whose entries are page numbers, or 0. Any thread. @param {Int32Array} stock */
function take(stock) {
  for (let at = 0; at < stock.length; at++) {
    const pfn = stock[at] === 0 ? 0 : Atomics.exchange(stock, at, 0);
    if (pfn !== 0) return pfn;
  }
  return NO_PAGE;
}

/** False if the stock is full. Any thread. @param {Int32Array} stock @param {number} pfn */
function keep(stock, pfn) {
  for (let at = 0; at < stock.length; at++) {
    if (stock[at] === 0 && Atomics.compareExchange(stock, at, 0, pfn) === 0) return true;
  }
  return false;
}

class StockedPages extends BouncePages {
  /** @param {Int32Array[]} stocks @param {DesignTables} tables @param {number} device */
  constructor(stocks, tables, device) {
    super(tables.bouncePageParts, device);
    this.own = stocks[device - 1] ?? new Int32Array();
    this.stocks = stocks;
    this.tables = tables;
  }

  /** @override @param {Cpu} cpu @param {number} order */
  alloc(cpu, order) {
    const pfn = order === FRAG_ORDER ? take(this.own) : NO_PAGE;
    if (pfn === NO_PAGE) return super.alloc(cpu, order);
    this.tables.pages.setRefs(pfn, 1);
    return pfn;
  }

  /** Any CPU, at the last put of a page of any device. @override @param {Cpu} cpu @param {number} pfn */
  free(cpu, pfn, batched = false) {
    const { pages, swiotlb, devices } = this.tables;
    const device = pages.owner(pfn);
    const stock = this.stocks[device - 1];
    const isWanted = pages.order(pfn) === FRAG_ORDER && swiotlb.pool.contains(pfn * PAGE_SIZE);
    if (stock && isWanted && !devices.table.isRemoved(device) && keep(stock, pfn)) return true;
    return super.free(cpu, pfn, batched);
  }
}

class Stocked extends PageReferences {
  /** @param {Arena} arena @param {DesignTables} tables */
  constructor(arena, tables) {
    const { config, devices } = tables;
    const blocks = Math.floor(config.slotPool.bytes / SHARE / devices.all.length / (PAGE_SIZE << FRAG_ORDER));
    const stocks = devices.all.map(() => arena.int32(blocks));
    super(tables, () => devices.all.map(({ number }) => new StockedPages(stocks, tables, number)));
    this.stocks = stocks;
  }

  /** @override */
  reset() {
    for (const stock of this.stocks) stock.fill(0);
  }

  /** @override @param {Cpu} cpu */
  close(cpu) {
    const pages = new BouncePages(this.tables.bouncePageParts, 1);
    for (const stock of this.stocks)
      for (let pfn = take(stock); pfn !== NO_PAGE; pfn = take(stock)) pages.free(cpu, pfn);
  }
}

export const stockedPages = addDesign(
  'stocked-pages',
  {
    idea: 'bounce pages that are kept in stock when they are freed',
    forceBounce: true,
    learns: true,
    freeDispatch: 'typed-folio',
    promises: { userCopies: 1, bounceCopies: 0, bouncesHeaders: true, holdsSlots: true },
    state: (arena, tables) => new Stocked(arena, tables),
  },
  import.meta.url,
);
