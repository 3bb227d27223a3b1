/**
 * The table of transmit designs: one row each. Programs add rows of their own by `addDesign` of `own-designs.ts`.
 * Threads: each has a table of its own, with the same rows: threads of machines load the modules that add some.
 */
import { CopytaxError } from '../errors.js';
import type { Design } from './design.js';
import { MsgZeroCopy } from './msg-zerocopy.js';
import { OwnedBuffers } from './owned-buffers.js';
import { PagePools } from './page-pools.js';
import { PageReferences, slotPoolPages } from './page-references.js';
import { Registered } from './registered.js';
import { spliceState } from './splice.js';

const ROWS = {
  direct: {
    idea: 'a host whose devices reach all memory, as the lowest cost',
    forceBounce: false,
    learns: false,
    freeDispatch: 'allocator-hook',
    promises: { userCopies: 1, bounceCopies: 0, bouncesHeaders: false, holdsSlots: false },
    state: (_arena, tables) => new PageReferences(tables),
  },
  bounce: {
    idea: 'conventional swiotlb, with a second copy under the TX lock',
    forceBounce: true,
    learns: false,
    freeDispatch: 'allocator-hook',
    promises: { userCopies: 1, bounceCopies: 1, bouncesHeaders: true, holdsSlots: false },
    state: (_arena, tables) => new PageReferences(tables),
  },
  'bounce-pages': {
    idea: 'the 2026 patch, which allocates socket pages from the slot pool',
    forceBounce: true,
    learns: true,
    freeDispatch: 'allocator-hook',
    promises: { userCopies: 1, bounceCopies: 0, bouncesHeaders: true, holdsSlots: true },
    state: (_arena, tables) => new PageReferences(tables, slotPoolPages),
  },
  txbuf: {
    idea: 'owner objects: one reference for all fragments of an skb, which lie in memory of the slot pool',
    forceBounce: true,
    learns: true,
    freeDispatch: 'allocator-hook',
    promises: { userCopies: 1, bounceCopies: 0, bouncesHeaders: true, holdsSlots: true },
    options: ['owners'],
    state: (arena, tables) => new OwnedBuffers(arena, tables),
  },
  'page-pool': {
    idea: 'page pools over the slot pool, for each CPU and device, whose pages stay mapped and are recycled',
    forceBounce: true,
    learns: true,
    freeDispatch: 'allocator-hook',
    options: ['pagePool'],
    promises: { userCopies: 1, bounceCopies: 0, bouncesHeaders: true, holdsSlots: true },
    state: (arena, tables) => new PagePools(arena, tables),
  },
  'msg-zerocopy': {
    idea: 'user pages that are pinned and not copied, on a host that bounces them',
    forceBounce: true,
    learns: false,
    freeDispatch: 'allocator-hook',
    promises: { userCopies: 0, bounceCopies: 1, bouncesHeaders: true, holdsSlots: false },
    options: ['userMemory', 'pins'],
    state: (arena, tables) => new MsgZeroCopy(arena, tables),
  },
  splice: {
    idea: 'memory of Linux itself, lent with a destructor and not copied, on a host that bounces it',
    forceBounce: true,
    learns: false,
    freeDispatch: 'allocator-hook',
    promises: { userCopies: 0, bounceCopies: 1, bouncesHeaders: true, holdsSlots: false },
    options: ['userMemory', 'lending'],
    state: spliceState,
  },
  registered: {
    idea: 'memory that is registered once and stays shared, of which nothing is copied: the floor below direct',
    forceBounce: true,
    learns: false,
    freeDispatch: 'allocator-hook',
    promises: { userCopies: 0, bounceCopies: 0, bouncesHeaders: true, holdsSlots: false },
    options: ['userMemory', 'registration'],
    state: (arena, tables) => new Registered(arena, tables),
  },
} as const satisfies Record<string, Design>;

/** A design of this package. */
export type BuiltInDesignName = keyof typeof ROWS;
/** A design that a program has added, as `addDesign` returns its name. */
export type OwnDesignName = string & { readonly ownDesign: true };
export type DesignName = BuiltInDesignName | OwnDesignName;

/** The designs of this package. */
export const DESIGNS: Readonly<Record<BuiltInDesignName, Design>> = ROWS;
export const DESIGN_NAMES = Object.keys(ROWS) as readonly BuiltInDesignName[];
/** Those and the ones that the calling thread has added, in the order of the additions. */
export const ALL_DESIGN_NAMES: readonly DesignName[] = [...DESIGN_NAMES];

const table = new Map<string, Design>(Object.entries(ROWS));
/** True for a name that a design of this thread's table has. */
export function isDesign(name: string): boolean {
  return table.has(name);
}

/** Adds a row that was checked. Only for `addDesign`. */
export function insertDesign(name: OwnDesignName, design: Design): void {
  table.set(name, design);
  (ALL_DESIGN_NAMES as DesignName[]).push(name);
}

/** Returns the row of a design. @throws ERR_OUT_OF_RANGE for a name that the table of this thread does not have */
export function designOf(name: string): Design {
  const design = table.get(name);
  if (design !== undefined) return design;
  const message = `there is no design '${name}', only ${ALL_DESIGN_NAMES.join(', ')}`;
  throw new CopytaxError('ERR_OUT_OF_RANGE', message, { name });
}
