/**
 * Memory of Linux itself that is sent where it is: lent to the network, which gives it back through a destructor.
 * Models: MSG_SPLICE_PAGES, and buffers that come with a destructor instead of references to their pages:
 * docs/spec/tx-path.md#what-the-list-asks-of-owners. Pages of the page cache have a reference count, and being lent is
 * one reference for each page. Objects of a slab have no count that a borrower could take: several of them share a
 * page, and an object is allocated again once it is freed, whatever references its page has.
 * Threads: any, in any context.
 */
import { CopytaxError } from '../errors.js';
import { outOfRange, powerOfTwo } from '../limits.js';
import { NO_PAGE, type PageTable } from '../page/page-table.js';
import { PAGE_TYPE } from '../page/page-type.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { LOCK_WORDS, lock, unlock } from '../smp/spin-lock.js';
import { PAGE_SIZE, roundUp } from '../units.js';

/** What a range of memory can be borrowed from. */
export interface Lender {
  /** Keeps a range from being freed and overwritten until it is given back. */
  lend(phys: number, bytes: number): void;
  /** Lends what a range that is lent already grows by, up to `end`: the page or object that it ends in is lent. */
  lendMore(phys: number, bytes: number, end: number): void;
  /** The destructor: the network has no use for a range any more. Once for each `lend`, with what `lendMore` added. */
  giveBack(cpu: Cpu, phys: number, bytes: number): void;
}

/** What frees a page whose last reference is gone. */
export interface EvictedPageSource {
  free(cpu: Cpu, pfn: number): void;
}

/** Pages of files. The cache itself has one reference to each folio until it evicts it. */
export class PageCache implements Lender {
  readonly #pages: PageTable;
  readonly #source: EvictedPageSource | null;

  /** `source`: to which folios go that were evicted while they were lent. */
  constructor(pages: PageTable, source: EvictedPageSource | null = null) {
    this.#pages = pages;
    this.#source = source;
  }

