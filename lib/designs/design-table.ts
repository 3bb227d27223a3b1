/**
 * The table of transmit designs without their parts: one row each. What reads no parts, as help and reports, loads this
 * and not the model. Programs add rows of their own by `addDesign` of `own-designs.ts`.
 * Threads: each has a table of its own, with the same rows: threads of machines load the modules that add some.
 */
import { CopytaxError } from '../errors.js';
import { frozen } from '../frozen.js';
import type { Design } from './design.js';

/** What a design is and promises. */
export type DesignFacts = Omit<Design, 'state'>;

/** The designs of this package, whose parts are in `designs.ts`. */
export const DESIGN_FACTS = frozen({
  direct: {
    idea: 'a host whose devices reach all memory, as the lowest cost',
    forceBounce: false,
    learns: false,
    freeDispatch: 'allocator-hook',
    promises: { userCopies: 1, bounceCopies: 0, bouncesHeaders: false, holdsSlots: false },
  },
  bounce: {
    idea: 'conventional swiotlb, with a second copy under the TX lock',
    forceBounce: true,
    learns: false,
    freeDispatch: 'allocator-hook',
    promises: { userCopies: 1, bounceCopies: 1, bouncesHeaders: true, holdsSlots: false },
  },
  'bounce-pages': {
    idea: 'the 2026 patch, which allocates socket pages from the slot pool',
    forceBounce: true,
    learns: true,
    freeDispatch: 'allocator-hook',
    promises: { userCopies: 1, bounceCopies: 0, bouncesHeaders: true, holdsSlots: true },
  },
  txbuf: {
    idea: 'owner objects: one reference for all fragments of an skb, which lie in memory of the slot pool',
    forceBounce: true,
    learns: true,
    freeDispatch: 'allocator-hook',
    promises: { userCopies: 1, bounceCopies: 0, bouncesHeaders: true, holdsSlots: true },
    options: ['owners'],
  },
  'page-pool': {
    idea: 'page pools over the slot pool, for each CPU and device, whose pages stay mapped and are recycled',
    forceBounce: true,
    learns: true,
    freeDispatch: 'allocator-hook',
    options: ['pagePool'],
    promises: { userCopies: 1, bounceCopies: 0, bouncesHeaders: true, holdsSlots: true },
  },
  'msg-zerocopy': {
    idea: 'user pages that are pinned and not copied, on a host that bounces them',
    forceBounce: true,
    learns: false,
    freeDispatch: 'allocator-hook',
    promises: { userCopies: 0, bounceCopies: 1, bouncesHeaders: true, holdsSlots: false },
    options: ['userMemory', 'pins'],
  },
  splice: {
    idea: 'memory of Linux itself, lent with a destructor and not copied, on a host that bounces it',
    forceBounce: true,
    learns: false,
    freeDispatch: 'allocator-hook',
    promises: { userCopies: 0, bounceCopies: 1, bouncesHeaders: true, holdsSlots: false },
    options: ['userMemory', 'lending'],
  },
  registered: {
    idea: 'memory that is registered once and stays shared, of which nothing is copied: the floor below direct',
    forceBounce: true,
    learns: false,
    freeDispatch: 'allocator-hook',
    promises: { userCopies: 0, bounceCopies: 0, bouncesHeaders: true, holdsSlots: false },
    options: ['userMemory', 'registration'],
  },
} as const satisfies Record<BuiltInDesignName, DesignFacts>);

/** A design of this package. */
export type BuiltInDesignName =
  | 'direct'
  | 'bounce'
  | 'bounce-pages'
  | 'txbuf'
  | 'page-pool'
  | 'msg-zerocopy'
  | 'splice'
  | 'registered';
/** A design that a program has added, as `addDesign` returns its name. */
export type OwnDesignName = string & {
  /** Exists in the type only: a text is such a name once `addDesign` has returned it. */
  readonly ownDesign: true;
};
/** Name of a design: of this package, or added. */
export type DesignName = BuiltInDesignName | OwnDesignName;

/** Names of the designs of this package, in the order in which they are shown. */
export const DESIGN_NAMES = frozen(Object.keys(DESIGN_FACTS) as readonly BuiltInDesignName[]);
/**
 * Those and the ones that the calling thread has added, in the order of the additions. Each addition makes it another
 * list: read the variable when it is used.
 */
export let ALL_DESIGN_NAMES: readonly DesignName[] = DESIGN_NAMES;

const builtIn = new Map<string, DesignFacts>(Object.entries(DESIGN_FACTS));
const added = new Map<string, Design>();

/** True for a name that a design of this thread's table has. */
export function isDesign(name: string): boolean {
  return builtIn.has(name) || added.has(name);
}

/** Adds a row that was checked. Only for `addDesign`. */
export function insertDesign(name: OwnDesignName, design: Design): void {
  added.set(name, design);
  ALL_DESIGN_NAMES = frozen([...ALL_DESIGN_NAMES, name]);
}

/** Returns the row that this thread has added; undefined for a design of this package and for any other name. */
export function addedDesign(name: string): Design | undefined {
  return added.get(name);
}

/** Returns what a design is. @throws ERR_OUT_OF_RANGE for a name that the table of this thread does not have */
export function factsOf(name: string): DesignFacts {
  const facts = builtIn.get(name) ?? added.get(name);
  if (facts !== undefined) return facts;
  const message = `there is no design '${name}', only ${ALL_DESIGN_NAMES.join(', ')}`;
  throw new CopytaxError('ERR_OUT_OF_RANGE', message, { name });
}
