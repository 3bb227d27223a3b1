/**
 * Designs of one's own: rows that modules outside this package add to the table of designs.
 * Threads: each imports the modules, and so has the same rows.
 */
import { CopytaxError, isCopytaxError } from '../errors.js';
import { outOfRange, shown } from '../limits.js';
import { packageFolder } from '../package-facts.js';
import type { Design } from './design.js';
import { requireDesign, requireModule } from './design-shape.js';
import { insertDesign, isDesign, type OwnDesignName } from './design-table.js';

/** The designs that this thread has added, in the order of the additions. */
const own: OwnDesign[] = [];

/** A design that a module outside this package has added. */
export interface OwnDesign {
  readonly name: OwnDesignName;
  readonly design: Design;
  /** URL of the module: threads of machines import it. */
  readonly module: string;
}

/**
 * Adds a row to the table of designs of this thread. A module calls this when it is imported; machines, checks and
 * rounds then treat the row as one of this package.
 * @param name lower-case words with hyphens, which no other design has
 * @param module URL of the module that calls this, `import.meta.url`: threads of machines import it, and it must do
 * nothing else there
 * @returns the name, as a configuration takes it
 * @throws ERR_OUT_OF_RANGE for the name, ERR_DESIGN for a row that lacks something
 */
export function addDesign(name: string, design: Design, module: string): OwnDesignName {
  if (typeof name !== 'string' || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    throw outOfRange(`a design is named by lower-case words with hyphens, not ${shown(name)}`);
  }
  requireModule(name, module);
  if (isDesign(name)) {
    const message = `${fileNameOf(module)} adds a design '${name}', which there is already: choose another name`;
    throw new CopytaxError('ERR_OUT_OF_RANGE', message, { name });
  }
  requireDesign(name, design);
  const added = name as OwnDesignName;
  insertDesign(added, design);
  own.push({ name: added, design, module });
  return added;
}

/** Returns the designs that this thread has added. */
export function ownDesigns(): readonly OwnDesign[] {
  return own;
}

/** Returns the URLs of the modules that have added designs, each once. */
export function designModules(): readonly string[] {
  return [...new Set(own.map(({ module }) => module))];
}

/** Returns the name of a module's file without its folder, which reports may show; of other URLs their scheme. */
export function fileNameOf(module: string): string {
  const { protocol, pathname } = new URL(module);
  return protocol === 'file:' ? decodeURIComponent(pathname.slice(pathname.lastIndexOf('/') + 1)) : protocol;
}

/** How long the import of a module may take: one that awaits something may never end. */
const LOAD_MS = 30_000;

/**
 * Imports the modules that this thread has not imported. Rejects with ERR_DESIGN for one that cannot be imported, does
 * not end, or adds no design, and with what `addDesign` throws in it.
 */
export async function loadDesigns(urls: readonly string[], loadMs = LOAD_MS): Promise<void> {
  for (const url of urls) {
    if (designModules().includes(url)) continue;
    const before = own.length;
    await importWithin(url, loadMs);
    if (own.length > before) continue;
    const message = `${fileNameOf(url)} adds no design: it has to call addDesign of the copytax in ${packageFolder()}`;
    throw new CopytaxError('ERR_DESIGN', message, { module: url });
  }
}

async function importWithin(url: string, loadMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`its import has not ended after ${loadMs / 1000} s`)), loadMs);
  });
  try {
    await Promise.race([import(url), tooLong]);
  } catch (thrown) {
    if (isCopytaxError(thrown)) throw thrown;
    const place = placeIn(thrown, `/${escaped(fileNameOf(url))}`);
    const message = `${fileNameOf(url)} cannot be imported: ${textOf(thrown)}${place}`;
    throw new CopytaxError('ERR_DESIGN', message, { module: url }, thrown);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Returns the error to report for something that was thrown while a machine of this design was built or ran. What comes
 * from a design of one's own, and is no error of this package, becomes ERR_DESIGN with the name of the design.
 */
export function failureOfDesign(name: string, thrown: unknown): unknown {
  const added = own.find((one) => one.name === name);
  if (added === undefined || isCopytaxError(thrown)) return thrown;
  const file = fileNameOf(added.module);
  const place = placeIn(thrown, `/${escaped(file)}`) || placeIn(thrown, 'file:\\S*');
  const message = `the design '${name}' of ${file} failed: ${textOf(thrown)}${place}`;
  const error = new CopytaxError('ERR_DESIGN', message, { name }, thrown);
  if (thrown instanceof Error && thrown.stack !== undefined) error.stack = thrown.stack;
  return error;
}

/** The first line of what was thrown. */
function textOf(thrown: unknown): string {
  return String(thrown).split('\n')[0]!;
}

/**
 * Returns where the error was thrown in a file whose path ends as the pattern says: ` (at file.js:1:2)`; '' if it does
 * not say.
 */
function placeIn(thrown: unknown, ending: string): string {
  const { stack } = (thrown ?? {}) as Partial<Error>;
  const place = new RegExp(`(${ending}:\\d+(?::\\d+)?)`).exec(stack ?? '')?.[1];
  return place === undefined ? '' : ` (at ${place.slice(place.lastIndexOf('/') + 1)})`;
}

/** The text as a pattern that matches only itself. */
function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
