/**
 * Pages with reference counts, page types of one's own, and what becomes of a page at its last put: the page allocator
 * of the machine for a program that uses it by itself. There are no bytes behind the pages: a page frame number times
 * 4096 is an offset in whatever memory the program has.
 * Owner: the thread that made it.
 */
import { CopytaxError } from '../errors.js';
import { checkOptions, outOfRange, shown, within } from '../limits.js';
import { Buddy, MAX_ORDER } from '../page/buddy.js';
import { TypedFolio } from '../page/free-dispatch.js';
import { LeakedBlocks, PageOwners } from '../page/page-owners.js';
import type { PageSource } from '../page/page-source.js';
import { NO_PAGE, PageTable } from '../page/page-table.js';
import { FIRST_TYPE, MAX_OWNER, PAGE_TYPE, type PageKind } from '../page/page-type.js';
import { Arena } from '../smp/arena.js';
import { Cpu } from '../smp/cpu.js';

const MAX_PAGES = 2 ** 22;
const LAST_OWN_TYPE = Math.min(...Object.values(PAGE_TYPE)) - 1;

/** A page type that `Folios.defineType` returned: for pages of the same `Folios` only. */
export interface PageType {
  /** As it was defined, for messages. */
  readonly name: string;
  /** The top byte of a page's type word: one of `PAGE_TYPE` for a name in it, else 0x80 to 0xef. */
  readonly number: number;
}

/** What `new Folios` takes. */
export interface FoliosSpec {
  /** Pages of 4096 bytes, 1 to 2^22; their page frame numbers (`pfn`) count from 0. */
  readonly pages: number;
}

/**
 * Allocates blocks of 1 to 32 pages, counts references to them, and frees a block at its last put, unless the type of
 * its pages keeps it. A block is named by the page frame number of its first page; `get` and `put` take any page of it.
 */
export class Folios {
  readonly #cpu = Cpu.alone();
  readonly #pages: PageTable;
  readonly #source: BuddyPages;
  readonly #owners: PageOwners;
  readonly #lastPut: TypedFolio;
  readonly #types = new Map<number, PageType>();
  /** Blocks whose `onFree` is being called. */
  readonly #asked = new Set<number>();
  #nextType = FIRST_TYPE;

  /** @throws ERR_OUT_OF_RANGE, ERR_UNKNOWN_OPTION, ERR_INVALID_ARG_TYPE */
  constructor(spec: FoliosSpec) {
    checkOptions('new Folios()', spec ?? null, ['pages']);
    within('pages', spec.pages, 1, MAX_PAGES);
    const build = (arena: Arena) => {
      const pages = new PageTable(arena, spec.pages);
      return { pages, source: new BuddyPages(arena, pages), leaked: new LeakedBlocks(arena) };
    };
    const { pages, source, leaked } = build(Arena.for(build));
    pages.reset();
    source.reset();
    this.#pages = pages;
    this.#source = source;
    this.#owners = new PageOwners(leaked);
    this.#lastPut = new TypedFolio(pages, source, this.#owners);
  }

  /** Pages that can be allocated: neither referenced nor kept by their type. */
  get free(): number {
    return this.#source.freePages;
  }

  /**
   * Allocates 2^order pages side by side, aligned to their size, with one reference and no type.
   * @param order 0 to 5
   * @returns the page frame number of the first page, which may be 0; null when there are none
   * @throws ERR_OUT_OF_RANGE
   */
  alloc(order: number = 0): number | null {
    within('order', order, 0, MAX_ORDER);
    const pfn = this.#source.alloc(this.#cpu, order);
    return pfn === NO_PAGE ? null : pfn;
  }

  /**
   * Takes a reference of a block. Returns how many there are now.
   * @throws ERR_DOUBLE_FREE for a block without reference, ERR_OUT_OF_RANGE
   */
  get(pfn: number): number {
    const head = this.#referenced('get', pfn);
    this.#pages.get(head);
    return this.#pages.refs(head);
  }

  /**
   * Drops a reference of a block. At the last one `onFree` of its type is called; the block is free unless that kept
   * it.
   * @throws ERR_DOUBLE_FREE for a block without reference, ERR_OUT_OF_RANGE; what `onFree` throws, after the block was
   * freed
   */
  put(pfn: number): void {
    this.#lastPut.put(this.#cpu, this.#referenced('put', pfn));
  }

