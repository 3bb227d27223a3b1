/**
 * The classic litmus tests as functions of the orders of their accesses, each with its weak outcome. The locations x, y
 * and z begin as 0.
 */
import type { Ending } from '../model/explorer.js';
import {
  type FenceOrder,
  fence,
  fetchAdd,
  load,
  type Order,
  type Program,
  type Steps,
  store,
  type Thread,
} from '../model/program.js';

export interface Litmus extends Program {
  /** True for the outcome that strong orders forbid and weak ones allow. */
  readonly weak: (ending: Ending) => boolean;
}

function* optional(order?: FenceOrder): Steps<void> {
  if (order !== undefined) yield fence(order);
}

/** A thread that loads `first` and then `second`. */
const reader = (first: string, second: string, order: Order, between?: FenceOrder): Thread =>
  function* () {
    const one = yield load(first, order);
    yield* optional(between);
    return [one, yield load(second, order)];
  };

const writer = (at: string, order: Order): Thread =>
  function* () {
    yield store(at, 1, order);
  };

const expecting =
  (expected: Record<string, unknown>): Litmus['weak'] =>
  ({ results }) =>
    Object.entries(expected).every(([thread, result]) => JSON.stringify(results[thread]) === JSON.stringify(result));

/** SB: both threads store, then miss the other's store. */
export const storeBuffering = (write: Order, read: Order, between?: FenceOrder, other = between): Litmus => {
  const thread = (mine: string, others: string, order?: FenceOrder): Thread =>
    function* () {
      yield store(mine, 1, write);
      yield* optional(order);
      return yield load(others, read);
    };
  return { threads: { P: thread('x', 'y', between), Q: thread('y', 'x', other) }, weak: expecting({ P: 0, Q: 0 }) };
};

/** SB where P uses a fence and Q seq_cst accesses. */
export const storeBufferingMixed = (between: FenceOrder): Litmus => {
  const { threads, weak } = storeBuffering('relaxed', 'relaxed', between);
  return { threads: { P: threads.P!, Q: storeBuffering('seq_cst', 'seq_cst').threads.Q! }, weak };
};

/** MP: the flag arrives before the message. */
export const messagePassing = (write: Order, read: Order, release?: FenceOrder, acquire?: FenceOrder): Litmus => ({
  threads: {
    *P() {
      yield store('x', 1, 'relaxed');
      yield* optional(release);
      yield store('y', 1, write);
    },
    *Q() {
      const flag = yield load('y', read);
      yield* optional(acquire);
      return [flag, yield load('x', 'relaxed')];
    },
  },
  weak: expecting({ Q: [1, 0] }),
});

/** LB: both threads see a store that the other makes only afterwards. */
export const loadBuffering = (read: Order, write: Order): Litmus => {
  const thread = (mine: string, others: string): Thread =>
    function* () {
      const seen = yield load(others, read);
      yield store(mine, 1, write);
      return seen;
    };
  return { threads: { P: thread('x', 'y'), Q: thread('y', 'x') }, weak: expecting({ P: 1, Q: 1 }) };
};

/** IRIW: two readers see two writers' stores in opposite orders. */
export const independentReads = (write: Order, read: Order, between?: FenceOrder): Litmus => ({
  threads: {
    P: writer('x', write),
    Q: writer('y', write),
    R: reader('x', 'y', read, between),
    S: reader('y', 'x', read, between),
  },
  weak: expecting({ R: [1, 0], S: [1, 0] }),
});

/** WRC: Q has seen P's store and says so; R hears it from Q and misses P's store. */
export const writeToReadCausality = (
  middleRead: Order,
  middleWrite: Order,
  lastRead: Order,
  release?: FenceOrder,
): Litmus => ({
  threads: {
    P: writer('x', 'relaxed'),
    *Q() {
      const seen = yield load('x', middleRead);
      yield* optional(release);
      yield store('y', 1, middleWrite);
      return seen;
    },
    *R() {
      const told = yield load('y', lastRead);
      return [told, yield load('x', 'relaxed')];
    },
  },
  weak: expecting({ Q: 1, R: [1, 0] }),
});

/** W+RWC: P tells Q by a release of its own that it wrote x; Q misses R's store, and R misses P's. */
export const writeReadCausality = (tell: Order, hear: Order): Litmus => ({
  threads: {
    *P() {
      yield store('x', 1, 'seq_cst');
      yield store('y', 1, tell);
    },
    *Q() {
      const told = yield load('y', hear);
      return [told, yield load('z', 'seq_cst')];
    },
    *R() {
      yield store('z', 1, 'seq_cst');
      return yield load('x', 'seq_cst');
    },
  },
  weak: expecting({ Q: [1, 0], R: 0 }),
});

/** CoRR: of two loads of one location, the second sees the older value. */
export const readReadCoherence = (order: Order): Litmus => ({
  threads: { P: writer('x', order), Q: reader('x', 'x', order) },
  weak: expecting({ Q: [1, 0] }),
});

/** 2+2W: each thread's first store is the last at its location. */
export const twoPlusTwoWrites = (order: Order, between?: FenceOrder): Litmus => {
  const thread = (first: string, second: string): Thread =>
    function* () {
      yield store(first, 1, order);
      yield* optional(between);
      yield store(second, 2, order);
    };
  return {
    threads: { P: thread('x', 'y'), Q: thread('y', 'x') },
    weak: ({ execution }) => execution.finally('x') === 1 && execution.finally('y') === 1,
  };
};

/** Z6.U of the RC11 paper: C++11 forbade it, but POWER with the cheaper code for seq_cst allows it. */
export const Z6U: Litmus = {
  threads: {
    *P() {
      yield store('x', 1, 'seq_cst');
      yield store('y', 1, 'release');
    },
    *Q() {
      const found = yield fetchAdd('y', 1, 'seq_cst');
      return [found, yield load('y', 'relaxed')];
    },
    *R() {
      yield store('y', 3, 'seq_cst');
      return yield load('x', 'seq_cst');
    },
  },
  weak: expecting({ Q: [1, 3], R: 0 }),
};
