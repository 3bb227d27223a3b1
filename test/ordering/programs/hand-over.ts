/**
 * How a bounce address gets from the CPU that mapped it (M) to one that asks what it is (U). M stores a sticky flag,
 * fences, and stores the address; U loads the address, fences, loads the flag, and walks along a list of slot pools.
 * Every order, fence and sequence that the obligations name is data, so that each can be broken.
 * See docs/spec/tx-path.md#ordering-obligations.
 */
import { type FenceOrder, fence, load, type Order, type Steps, store } from '../model/program.js';

export interface HandOver {
  /** O1: the store that links a complete pool. */
  readonly publish: Order;
  /** O2: M's loads along the list. */
  readonly find: Order;
  /** O3: M's stores of the flag and the address, the fence, and their sequence. */
  readonly mark: Order;
  readonly mapFence: FenceOrder | 'none';
  readonly give: Order;
  readonly mapOrder: 'flag, fence, address' | 'address, fence, flag' | 'fence, flag, address';
  /** O4: U's loads of the address, the flag and the list, the fence, and their sequence. */
  readonly take: Order;
  readonly lookFence: FenceOrder | 'none';
  readonly isMarked: Order;
  readonly walk: Order;
  readonly lookOrder: 'address, fence, flag' | 'flag, fence, address' | 'fence, address, flag';
  /** If set, the word that hands the address over, as the index of a ring does for its descriptors. */
  readonly doorbell?: Order;
}

/** The orders of Linux: a full fence in M. */
export const LINUX: HandOver = {
  publish: 'release',
  find: 'acquire',
  mark: 'relaxed',
  mapFence: 'seq_cst',
  give: 'relaxed',
  mapOrder: 'flag, fence, address',
  take: 'relaxed',
  lookFence: 'acquire',
  isMarked: 'relaxed',
  walk: 'acquire',
  lookOrder: 'address, fence, flag',
};

/** The weakest orders that C++ allows. */
export const MINIMUM: HandOver = { ...LINUX, mapFence: 'release' };

/** Without fences: ordered operations on the address instead, as for a sanitizer that does not know fences. */
export const OPERATIONS: HandOver = {
  ...LINUX,
  mapFence: 'none',
  give: 'release',
  lookFence: 'none',
  take: 'acquire',
};

/** The orders of JavaScript: `Atomics` accesses are seq_cst, there is no fence, and all other accesses are plain. */
export const JAVASCRIPT: HandOver = {
  ...LINUX,
  publish: 'seq_cst',
  find: 'seq_cst',
  mark: 'seq_cst',
  mapFence: 'none',
  give: 'seq_cst',
  take: 'seq_cst',
  lookFence: 'none',
  isMarked: 'seq_cst',
  walk: 'seq_cst',
};

/** JavaScript with the address in a plain word of a descriptor, published by an `Atomics` store of the ring's index. */
export const JAVASCRIPT_RING: HandOver = { ...JAVASCRIPT, give: 'plain', take: 'plain', doorbell: 'seq_cst' };

/** Names are for tests. */
export const IN_C: [string, HandOver][] = [
  ['the full fence of Linux', LINUX],
  ['the weakest fences', MINIMUM],
];
export const IN_JAVASCRIPT: [string, HandOver][] = [
  ['Atomics', JAVASCRIPT],
  ['Atomics and a ring', JAVASCRIPT_RING],
];

export const NO_POOL = 0;
/** The contents of memory before a pool is made there, and after it was reused. */
export const GARBAGE = -1;
const NO_ADDRESS = 0;

/** The locations of a pool's fields: the addresses from `start` to `end`, and the next pool on its list. */
export const startOf = (pool: number): string => `start of pool ${pool}`;
export const endOf = (pool: number): string => `end of pool ${pool}`;
export const nextOf = (pool: number): string => `next of pool ${pool}`;

/** Memory of pools that are not made yet. */
export const unmade = (...pools: number[]): Record<string, number> =>
  Object.fromEntries(pools.flatMap((pool) => [startOf, endOf, nextOf].map((of) => [of(pool), GARBAGE])));

/** The steps of M once it has a bounce address. `to` is the word in which the driver keeps it. */
export function* handOver(protocol: HandOver, address: number, to: string): Steps<void> {
  const steps = {
    *flag(): Steps<void> {
      yield store('flag', 1, protocol.mark);
    },
    *fence(): Steps<void> {
      if (protocol.mapFence !== 'none') yield fence(protocol.mapFence);
    },
    *address(): Steps<void> {
      yield store(to, address, protocol.give);
      if (protocol.doorbell !== undefined) yield store(`doorbell of ${to}`, 1, protocol.doorbell);
    },
  };
  for (const step of inOrder(steps, protocol.mapOrder)) yield* step();
}

/**
 * The steps of U: finds out whether the word `from` of the driver holds a bounce address, and in which pool of the list
 * at `head`. It loads the flag before it knows whether there is an address yet, as it would for one that needs no
 * bouncing.
 */
export function* lookUp(protocol: HandOver, from: string, head: string): Steps<string> {
  let [address, flag] = [NO_ADDRESS, 0];
  const steps = {
    *address(): Steps<void> {
      if (protocol.doorbell !== undefined && (yield load(`doorbell of ${from}`, protocol.doorbell)) === 0) return;
      address = yield load(from, protocol.take);
    },
    *fence(): Steps<void> {
      if (protocol.lookFence !== 'none') yield fence(protocol.lookFence);
    },
    *flag(): Steps<void> {
      flag = yield load('flag', protocol.isMarked);
    },
  };
  for (const step of inOrder(steps, protocol.lookOrder)) yield* step();
  const found = flag === 0 ? 'not bounced' : yield* findPool(protocol, address, head);
  if (address !== NO_ADDRESS) return found;
  return found === 'garbage' ? 'garbage, without an address' : 'no address yet';
}

function* findPool({ walk }: HandOver, address: number, head: string): Steps<string> {
  for (let pool = yield load(head, walk); pool !== NO_POOL; pool = yield load(nextOf(pool), walk)) {
    if (pool === GARBAGE) return 'garbage';
    const start = yield load(startOf(pool), 'plain');
    const end = yield load(endOf(pool), 'plain');
    if (start === GARBAGE || end === GARBAGE) return 'garbage';
    if (start <= address && address < end) return `in pool ${pool}`;
  }
  return 'in no pool';
}

/** Returns all steps in an order, which lists their names. */
function inOrder<Name extends string>(steps: Record<Name, () => Steps<void>>, order: string): (() => Steps<void>)[] {
  return order.split(', ').map((name) => steps[name as Name]);
}
