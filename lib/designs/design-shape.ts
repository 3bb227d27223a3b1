/**
 * Checks that what a program calls a design has what machines need of one, so that a mistake is named where it was made
 * and not in the middle of a trial.
 */
import type { SharedMemory } from '../dma/shared-memory.js';
import { CopytaxError } from '../errors.js';
import { shown, suggestion } from '../limits.js';
import type { PageFrag } from '../page/page-frag.js';
import { DESIGN_OPTIONS, type Design, type DesignParts, type DesignState, FREE_DISPATCHES } from './design.js';

type Kind = 'string' | 'boolean' | 'number' | 'object' | 'function';
/** The kinds of members that an interface requires. */
type Shape<Of> = { readonly [Key in keyof Of]?: Kind };

const DESIGN = {
  idea: 'string',
  forceBounce: 'boolean',
  learns: 'boolean',
  freeDispatch: 'string',
  promises: 'object',
  state: 'function',
} as const satisfies Shape<Design>;

/** Members that a row may lack. */
const OPTIONAL = ['options'] as const satisfies readonly (keyof Design)[];

const PROMISES = {
  userCopies: 'number',
  bounceCopies: 'number',
  bouncesHeaders: 'boolean',
  holdsSlots: 'boolean',
} as const satisfies Shape<Design['promises']>;

const STATE = {
  reset: 'function',
  partsOf: 'function',
  sharedMemory: 'function',
  blocks: 'function',
  pageReferences: 'function',
  deviceReferences: 'function',
  close: 'function',
} as const satisfies Shape<DesignState>;

const PARTS = { filler: 'object', lifetime: 'object', pageFrag: 'function' } as const satisfies Shape<DesignParts>;
const FILLER = { fill: 'function', endSend: 'function' } as const satisfies Shape<DesignParts['filler']>;
const LIFETIME = {
  accepts: 'function',
  acquire: 'function',
  share: 'function',
  split: 'function',
  release: 'function',
} as const satisfies Shape<DesignParts['lifetime']>;
const PAGE_FRAG = {
  pfn: 'number',
  offset: 'number',
  size: 'number',
  pieces: 'number',
  refill: 'function',
  dropUnlessOf: 'function',
  drop: 'function',
} as const satisfies Shape<PageFrag>;
const SHARED_MEMORY = { sharing: 'function', holds: 'function' } as const satisfies Shape<SharedMemory>;

function wrong(name: string, message: string): CopytaxError {
  return new CopytaxError('ERR_DESIGN', `the design '${name}': ${message}`, { name });
}

/** @throws ERR_DESIGN that names the first member that is missing or of another kind */
function requireShape(name: string, what: string, value: unknown, shape: Readonly<Record<string, Kind>>): void {
  if (typeof value !== 'object' || value === null) throw wrong(name, `${what} must be an object, not ${shown(value)}`);
  for (const [key, kind] of Object.entries(shape)) {
    const member = (value as Record<string, unknown>)[key];
    if (typeof member === kind && member !== null) continue;
    const article = kind === 'object' ? 'an' : 'a';
    throw wrong(name, `${key} of ${what} must be ${article} ${kind}, not ${shown(member)}`);
  }
}

/** @throws ERR_DESIGN that names the first member that nothing reads */
function refuseOthers(name: string, what: string, value: object, known: readonly string[]): void {
  const strange = Object.keys(value).find((key) => !known.includes(key));
  if (strange === undefined) return;
  const hint = `${suggestion(strange, known) || '.'} It has ${known.join(', ')}`;
  throw wrong(name, `${strange} is no member of ${what}${hint}`);
}

/** Refuses a row without what `Design` requires, and one with more. @throws ERR_DESIGN */
export function requireDesign(name: string, design: Design): void {
  requireShape(name, 'the row', design, DESIGN);
  refuseOthers(name, 'the row', design, [...Object.keys(DESIGN), ...OPTIONAL]);
  if (design.idea.trim() === '') throw wrong(name, 'idea of the row must say what the design is');
  if (!FREE_DISPATCHES.includes(design.freeDispatch)) {
    throw wrong(name, `freeDispatch of the row must be ${FREE_DISPATCHES.join(' or ')}, not '${design.freeDispatch}'`);
  }
  requireOptions(name, design.options);
  requireShape(name, 'promises', design.promises, PROMISES);
  refuseOthers(name, 'promises', design.promises, Object.keys(PROMISES));
  for (const key of ['userCopies', 'bounceCopies'] as const) {
    const copies: number = design.promises[key];
    if (copies !== 0 && copies !== 1) throw wrong(name, `${key} of promises must be 0 or 1, not ${shown(copies)}`);
  }
}

/** Refuses options that other designs read, too: these designs would lose them. @throws ERR_DESIGN */
function requireOptions(name: string, options: unknown): void {
  if (options === undefined) return;
  if (!Array.isArray(options)) throw wrong(name, `options of the row must be a list of names, not ${shown(options)}`);
  for (const option of options as readonly unknown[]) {
    if ((DESIGN_OPTIONS as readonly unknown[]).includes(option)) continue;
    const hint = typeof option === 'string' ? suggestion(option, DESIGN_OPTIONS) : '';
    throw wrong(name, `options of the row may name ${DESIGN_OPTIONS.join(', ')}, not ${shown(option)}${hint}`);
  }
}

/** Refuses a third argument of `addDesign` that threads cannot import. @throws ERR_DESIGN */
export function requireModule(name: string, module: string): void {
  if (typeof module === 'string' && URL.canParse(module)) return;
  throw wrong(name, `the third argument of addDesign must be import.meta.url of its module, not ${shown(module)}`);
}

/** Returns a state that has what `DesignState` requires. @throws ERR_DESIGN */
export function requireState(name: string, state: DesignState): DesignState {
  requireShape(name, 'what state() returns', state, STATE);
  return state;
}

/** Returns parts that have what `DesignParts` requires. @throws ERR_DESIGN */
export function requireParts(name: string, parts: DesignParts): DesignParts {
  requireShape(name, 'what partsOf() returns', parts, PARTS);
  requireShape(name, 'filler', parts.filler, FILLER);
  requireShape(name, 'lifetime', parts.lifetime, LIFETIME);
  return parts;
}

/** Returns a page fragment that has what tasks use. @throws ERR_DESIGN */
export function requirePageFrag(name: string, pageFrag: PageFrag): PageFrag {
  requireShape(name, 'what pageFrag() returns', pageFrag, PAGE_FRAG);
  return pageFrag;
}

/** Returns memory that has what `SharedMemory` requires. @throws ERR_DESIGN */
export function requireSharedMemory(name: string, memory: SharedMemory): SharedMemory {
  requireShape(name, 'what sharedMemory() returns', memory, SHARED_MEMORY);
  return memory;
}