  /** @throws ERR_DOUBLE_FREE for a page that nothing references, ERR_WRONG_KIND for one that has a type */
  lend(phys: number, bytes: number): void {
    const end = Math.ceil((phys + bytes) / PAGE_SIZE);
    for (let pfn = Math.floor(phys / PAGE_SIZE); pfn < end; ) {
      const head = this.#headOf(pfn);
      const next = Math.min(end, head + (1 << this.#pages.order(head)));
      this.#pages.assertUntyped(head);
      this.#pages.getMany(head, next - pfn);
      pfn = next;
    }
  }

  lendMore(phys: number, bytes: number, end: number): void {
    const next = roundUp(phys + bytes, PAGE_SIZE);
    if (end > next) this.lend(next, end - next);
  }

  giveBack(cpu: Cpu, phys: number, bytes: number): void {
    const end = Math.ceil((phys + bytes) / PAGE_SIZE);
    for (let pfn = Math.floor(phys / PAGE_SIZE); pfn < end; ) {
      const head = this.#headOf(pfn);
      const next = Math.min(end, head + (1 << this.#pages.order(head)));
      if (this.#pages.putMany(head, next - pfn) === 0) this.#source?.free(cpu, head);
      pfn = next;
    }
  }

  /** Drops the reference of the cache: the folio is freed when it is not lent, or given back for the last time. */
  evict(cpu: Cpu, pfn: number): void {
    const head = this.#headOf(pfn);
    if (this.#pages.put(head)) this.#source?.free(cpu, head);
  }

  #headOf(pfn: number): number {
    const head = this.#pages.headOf(pfn);
    return head === NO_PAGE ? pfn : head;
  }
}

/** Returned by `SlabObjects.alloc` when all objects are in use. */
export const NO_OBJECT = 0;

const LOCK = 0;
const FREE_COUNT = LOCK_WORDS;
const HEADER = LOCK_WORDS + 1;

/** Where the objects of a slab lie. */
export interface SlabArea {
  readonly firstPfn: number;
  readonly pages: number;
  /** A power of two. */
  readonly objectBytes: number;
}

/** Objects of one size. An object is free when its user has freed it and it is given back as often as it was lent. */
export class SlabObjects implements Lender {
  readonly objects: number;
  readonly #pages: PageTable;
  readonly #area: SlabArea;
  /** The lock, the number of free objects, and the free objects, the one that was freed last at the top. */
  readonly #free: Int32Array;
  /** For each object: its user, and those that it is lent to. 0: free. */
  readonly #users: Int32Array;

  /** @throws ERR_NOT_POWER_OF_TWO */
  constructor(arena: Arena, pages: PageTable, area: SlabArea) {
    powerOfTwo('objectBytes', area.objectBytes);
    this.objects = Math.floor((area.pages * PAGE_SIZE) / area.objectBytes);
    this.#pages = pages;
    this.#area = area;
    this.#free = arena.int32(HEADER + this.objects);
    this.#users = arena.int32(this.objects);
  }

  /** Gives the pages the type of slabs, and frees all objects. The pages have no type yet. */
  reset(): void {
    const { firstPfn, pages } = this.#area;
    for (let pfn = firstPfn; pfn < firstPfn + pages; pfn++) this.#pages.setType(pfn, PAGE_TYPE.slab, 0);
    this.#free.fill(0);
    this.#users.fill(0);
    for (let object = this.objects - 1; object >= 0; object--) this.#push(object);
  }

  /** Allocates all objects, before any CPU uses them. */
  allocAll(): void {
    this.#free[FREE_COUNT] = 0;
    this.#users.fill(1);
  }

  /** Allocates an object, which has one user. Returns its address, or `NO_OBJECT`. */
  alloc(cpu: Cpu): number {
    lock(cpu, this.#free, LOCK);
    const count = this.#free[FREE_COUNT]!;
    const object = count === 0 ? -1 : this.#free[HEADER + count - 1]!;
    if (count > 0) this.#free[FREE_COUNT] = count - 1;
    unlock(this.#free, LOCK);
    if (object < 0) return NO_OBJECT;
    Atomics.store(this.#users, object, 1);
    return this.#area.firstPfn * PAGE_SIZE + object * this.#area.objectBytes;
  }

  /** Frees the object at an address: its user is done with it. @throws ERR_DOUBLE_FREE when it is free */
  free(cpu: Cpu, phys: number): void {
    this.#drop(cpu, this.#objectAt(phys));
  }

  /** @throws ERR_DOUBLE_FREE when one of the objects is free, whose memory may be allocated at any time */
  lend(phys: number, bytes: number): void {
    const last = this.#objectAt(phys + bytes - 1);
    const first = this.#objectAt(phys);
    for (let object = first; object <= last; object++) {
      if (this.#users[object] === 0) throw badCount('lend', object);
    }
    for (let object = first; object <= last; object++) Atomics.add(this.#users, object, 1);
  }

  lendMore(phys: number, bytes: number, end: number): void {
    const { firstPfn, objectBytes } = this.#area;
    const next = (this.#objectAt(phys + bytes - 1) + 1) * objectBytes + firstPfn * PAGE_SIZE;
    if (end > next) this.lend(next, end - next);
  }

  giveBack(cpu: Cpu, phys: number, bytes: number): void {
    const last = this.#objectAt(phys + bytes - 1);
    for (let object = this.#objectAt(phys); object <= last; object++) this.#drop(cpu, object);
  }

  /** The user of the object at an address, if it was not freed, and those that it is lent to. */
  users(phys: number): number {
    return Atomics.load(this.#users, this.#objectAt(phys));
  }

  /** Returns the addresses of the objects that a range lies in. For checks. */
  within(phys: number, bytes: number): number[] {
    const first = this.#objectAt(phys);
    const count = this.#objectAt(phys + bytes - 1) - first + 1;
    const { firstPfn, objectBytes } = this.#area;
    return Array.from({ length: count }, (_, object) => firstPfn * PAGE_SIZE + (first + object) * objectBytes);
  }

  /** Exact when no CPU is at work. */
  get freeObjects(): number {
    return this.#free[FREE_COUNT]!;
  }

  #drop(cpu: Cpu, object: number): void {
    const before = Atomics.sub(this.#users, object, 1);
    if (before <= 0) {
      Atomics.add(this.#users, object, 1);
      throw badCount('free', object);
    }
    if (before > 1) return;
    lock(cpu, this.#free, LOCK);
    this.#push(object);
    unlock(this.#free, LOCK);
  }

  #push(object: number): void {
    const count = this.#free[FREE_COUNT]!;
    this.#free[HEADER + count] = object;
    this.#free[FREE_COUNT] = count + 1;
  }

  #objectAt(phys: number): number {
    const { firstPfn, objectBytes } = this.#area;
    const object = Math.floor((phys - firstPfn * PAGE_SIZE) / objectBytes);
    if (object >= 0 && object < this.objects) return object;
    throw outOfRange(`address ${phys} is not of this slab`);
  }
}

function badCount(verb: string, object: number): CopytaxError {
  return new CopytaxError('ERR_DOUBLE_FREE', `${verb} of slab object ${object}, which is free`, { object });
}
