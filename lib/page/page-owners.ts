/**
 * The owners of page types, which free pages of their type once the last reference is gone.
 * Models: the switch on the folio's type in the last put (free_typed_folio, mm/swap.c, as proposed):
 * docs/spec/tx-path.md#owners-of-page-types. Deviation: an owner stays as long as its machine, so references to its
 * code need not be counted.
 * Threads: every thread registers the same owners with a registry of its own; leaked pages are counted for all threads.
 */
import { CopytaxError } from '../errors.js';
import { oneOf, within } from '../limits.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { FIRST_TYPE, LAST_TYPE, PAGE_TYPE, type PageKind } from './page-type.js';

/** What frees the pages of a type. */
export interface PageOwner {
  /**
   * Frees a head page whose reference count has become 0, with type and private word still set. The owner clears both
   * before the memory can be allocated again. Any CPU, any context; must not sleep.
   * @param batched true for one of several pages that are put together
   * @returns true if the owner has freed it; if not, the caller frees it as if it had no type
   */
  free(cpu: Cpu, pfn: number, batched: boolean): boolean;
}

const TYPES = 256;
const KINDS = Object.keys(PAGE_TYPE) as PageKind[];

/** Blocks whose type has no owner: they cannot be freed any more, and their memory is not allocated again. */
export class LeakedBlocks {
  readonly #byType: Int32Array;

  constructor(arena: Arena) {
    this.#byType = arena.int32(TYPES);
  }

  /** Sets all counts to 0. One thread, before any other counts. */
  reset(): void {
    this.#byType.fill(0);
  }

  /** Counts a leaked block. True for the first one of its type. */
  add(type: number): boolean {
    return Atomics.add(this.#byType, type, 1) === 0;
  }

  /** Blocks of one type. */
  of(type: number): number {
    return Atomics.load(this.#byType, type);
  }

  /** Blocks of all types. */
  get count(): number {
    return this.#byType.reduce((sum, _, type) => sum + this.of(type), 0);
  }
}

/** The owner of each page type. Owner: one thread; each registers its own. */
export class PageOwners {
  readonly #byType = new Array<PageOwner | null>(TYPES).fill(null);
  readonly #leaked: LeakedBlocks;
  readonly #warn: (message: string) => void;

  /** `warn` is called once for each type that has no owner, by the thread that meets it first. */
  constructor(leaked: LeakedBlocks, warn: (message: string) => void = emitWarning) {
    this.#leaked = leaked;
    this.#warn = warn;
  }

  /**
   * Makes `owner` the owner of a page type.
   * @param kind a name of `PAGE_TYPE`, or the number of another type, from 0x80 to 0xfe
   * @throws ERR_TYPE_OWNED when it has one, ERR_OUT_OF_RANGE for a type that is none
   */
  register(kind: PageKind | number, owner: PageOwner): void {
    const type = numberOf(kind);
    if (this.#byType[type] !== null) {
      const name = typeof kind === 'number' ? hex(type) : `${kind} (${hex(type)})`;
      throw new CopytaxError('ERR_TYPE_OWNED', `page type ${name} has an owner already`, { kind, type });
    }
    this.#byType[type] = owner;
  }

  /** Frees a page of this type at its last put; as `PageOwner.free`. */
  free(cpu: Cpu, pfn: number, type: number, batched: boolean): boolean {
    const owner = this.#byType[type]!;
    if (owner !== null) return owner.free(cpu, pfn, batched);
    this.#leak(pfn, type);
    return true;
  }

  #leak(pfn: number, type: number): void {
    if (this.#leaked.add(type))
      this.#warn(`page ${pfn} of type ${hex(type)} is leaked: no owner of that page type is registered`);
  }
}

function numberOf(kind: PageKind | number): number {
  if (typeof kind !== 'number') return PAGE_TYPE[oneOf('page type', kind, KINDS)];
  within('page type', kind, FIRST_TYPE, LAST_TYPE);
  return kind;
}

function emitWarning(message: string): void {
  process.emitWarning(message, { code: 'COPYTAX_LEAKED_PAGE' });
}

const hex = (type: number) => `0x${type.toString(16)}`;
