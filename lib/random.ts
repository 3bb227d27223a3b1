/** Repeatable random numbers, for the order of cells, relative offsets and the bootstrap. Not for secrets. */

import { CopytaxError } from './errors.js';
import { shown } from './limits.js';

const { imul } = Math;

function requireType(name: string, type: 'number' | 'string', value: unknown): void {
  if (typeof value === type) return;
  throw new CopytaxError('ERR_INVALID_ARG_TYPE', `${name} must be a ${type}, not ${shown(value)}`, { name });
}

/** Draws a number: uniform in [0, 1), another one at each call. */
export type Random = () => number;

/**
 * Returns a stream of uniform numbers in [0, 1) for an unsigned 32-bit seed (the mulberry32 generator by Tommy
 * Ettinger, public domain). Each purpose has a stream of its own, with a seed from `seedFor`, so that a new one changes
 * no other.
 * @throws ERR_INVALID_ARG_TYPE
 */
export function random(seed: number): Random {
  requireType('seed', 'number', seed);
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Returns the seed for one purpose: FNV-1a of its name, started from the seed of the run.
 * @throws ERR_INVALID_ARG_TYPE
 */
export function seedFor(seed: number, purpose: string): number {
  requireType('seed', 'number', seed);
  requireType('purpose', 'string', purpose);
  let hash = (seed ^ 0x811c9dc5) >>> 0;
  for (let at = 0; at < purpose.length; at++) hash = imul(hash ^ purpose.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}

/**
 * Returns the state after `state` of Marsaglia's xorshift: 32 bits, with a sign. 0 stays 0. For streams whose state is
 * a word of shared memory, and for those that have to be the same in C++.
 */
export function xorshift(state: number): number {
  let next = state;
  next ^= next << 13;
  next ^= next >>> 17;
  return next ^ (next << 5);
}

/** Returns an integer in [0, below), with `below` at most 2^32. */
export function randomInt(next: Random, below: number): number {
  return (next() * below) >>> 0;
}

/** Returns a new array in random order (Fisher and Yates). Every order is equally likely. */
export function shuffled<Item>(items: readonly Item[], next: Random): Item[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = randomInt(next, last + 1);
    [result[last], result[other]] = [result[other]!, result[last]!];
  }
  return result;
}
