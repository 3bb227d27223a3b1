/** Knobs that only some designs use; `knobs.ts` has the groups in its table. */
import { MAX_BUFFERS } from '../../model-limits.js';
import { MAX_RING } from '../../page/pool/page-pool-parameters.js';
import { PAGE_SIZE } from '../../units.js';
import { LENDERS } from './choices.js';
import { choice, count, flag, type Knob, size } from './knob.js';

/** The memory of users where it is sent without a copy. */
export const USER_MEMORY = {
  pageBytes: size([PAGE_SIZE, 1 << 18], PAGE_SIZE, {
    isPowerOfTwo: true,
    label: 'user pages',
    help: 'size of the folios that user buffers consist of where they are not copied: a fragment lies in one of them',
  }),
} as const satisfies Readonly<Record<string, Knob>>;

/** Pinned memory of users. */
export const PINS = {
  limitBytes: size([0, 2 ** 31], 8 << 20, {
    label: 'pin limit',
    help: 'bytes that a socket may have pinned (RLIMIT_MEMLOCK); a send beyond is copied after all',
  }),
} as const satisfies Readonly<Record<string, Knob>>;

/** Memory that Linux lends to the network. */
export const LENDING = {
  lender: choice(LENDERS, 'page-cache', {
    label: 'lender',
    help: 'what the memory is that is sent by splice: pages of the page cache, or objects of a slab',
  }),
} as const satisfies Readonly<Record<string, Knob>>;

/** Memory that is registered with the devices. */
export const REGISTRATION = {
  /** Its first bytes are the buffers of all senders. It has to stay open until the machine has drained. */
  regionId: count([0, 2 ** 31 - 1], 0, {
    label: 'user region',
    help: 'id of a region beside the memory of the machine that users send from; 0: they send from that memory',
  }),
} as const satisfies Readonly<Record<string, Knob>>;

/** Owner objects that are filled. */
export const OWNERS = {
  buffers: count([1, MAX_BUFFERS], 4, {
    label: 'owner buffers',
    help: 'buffers of an owner object, and blocks of the slot pool that it takes at a time',
  }),
  freesEarly: flag(true, {
    label: 'frees early',
    help: 'an owner object frees whole buffers when all that lies in them is acknowledged (hardened only)',
  }),
} as const satisfies Readonly<Record<string, Knob>>;

/** Page pools over bounce memory. */
export const PAGE_POOL = {
  ringSlots: count([0, MAX_RING], 0, {
    label: 'return ring',
    help: 'slots of the return ring of each page pool; 0: as the flavour has it, at most 1024',
  }),
  cachePages: count([0, 4096], 0, {
    label: 'page cache',
    help: 'blocks in the allocation cache of each page pool; 0: as the flavour has it, at most 128',
  }),
} as const satisfies Readonly<Record<string, Knob>>;