  /**
   * Makes a page type.
   * @param name of the type, for messages; one in `PAGE_TYPE`, such as `slab`, has the number of Linux
   * @param onFree called at the last put of a block of this type, with the page frame number of its first page; its
   * type and owner are still set. It returns false for the block to be freed, which clears its type, or true to keep
   * it: out of the free pages and without reference, until `reuse`. It may call this object.
   * @throws ERR_TYPE_OWNED for a name that has been defined, ERR_OUT_OF_RANGE after 112 types of one's own,
   * ERR_INVALID_ARG_TYPE
   */
  defineType(name: string, onFree: (pfn: number) => boolean): PageType {
    if (typeof name !== 'string' || name === '') throw wrongArgument('name', 'a word', name);
    if (typeof onFree !== 'function') throw wrongArgument('onFree', 'a function', onFree);
    const isDefined = [...this.#types.values()].some((other) => other.name === name);
    if (isDefined) throw new CopytaxError('ERR_TYPE_OWNED', `page type '${name}' is defined already`, { name });
    const number = Object.hasOwn(PAGE_TYPE, name) ? PAGE_TYPE[name as PageKind] : this.#ownNumber();
    this.#owners.register(number, { free: (_cpu, pfn) => this.#lastPutOf(pfn, number, onFree) });
    const type = Object.freeze({ name, number });
    this.#types.set(number, type);
    return type;
  }

  /**
   * Gives a block without a type one. The block keeps it until it is freed.
   * @param pfn the first page of the block, which is referenced
   * @param type what `defineType` of this object returned
   * @param owner any number from 0 to 2^24 - 1 that `onFree` may want to know: see `owner`
   * @throws ERR_WRONG_KIND when it has a type, ERR_INVALID_ARG_TYPE for what is no type of this object,
   * ERR_BAD_ADDRESS for a page that is not the first, ERR_DOUBLE_FREE for a block without reference, ERR_OUT_OF_RANGE
   */
  setType(pfn: number, type: PageType, owner: number = 0): void {
    const head = this.#referenced('setType', pfn);
    if (head !== pfn) throw new CopytaxError('ERR_BAD_ADDRESS', `page ${pfn} is in the block of page ${head}`, { pfn });
    if (type === null || typeof type !== 'object' || this.#types.get(type.number) !== type) {
      throw wrongArgument('type', 'what defineType() of this object returned', type);
    }
    if (this.#pages.typeOf(pfn) !== 0) {
      throw new CopytaxError('ERR_WRONG_KIND', `page ${pfn} has a type already`, { pfn, type: type.name });
    }
    within('owner', owner, 0, MAX_OWNER);
    this.#pages.setType(pfn, type.number, owner);
  }

  /** The owner that `setType` was given for this block, also while it is kept; else 0. @throws ERR_OUT_OF_RANGE */
  owner(pfn: number): number {
    const head = this.#headOf(pfn);
    return head === NO_PAGE ? 0 : this.#pages.owner(head);
  }

  /** The references of the block that this page is part of; 0 if it is free or kept. @throws ERR_OUT_OF_RANGE */
  refs(pfn: number): number {
    const head = this.#headOf(pfn);
    return head === NO_PAGE ? 0 : this.#pages.refs(head);
  }

  /**
   * Takes the first reference of a block that `onFree` has kept, which still has its type. `onFree` itself cannot do
   * this with its block.
   * @param pfn the first page of the block
   * @throws ERR_BAD_ADDRESS for what is no kept block, ERR_OUT_OF_RANGE
   */
  reuse(pfn: number): void {
    if (this.#headOf(pfn) !== pfn || this.#pages.refs(pfn) !== 0 || this.#asked.has(pfn)) {
      throw new CopytaxError('ERR_BAD_ADDRESS', `no block that its type keeps begins at page ${pfn}`, { pfn });
    }
    this.#pages.setRefs(pfn, 1);
  }

  /** Asks the type of a block whether it keeps it, and frees it if not. Returns true: the caller frees nothing. */
  #lastPutOf(pfn: number, type: number, onFree: (pfn: number) => boolean): boolean {
    let answer: unknown;
    this.#asked.add(pfn);
    try {
      answer = onFree(pfn);
    } catch (error) {
      this.#discard(pfn, type);
      throw error;
    } finally {
      this.#asked.delete(pfn);
    }
    if (answer === true) return true;
    this.#discard(pfn, type);
    if (answer !== false) throw wrongArgument('what onFree returns', 'true or false', answer);
    return true;
  }

  #discard(pfn: number, type: number): void {
    this.#pages.clearType(pfn, type);
    this.#source.free(this.#cpu, pfn);
  }

  /** The first page of a block with references. */
  #referenced(verb: string, pfn: number): number {
    const head = this.#headOf(pfn);
    if (head !== NO_PAGE && this.#pages.refs(head) > 0) return head;
    throw new CopytaxError('ERR_DOUBLE_FREE', `${verb} of page ${pfn}, to which there is no reference`, { pfn });
  }

  #headOf(pfn: number): number {
    within('pfn', pfn, 0, this.#pages.pages - 1);
    return this.#pages.headOf(pfn);
  }

  #ownNumber(): number {
    if (this.#nextType > LAST_OWN_TYPE) throw outOfRange(`no number is left for another page type`);
    return this.#nextType++;
  }
}

/** Blocks of all orders from the lists of a zone, without lists in front of them: what is free can be allocated. */
class BuddyPages implements PageSource {
  readonly #pages: PageTable;
  readonly #buddy: Buddy;
  readonly #block = new Int32Array(1);

  constructor(arena: Arena, pages: PageTable) {
    this.#pages = pages;
    this.#buddy = new Buddy(arena, 0, pages.pages);
  }

  reset(): void {
    this.#buddy.reset();
  }

  get freePages(): number {
    return this.#buddy.freePages;
  }

  alloc(cpu: Cpu, order: number): number {
    if (this.#buddy.allocBulk(cpu, order, this.#block, 0, 1) === 0) return NO_PAGE;
    this.#pages.compound(this.#block[0]!, order);
    return this.#block[0]!;
  }

  free(cpu: Cpu, pfn: number): void {
    const order = this.#pages.split(pfn);
    this.#block[0] = pfn;
    this.#buddy.freeBulk(cpu, order, this.#block, 0, 1);
  }
}

function wrongArgument(name: string, wanted: string, value: unknown): CopytaxError {
  return new CopytaxError('ERR_INVALID_ARG_TYPE', `${name} must be ${wanted}, not ${shown(value)}`, { name });
}
