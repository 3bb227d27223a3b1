/**
 * Spin locks over words of shared columns: word `at` is 0, or 1 + the CPU that holds the lock. The other words are
 * written by holders only: `at + 1` counts contended acquisitions, `at + 2` and `at + 3` the nanoseconds that these
 * waited.
 * Models: spinlock_t. Deviations: no ticket order, and a waiter yields to the scheduler after a while, because a
 * logical CPU is a thread that the host may have taken off its CPU while it held the lock.
 */
import { CopytaxError, type ErrorCode } from '../errors.js';
import { type Cpu, TIME } from './cpu.js';

/** Words that a lock takes. */
export const LOCK_WORDS = 4;

const SPINS_BEFORE_YIELD = 200;
const PAUSES_PER_SPIN = 8;
const GIVE_UP_NS = 10e9;
const NS_PER_UPPER = 2 ** 30;

/**
 * Acquires the lock. Hot path: one compare-exchange when the lock is free.
 * @throws ERR_LOCK_STALLED when it is not released for ten seconds, ERR_ABORTED when another thread gives up meanwhile
 */
export function lock(cpu: Cpu, words: Int32Array, at: number): void {
  if (Atomics.compareExchange(words, at, 0, cpu.id + 1) !== 0) contend(cpu, words, at);
}

export function tryLock(cpu: Cpu, words: Int32Array, at: number): boolean {
  return Atomics.compareExchange(words, at, 0, cpu.id + 1) === 0;
}

export function unlock(words: Int32Array, at: number): void {
  Atomics.store(words, at, 0);
}

function contend(cpu: Cpu, words: Int32Array, at: number): void {
  const { list } = cpu;
  const begin = list.clock();
  let spins = 0;
  do {
    while (Atomics.load(words, at) !== 0) {
      list.relax(++spins < SPINS_BEFORE_YIELD ? PAUSES_PER_SPIN : 0);
      if (cpu.table.isAborted()) throw gaveUp('ERR_ABORTED', cpu.id, words, at, ' when another thread gave up');
      if (list.now - begin > GIVE_UP_NS) throw gaveUp('ERR_LOCK_STALLED', cpu.id, words, at, ', and does not release');
    }
  } while (Atomics.compareExchange(words, at, 0, cpu.id + 1) !== 0);
  words[at + 1] = words[at + 1]! + 1;
  const waited = list.clock() - begin;
  addWaited(words, at, waited);
  cpu.lockWaitNs += waited;
  cpu.addTime(TIME.lockWait, waited);
}

function gaveUp(code: ErrorCode, cpu: number, words: Int32Array, at: number, why: string): CopytaxError {
  const holder = Atomics.load(words, at) - 1;
  return new CopytaxError(code, `CPU ${cpu} waited for a lock that CPU ${holder} holds${why}`, { cpu, holder });
}

/** Acquisitions that had to wait. */
export function contentions(words: Int32Array, at: number): number {
  return words[at + 1]!;
}

/** Nanoseconds that all of them waited. */
export function waitedNs(words: Int32Array, at: number): number {
  return words[at + 3]! * NS_PER_UPPER + words[at + 2]!;
}

function addWaited(words: Int32Array, at: number, ns: number): void {
  const lower = words[at + 2]! + Math.round(ns);
  words[at + 2] = lower % NS_PER_UPPER;
  words[at + 3] = words[at + 3]! + Math.floor(lower / NS_PER_UPPER);
}
