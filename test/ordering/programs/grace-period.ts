/**
 * A program for obligation O7 (docs/spec/tx-path.md#o7-removal-waits-for-a-grace-period): a transient pool is unlinked
 * from a list that other threads walk without a lock, and its memory is reused. Readers announce the epoch in which
 * they begin; the remover begins another epoch after unlinking and waits until no reader is in the old one. Every
 * order, fence and sequence is data, so that each can be broken.
 */

import {
  type FenceOrder,
  fence,
  fetchAdd,
  load,
  loadUntil,
  lock,
  type Order,
  type Program,
  type Steps,
  store,
  unlock,
} from '../model/program.js';
import { GARBAGE, NO_POOL, nextOf, startOf } from './hand-over.js';

export interface Grace {
  /** R: loads the epoch, announces it, fences, walks, leaves. */
  readonly epoch: Order;
  readonly enter: Order;
  readonly readerFence: FenceOrder | 'none';
  readonly walk: Order;
  readonly leave: Order;
  /** M: unlinks, fences, begins an epoch, waits, reuses. */
  readonly unlink: Order;
  readonly removerFence: FenceOrder | 'none';
  readonly advance: Order;
  readonly wait: Order;
  readonly sequence: 'unlink, wait, reuse' | 'wait, unlink, reuse' | 'unlink, reuse';
  /** True if pools are unlinked under a lock. */
  readonly isLocked: boolean;
}

/** The weakest orders that C++ allows. */
export const FENCES: Grace = {
  epoch: 'relaxed',
  enter: 'release',
  readerFence: 'seq_cst',
  walk: 'acquire',
  leave: 'release',
  unlink: 'release',
  removerFence: 'seq_cst',
  advance: 'relaxed',
  wait: 'acquire',
  sequence: 'unlink, wait, reuse',
  isLocked: true,
};

/** JavaScript: every `Atomics` access is seq_cst, and there is no fence. */
export const ATOMICS: Grace = {
  ...FENCES,
  epoch: 'seq_cst',
  enter: 'seq_cst',
  readerFence: 'none',
  walk: 'seq_cst',
  leave: 'seq_cst',
  unlink: 'seq_cst',
  removerFence: 'none',
  advance: 'seq_cst',
  wait: 'seq_cst',
};

const HEAD = 'head of the device';
const LOCK = 'lock of the device';
const EPOCH = 'epoch';
const READER = "reader's epoch";
const QUIET = 0;
/** The last pool of the list, which stays. */
const KEPT = 3;
const addressIn = (pool: number) => 100 * pool;

/** Memory with the complete pools `first` to 3 on a list. */
function listFrom(first: number): Record<string, number> {
  const pools = Array.from({ length: KEPT - first + 1 }, (_, position) => first + position);
  return {
    [HEAD]: first,
    [EPOCH]: 1,
    ...Object.fromEntries(pools.map((pool) => [startOf(pool), addressIn(pool)])),
    ...Object.fromEntries(pools.map((pool) => [nextOf(pool), pool === KEPT ? NO_POOL : pool + 1])),
  };
}

/** M removes the first of two pools while R looks for an address in the second, `walks` times. */
export const removal = (grace: Grace, walks: number): Program => ({
  initially: listFrom(2),
  threads: {
    M: () => remove(grace, 2),
    *R() {
      for (let walk = 1; walk < walks; walk++) {
        const found = yield* find(grace, addressIn(KEPT));
        if (found !== `in pool ${KEPT}`) return found;
      }
      return yield* find(grace, addressIn(KEPT));
    },
  },
});

/** M removes the first of three pools and N the second, while R looks for an address in the last. */
export const removals = (grace: Grace): Program => ({
  initially: listFrom(1),
  threads: { M: () => remove(grace, 1), N: () => remove(grace, 2), R: () => find(grace, addressIn(KEPT)) },
});

function* remove(grace: Grace, pool: number): Steps<void> {
  const steps = {
    unlink: () => unlink(grace, pool),
    wait: () => waitForReaders(grace),
    *reuse(): Steps<void> {
      yield store(startOf(pool), GARBAGE, 'plain');
    },
  };
  for (const name of grace.sequence.split(', ')) yield* steps[name as keyof typeof steps]();
}

/** Words that the lock protects are read plainly. */
function* unlink({ isLocked, unlink }: Grace, pool: number): Steps<void> {
  if (isLocked) yield lock(LOCK);
  let link = HEAD;
  for (let at = yield load(link, 'plain'); at !== pool; at = yield load(link, 'plain')) {
    if (at === NO_POOL) throw new RangeError('a pool that is not on the list');
    link = nextOf(at);
  }
  yield store(link, yield load(nextOf(pool), 'plain'), unlink);
  if (isLocked) yield unlock(LOCK);
}

function* waitForReaders({ removerFence, advance, wait }: Grace): Steps<void> {
  if (removerFence !== 'none') yield fence(removerFence);
  const old = yield fetchAdd(EPOCH, 1, advance);
  yield loadUntil(READER, wait, (epoch) => epoch === QUIET || epoch > old);
}

function* find({ epoch, enter, readerFence, walk, leave }: Grace, address: number): Steps<string> {
  yield store(READER, yield load(EPOCH, epoch), enter);
  if (readerFence !== 'none') yield fence(readerFence);
  let found = 'in no pool';
  for (let pool = yield load(HEAD, walk); pool !== NO_POOL; pool = yield load(nextOf(pool), walk)) {
    const start = yield load(startOf(pool), 'plain');
    if (start === GARBAGE) found = 'garbage';
    if (start === address) found = `in pool ${pool}`;
    if (found !== 'in no pool') break;
  }
  yield store(READER, QUIET, leave);
  return found;
}
