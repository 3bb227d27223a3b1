/**
 * The table of transmit designs: one row each. A program adds rows of its own with `addDesign`.
 * Threads: each has a table of its own, with the same rows: threads of machines load the modules that add some.
 */
import { CopytaxError } from '../errors.js';
import type { Design } from './design.js';
import { PageReferences, slotPoolPages } from './page-references.js';

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
/** Modules that add designs: threads of machines load them. */
const modules = new Set<string>();

/**
 * Adds a row to the table of designs of this thread.
 * @param name lower-case words with hyphens, which no other design has
 * @param module URL of the module that calls this, `import.meta.url`: threads of machines import it, and it must do
 * nothing else there
 * @returns the name, as a configuration takes it
 * @throws ERR_OUT_OF_RANGE
 */
export function addDesign(name: string, design: Design, module: string): OwnDesignName {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw new CopytaxError('ERR_OUT_OF_RANGE', `a design is named by lower-case words with hyphens, not '${name}'`);
  }
  if (table.has(name)) throw new CopytaxError('ERR_OUT_OF_RANGE', `there is a design '${name}' already`, { name });
  table.set(name, design);
  (ALL_DESIGN_NAMES as DesignName[]).push(name as OwnDesignName);
  modules.add(module);
  return name as OwnDesignName;
}

/** Returns the row of a design. @throws ERR_OUT_OF_RANGE for a name that the table of this thread does not have */
export function designOf(name: string): Design {
  const design = table.get(name);
  if (design !== undefined) return design;
  const message = `there is no design '${name}', only ${ALL_DESIGN_NAMES.join(', ')}`;
  throw new CopytaxError('ERR_OUT_OF_RANGE', message, { name });
}

/** Returns the URLs of the modules that have added designs. */
export function designModules(): readonly string[] {
  return [...modules];
}

/** Imports the modules that this thread has not imported. Rejects with what fails in them. */
export async function loadDesigns(urls: readonly string[]): Promise<void> {
  for (const url of urls) if (!modules.has(url)) await import(url);
}
