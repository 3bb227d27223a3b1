/**
 * A design of one's own: bounce pages whose blocks are kept in stock when they are freed, with their type and their
 * reference to the device, so that a steady stream searches for no slots. See README.md beside this file.
 */
import { addDesign, BouncePages, DESIGNS, FRAG_ORDER, NO_PAGE, PAGE_SIZE, PageReferences } from 'copytax';

/** @import { Arena, Cpu, Design, DesignTables } from 'copytax' */

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
  for (let at = 0; at < stock.length; at++) if (Atomics.compareExchange(stock, at, 0, pfn) === 0) return true;
  return false;
}

class StockedPages extends BouncePages {
  /** @param {Int32Array} stock @param {DesignTables} tables @param {number} device */
  constructor(stock, tables, device) {
    super(tables.bouncePageParts, device);
    this.stock = stock;
    this.tables = tables;
  }

  /** @override @param {Cpu} cpu @param {number} order */
  alloc(cpu, order) {
    const pfn = order === FRAG_ORDER ? take(this.stock) : NO_PAGE;
    if (pfn === NO_PAGE) return super.alloc(cpu, order);
    this.tables.pages.setRefs(pfn, 1);
    return pfn;
  }

  /** Any CPU, at the last put of a page of any device. @override @param {Cpu} cpu @param {number} pfn */
  free(cpu, pfn, batched = false) {
    const { pages, swiotlb } = this.tables;
    const isOfStock = pages.owner(pfn) === 1 && pages.order(pfn) === FRAG_ORDER;
    if (isOfStock && swiotlb.pool.contains(pfn * PAGE_SIZE) && keep(this.stock, pfn)) return true;
    return super.free(cpu, pfn, batched);
  }
}

class Stocked extends PageReferences {
  /** @param {Arena} arena @param {DesignTables} tables */
  constructor(arena, tables) {
    const stock = arena.int32(Math.floor(tables.config.slotPool.bytes / SHARE / (PAGE_SIZE << FRAG_ORDER)));
    const { all } = tables.devices;
    super(tables, () =>
      all.map(({ number }) => new StockedPages(number === 1 ? stock : stock.subarray(0, 0), tables, number)),
    );
    this.stock = stock;
  }

  /** @override @param {Cpu} cpu */
  close(cpu) {
    const pages = new BouncePages(this.tables.bouncePageParts, 1);
    for (let pfn = take(this.stock); pfn !== NO_PAGE; pfn = take(this.stock)) pages.free(cpu, pfn);
  }
}

const idea = 'bounce pages that are kept in stock when they are freed';
/** All that is not said here is as in `bounce-pages`. @type {Design} */
const row = { ...DESIGNS['bounce-pages'], idea, freeDispatch: 'typed-folio', state: (...all) => new Stocked(...all) };
export const stockedPages = addDesign('stocked-pages', row, import.meta.url);
