/**
 * The vocabulary of oracle traces: what an operation asks of a slot allocator, and what Linux's own returned. Names are
 * short because they stand in files; docs/spec/traces.md#operations describes them at length. The check of inputs, the
 * scanner and the comparison are derived from the tables; the types are in `operation-types.ts`, and tables that say
 * something else do not compile.
 */
import type { Answer, OperationFields, OperationInputs, OperationKind, Snapshot } from './operation-types.js';

export type * from './operation-types.js';

/** Inputs of operations: integers, except `k` of a sync. */
export const INPUTS = {
  id: 'number by which later operations name the mapping or block',
  d: 'device, by its place in the header',
  c: 'CPU that makes the call',
  a: 'physical address: the original of a map, or the address to look up',
  s: 'size in bytes of a mapping, or of pages',
  k: "alignment mask of a map; 'c' or 'd' of a sync: for the CPU, for the device",
  dir: 'direction of the mapping, enum dma_data_direction',
  at: 'attributes; none when absent',
  v: '1: through swiotlb_map, which refuses a bounce address out of reach of the device',
  off: 'first byte of a sync, relative to the mapping',
  n: 'length of a sync in bytes',
  ord: 'order of the pages',
} as const satisfies Readonly<Record<keyof OperationFields, string>>;

/** Results that are integers. One that is absent did not happen. */
export const RESULTS = {
  e: '1: refused',
  p: 'ordinal of the slot pool; -1: none',
  t: 'offset of the returned address in the slot pool',
  ps: 'padding slots before the data slot',
  as: 'bytes that the data slot records',
  op: 'ordinal of the slot pool in which a refused mapping had been copied',
  w: '1: background work was wanted after the call',
  nf: 'slots given back',
  r: '1: pages were freed',
  ran: '1: the background work ran',
} as const satisfies Readonly<Record<Exclude<keyof Answer, keyof typeof DETAILS>, string>>;

/** Results that are lists, records or text. */
export const DETAILS = {
  wr: 'warnings, a letter each',
  cp: 'copies; 1: a single one, of the whole mapping in its natural direction',
  np: 'slot pool that became visible',
  fp: 'ordinals of slot pools that were freed',
  pg: 'blocks that were asked of the page allocator, with what it returned: an input of the replay',
} as const satisfies Readonly<Partial<Record<keyof Answer, string>>>;

/** Integers of a snapshot. */
export const COUNTERS = {
  used: 'slots in use',
  hi: 'high water mark of it',
  tr: 'slots of transient pools',
  ns: 'slots of listed slot pools',
} as const satisfies Readonly<Record<Exclude<keyof Snapshot, keyof typeof LISTS>, string>>;

/** Lists of a snapshot. */
export const LISTS = {
  pools: 'listed slot pools, with hashes over their slots',
  dp: 'ordinals of transient pools, for each device',
  uses: '1: the device has been given slots at some time, for each device',
} as const satisfies Readonly<Partial<Record<keyof Snapshot, string>>>;

/** Kinds of operations, by the letter in field `o`, with the inputs that each must have. */
export const KINDS = {
  m: { means: 'map', inputs: ['id', 'd', 'c', 'a', 's', 'k', 'dir'] },
  u: { means: 'unmap', inputs: ['id'] },
  s: { means: 'sync', inputs: ['id', 'off', 'n'] },
  z: { means: 'take slots without an original', inputs: ['id', 'd', 'c', 'ord'] },
  y: { means: 'give back what a z took', inputs: ['id'] },
  a: { means: 'allocate pages of a restricted slot pool', inputs: ['id', 'd', 'c', 's'] },
  f: { means: 'free what an a allocated', inputs: ['id'] },
  p: { means: 'find the slot pool of an address', inputs: ['d', 'a'] },
  w: { means: 'run the background work if it is wanted', inputs: [] },
  h: { means: 'reset the high water mark', inputs: [] },
  q: { means: 'snapshot', inputs: [] },
} as const satisfies { readonly [Kind in OperationKind]: { means: string; inputs: OperationInputs[Kind] } };

/** Lists the names of a table with their types. */
export function namesOf<Name extends string>(fields: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(fields) as Name[];
}
