/**
 * The language of the litmus tests: a thread is a generator that yields its accesses to shared memory and is sent the
 * values it reads, so control flow and arithmetic are TypeScript's. The explorer runs a thread again from its start for
 * every execution, so a thread may depend only on the values it reads.
 */

/** `plain` is a non-atomic access: it orders nothing, and is not allowed to race. */
export type Order = 'plain' | 'relaxed' | 'acquire' | 'release' | 'acq_rel' | 'seq_cst';
export type FenceOrder = Exclude<Order, 'plain' | 'relaxed'>;

export interface Load {
  readonly kind: 'load';
  readonly at: string;
  readonly order: Order;
  /** The values with which the thread goes on; any value if absent. See `loadUntil`. */
  readonly accepts?: (value: number) => boolean;
}

export interface Store {
  readonly kind: 'store';
  readonly at: string;
  readonly order: Order;
  readonly value: number;
}

/** An atomic read-modify-write. */
export interface Update {
  readonly kind: 'update';
  readonly at: string;
  readonly order: Order;
  readonly accepts?: (value: number) => boolean;
  readonly change: (value: number) => number;
}

export interface Fence {
  readonly kind: 'fence';
  readonly order: FenceOrder;
}

export type Step = Load | Store | Update | Fence;
export type Steps<Result = unknown> = Generator<Step, Result, number>;
export type Thread = () => Steps;

export interface Program {
  /** The first values of locations that do not begin as 0. */
  readonly initially?: Readonly<Record<string, number>>;
  readonly threads: Readonly<Record<string, Thread>>;
}

export const load = (at: string, order: Order): Load => ({ kind: 'load', at, order });
export const store = (at: string, value: number, order: Order): Store => ({ kind: 'store', at, value, order });
export const fence = (order: FenceOrder): Fence => ({ kind: 'fence', order });

export const fetchAdd = (at: string, count: number, order: Order): Update => ({
  kind: 'update',
  at,
  order,
  change: (value) => value + count,
});

/**
 * The last load of a loop that waits. The loads before it are left out: they write nothing, and the orders that they
 * add can only forbid executions, so every execution of the loop is still reached.
 */
export const loadUntil = (at: string, order: Order, accepts: (value: number) => boolean): Load => ({
  kind: 'load',
  at,
  order,
  accepts,
});

/** Takes a spin lock: waits for 0, leaves 1. */
export const lock = (at: string): Update => ({
  kind: 'update',
  at,
  order: 'acquire',
  accepts: (value) => value === 0,
  change: () => 1,
});

export const unlock = (at: string): Store => store(at, 0, 'release');

/** True if this order makes an access, or a fence, an acquiring one. */
export const acquires = (order: Order): boolean => order === 'acquire' || order === 'acq_rel' || order === 'seq_cst';

export const releases = (order: Order): boolean => order === 'release' || order === 'acq_rel' || order === 'seq_cst';

/** Returns the next step of a thread, or its result, after it was sent these values. */
export function replay(thread: Thread, values: readonly number[]): IteratorResult<Step, unknown> {
  const run = thread();
  let next = run.next();
  for (const value of values) next = run.next(value);
  return next;
}
