/** What traces of page pools hold: docs/spec/traces.md#page-pools. */
import type { z } from 'zod';
import type { PagePoolCounter } from '../../page/pool/page-pool-counters.js';
import { later, zod } from '../../schemas.js';
import { PAGE_SIZE } from '../../units.js';
import type { ColumnFormat } from '../format/column-trace.js';

/** What stands in a place of a list: an integer; pages; text; whether; or a count of fragments, `B-n` included. */
export type Item = 'integer' | 'pages' | 'text' | 'bit' | 'count';

/** The operations with their arguments. */
export const OPERATIONS = {
  create: [
    'integer',
    'integer',
    'integer',
    'integer',
    'integer',
    'integer',
    'integer',
    'integer',
    'integer',
    'bit',
    'text',
  ],
  alloc: [],
  allocFrag: ['integer'],
  allocAny: ['integer'],
  put: ['integer', 'integer', 'bit'],
  putFull: ['integer', 'bit'],
  putUnrefed: ['integer', 'integer', 'bit'],
  recycleDirect: ['integer'],
  putBulk: ['pages'],
  fragment: ['integer', 'count'],
  unref: ['integer', 'count'],
  ref: ['integer'],
  get: ['integer'],
  drop: ['integer'],
  updateNid: ['integer'],
  nidChanged: ['integer'],
  napi: ['integer', 'integer'],
  unlink: [],
  use: [],
  destroy: [],
  retry: [],
  dump: [],
} as const satisfies Record<string, readonly Item[]>;
export type PagePoolOperation = keyof typeof OPERATIONS;

/** What a page pool asks of the world, and what it tells. */
export const EVENTS = {
  bulk: ['integer', 'integer', 'pages'],
  page: ['integer', 'integer', 'integer'],
  reserve: ['integer'],
  map: ['integer', 'integer', 'integer'],
  noindex: ['integer'],
  unmap: ['integer', 'integer'],
  sync: ['integer', 'integer'],
  put: ['integer', 'integer'],
  synchronize: [],
  detached: [],
  gone: [],
  disconnect: [],
  work: ['integer'],
  stalled: ['integer', 'integer'],
  gaveUp: ['integer'],
  violation: ['integer'],
  warn: [],
} as const satisfies Record<string, readonly Item[]>;
export type EventName = keyof typeof EVENTS;
/** An event with what it names, in the order of the table. */
export type Event = readonly [name: EventName, ...items: unknown[]];

export const STATE = [
  'cacheCount',
  'ringCount',
  'ringSpent',
  'hold',
  'release',
  'inflight',
  'fragPfn',
  'fragOffset',
  'fragUsers',
] as const;
/** The counters in the order of the traces. */
export const STATS = [
  'fast',
  'slow',
  'slowHighOrder',
  'empty',
  'refill',
  'waive',
  'cached',
  'cacheFull',
  'ring',
  'ringFull',
  'releasedRefcnt',
] as const satisfies readonly PagePoolCounter[];
const PAGE = ['pfn', 'refs', 'ppRefs', 'dma', 'pool', 'dmaIndex'] as const;

const MAX_PAGES = 2 ** 22;
const isSame = (names: readonly string[]) => (given: readonly string[]) => given.join() === names.join();
const namesAre = (names: readonly string[]) =>
  zod()
    .array(zod().string())
    .refine(isSame(names), `must be ${names.join(', ')}, which is what can be compared`);

const headerSchema = later((z) =>
  z
    .object({
      hz: z.int().positive(),
      cpus: z.int().min(1).max(1024),
      nodes: z.int().positive(),
      nodeOfCpu: z.array(z.int().nonnegative()),
      constants: z.object({
        pageSize: z.literal(PAGE_SIZE),
        cacheSize: z.int().min(1).max(4096),
        cacheRefill: z.int().positive(),
        biasMax: z.string().regex(/^\d+$/),
        fragAlign: z.int().positive(),
        pagesPerNode: z.int().positive(),
        dmaBase: z.int().nonnegative(),
      }),
      state: namesAre(STATE),
      stats: namesAre(STATS),
      page: namesAre(PAGE),
    })
    .refine(({ cpus, nodeOfCpu }) => cpus === nodeOfCpu.length, 'a CPU has no node, or a node no CPU')
    .refine(({ nodes, constants }) => nodes * constants.pagesPerNode <= MAX_PAGES, `more than ${MAX_PAGES} pages`)
    .refine(({ constants }) => constants.cacheRefill * 2 === constants.cacheSize, 'half of a cache is got at a time'),
);

export type PagePoolHeader = z.infer<ReturnType<typeof headerSchema>>;

export const PAGE_POOL_FORMAT: ColumnFormat<PagePoolHeader> = {
  format: 'page-pool-trace',
  version: 1,
  columns: {
    op: 'operation',
    cpu: 'integer',
    softirq: 'integer',
    pool: 'integer',
    jiffies: 'integer',
    args: 'list',
    result: 'any',
    events: 'list',
    pages: 'list',
    state: 'any',
    stats: 'any',
  },
  parts: { state: STATE, stats: STATS },
  operations: Object.keys(OPERATIONS),
  header: headerSchema,
};

const COUNT = /^(\d+|B-?-?\d+)$/;

/** Says what is wrong with a list whose items have to be of these kinds; null if nothing is. */
export function problemOf(items: readonly unknown[], kinds: readonly Item[]): string | null {
  if (items.length !== kinds.length) return `has ${items.length} items instead of ${kinds.length}`;
  const at = kinds.findIndex((kind, place) => !isOf(kind, items[place]));
  return at < 0 ? null : `has ${JSON.stringify(items[at])} where ${WANTED[kinds[at]!]} must be`;
}

const WANTED: Readonly<Record<Item, string>> = {
  integer: 'an exact integer',
  pages: 'a list of pages',
  text: 'text',
  bit: '0 or 1',
  count: 'a count of fragments',
};

function isOf(kind: Item, value: unknown): boolean {
  if (kind === 'integer') return Number.isSafeInteger(value);
  if (kind === 'text') return typeof value === 'string';
  if (kind === 'bit') return value === 0 || value === 1;
  if (kind === 'count') return Number.isSafeInteger(value) || (typeof value === 'string' && COUNT.test(value));
  return Array.isArray(value) && value.every((pfn) => Number.isSafeInteger(pfn));
}
