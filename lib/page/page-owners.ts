/**
 * Who frees pages of which type, once their last reference is gone.
 * Models: the switch on the folio's type in the last put (free_typed_folio, mm/swap.c, as it has been proposed); the
 * transmit path's specification, section 3.3. Deviation: an owner stays for as long as its machine does, so that nobody
 * has to count references to code.
 * Threads: every thread registers the same owners with a registry of its own; what has leaked is counted for all.
 */
import { CopytaxError } from '../errors.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { PAGE_TYPE, type PageKind } from './page-type.js';

export interface PageOwner {
  /**
   * `pfn` is a head whose reference count has become 0, with type and private word still set. The owner clears both
   * before anybody else can get the memory. Any CPU, any context; must not sleep.
   * @param batched one of several that are put together
   * @returns whether the owner has freed it; if not, whoever asked goes on as if it had no type
   */
  free(cpu: Cpu, pfn: number, batched: boolean): boolean;
}

const TYPES = 256;

/** Blocks whose type has no owner: nobody can free them any more, and nobody else gets their memory. */
export class LeakedBlocks {
  readonly #byType: Int32Array;

  constructor(arena: Arena) {
    this.#byType = arena.int32(TYPES);
  }

  reset(): void {
    this.#byType.fill(0);
  }

  /** True for the first one of its type. */
  add(type: number): boolean {
    return Atomics.add(this.#byType, type, 1) === 0;
  }

  of(type: number): number {
    return Atomics.load(this.#byType, type);
  }

  /** Of all types. */
  get count(): number {
    return this.#byType.reduce((sum, _, type) => sum + this.of(type), 0);
  }
}

export class PageOwners {
  readonly #byType = new Array<PageOwner | null>(TYPES).fill(null);
  readonly #leaked: LeakedBlocks;
  readonly #warn: (message: string) => void;

  /** `warn` is called once for each type that turns up without an owner, by whichever thread meets it first. */
  constructor(leaked: LeakedBlocks, warn: (message: string) => void = emitWarning) {
    this.#leaked = leaked;
    this.#warn = warn;
  }

  /** @throws ERR_TYPE_OWNED */
  register(kind: PageKind, owner: PageOwner): void {
    const type = PAGE_TYPE[kind];
    if (this.#byType[type] !== null) {
      throw new CopytaxError('ERR_TYPE_OWNED', `page type ${kind} (${hex(type)}) has an owner already`, { kind, type });
    }
    this.#byType[type] = owner;
  }

  /** What the last put does with a page of this type; as `PageOwner.free`. */
  free(cpu: Cpu, pfn: number, type: number, batched: boolean): boolean {
    const owner = this.#byType[type]!;
    if (owner !== null) return owner.free(cpu, pfn, batched);
    this.#leak(pfn, type);
    return true;
  }

  #leak(pfn: number, type: number): void {
    if (this.#leaked.add(type))
      this.#warn(`page ${pfn} of type ${hex(type)} is leaked: nobody frees pages of that type`);
  }
}

function emitWarning(message: string): void {
  process.emitWarning(message, { code: 'COPYTAX_LEAKED_PAGE' });
}

const hex = (type: number) => `0x${type.toString(16)}`;
