/**
 * Lets the threads of a machine take turns: one runs, and the others sleep until it gives way. It may give way at
 * scheduling points; whether it does, a seeded strategy decides, or the list of a replay. Time is virtual: it passes by
 * points.
 * Threads: each has an object of its own over the same words; the thread that has the turn may access all of them.
 */
import { CopytaxError } from '../../lib/errors.js';
import { LOG_WORDS, PreemptionLog, Replay } from './preemption-log.js';
import type { Preemption } from './schedule.js';
import { MAX_THREADS, STALL_DETECTOR_WORDS, StallDetector } from './stall-detector.js';
import { STRATEGY_WORDS, Strategy, type StrategyConfig } from './strategy.js';

// The engine's own functions, taken before `Points` replaces them.
const { add, load, notify, store, wait } = Atomics;
const { imul } = Math;

const LINE = 32;
const TURN = 0; // a line for each thread: 1 = has the turn
const STATE = MAX_THREADS * LINE;
const ARRIVED = STATE;
const LIVE = STATE + 1;
const STOPPED = STATE + 2;
const STEPS = STATE + 3;
const HASH = STATE + 4;
const SWITCHES = STATE + 5;
const STALLS = STATE + LINE;
const STRATEGY = STALLS + STALL_DETECTOR_WORDS;
const TIME = STRATEGY + STRATEGY_WORDS; // a double
const LOG = TIME + 2;
const BYTES = (LOG + LOG_WORDS) * 4;

/** Points after which a CPU gives way in any case: it may be retrying for something that another CPU holds. */
const MAX_TURN_POINTS = 5000;
/** Waits without progress after which a wait takes no longer than the one before: a lock must not seem to stay held. */
const MAX_LENGTHENING_WAITS = 1000;
/** Ten times the points of the longest machine explored so far: small skbs, many turns, two million (seed 8152). */
const MAX_STEPS = 20_000_000;

export interface TurnsConfig {
  readonly strategy: StrategyConfig;
  /** The list of a replay, or null to let the strategy decide. */
  readonly preemptions: readonly Preemption[] | null;
  readonly threads: number;
  /** Virtual time that a point and a wait take, nanoseconds. */
  readonly pointNs: number;
  readonly waitNs: number;
}

/** Thrown at the points of threads that are stopped because another thread has failed. */
export class Stopped extends Error {}

/** Facts of a run, whether the machine failed or not. */
export interface TurnsReport {
  /** Number of points of all threads. */
  readonly steps: number;
  readonly switches: number;
  /** Hash over every atomic operation with its address and result, in order. */
  readonly hash: number;
  /** Where the schedule departed from the default; null if there were more departures than the log holds. */
  readonly preemptions: readonly Preemption[] | null;
}

export class Turns {
  readonly stallDetector: StallDetector;
  readonly #words: Int32Array;
  readonly #time: Float64Array;
  readonly #strategy: Strategy;
  readonly #log: PreemptionLog;
  #replay = new Replay([], 0);
  #config: TurnsConfig | null = null;
  #cpu = 0;
  #point = 0;
  #turnBegan = 0;
  #checkEvery = Infinity;
  #check: () => void = () => {};

  static buffer(): SharedArrayBuffer {
    return new SharedArrayBuffer(BYTES);
  }

  constructor(buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer);
    this.#time = new Float64Array(buffer, TIME * 4, 1);
    const words = (at: number, count: number) => this.#words.subarray(at, at + count);
    this.stallDetector = new StallDetector(words(STALLS, STALL_DETECTOR_WORDS));
    this.#strategy = new Strategy(words(STRATEGY, STRATEGY_WORDS));
    this.#log = new PreemptionLog(words(LOG, LOG_WORDS));
  }

  /** Prepares the words for a run. Called before any thread arrives. */
  reset(config: TurnsConfig): void {
    this.#words.fill(0, 0, LOG);
    this.#words[LIVE] = (1 << config.threads) - 1;
    this.#log.clear();
    this.#strategy.begin(config.strategy);
  }

  report(): TurnsReport {
    const words = this.#words;
    return {
      steps: words[STEPS]!,
      switches: words[SWITCHES]!,
      hash: words[HASH]! >>> 0,
      preemptions: this.#log.all(),
    };
  }

  /** Makes this thread CPU `cpu`, and waits until all threads have arrived and it has the turn. CPU 0 begins. */
  arrive(cpu: number, config: TurnsConfig): void {
    this.#config = config;
    this.#cpu = cpu;
    this.#point = 0;
    this.#turnBegan = 0;
    this.#replay = new Replay(config.preemptions ?? [], cpu);
    if (add(this.#words, ARRIVED, 1) === config.threads - 1) this.#give(0);
    this.#sleep();
  }

  /** Calls `check` from here on at every point whose number is a multiple of `every`, if this thread has the turn. */
  checkEvery(every: number, check: () => void): void {
    this.#checkEvery = every;
    this.#check = check;
  }

  /** Takes this thread out of the turns. Returns true if it was the last. */
  leave(): boolean {
    const live = this.#words[LIVE]! & ~(1 << this.#cpu);
    this.#words[LIVE] = live;
    store(this.#words, TURN + this.#cpu * LINE, 0);
    if (live === 0) return true;
    this.#give(this.#following());
    return false;
  }

  /** Stops all other threads at their next points, because the machine has failed. */
  stop(): void {
    this.#words[STOPPED] = 1;
  }

  /** The thread that has the turn, as far as a thread without it can tell. */
  get running(): number {
    let thread = 0;
    while (thread < MAX_THREADS - 1 && load(this.#words, TURN + thread * LINE) === 0) thread++;
    return thread;
  }

  get isLast(): boolean {
    return this.#words[LIVE] === 1 << this.#cpu;
  }

  /** Virtual time, nanoseconds. */
  get now(): number {
    return this.#time[0]!;
  }

  get steps(): number {
    return this.#words[STEPS]!;
  }

  /** Enters an event in the hash of the run. */
  saw(kind: number, address: number, value: number): void {
    let hash = this.#words[HASH]! ^ (kind + this.#cpu * 64);
    hash = imul(hash ^ address, 0x9e3779b1);
    hash = imul(hash ^ (hash >>> 15) ^ value, 0x85ebca6b);
    this.#words[HASH] = hash ^ (hash >>> 13);
  }

  /**
   * A scheduling point: another CPU may run from here on. `operation` names what is about to happen. Throws `Stopped`.
   */
  point(operation = 0): void {
    const next = this.#pass(this.#config!.pointNs);
    if (next >= 0) this.#switchTo(next);
    else if (this.#point - this.#turnBegan > MAX_TURN_POINTS) this.#switchTo(this.#following());
    else if (this.#config!.preemptions === null && this.#strategy.isDue(operation)) {
      this.#decide(this.#cpu, this.#strategy.choose(this.#cpu, this.#words[LIVE]!));
    }
  }

  /**
   * Gives way to another CPU, if there is any, because this one has nothing to do. Throws `Stopped`, ERR_NO_PROGRESS.
   */
  wait(): void {
    const live = this.#words[LIVE]!;
    // A wait takes longer the longer there was no progress, so that timers expire after few points.
    const next = this.#pass(
      this.#config!.waitNs * (1 + (Math.min(this.stallDetector.waits, MAX_LENGTHENING_WAITS) >>> 4)),
    );
    this.stallDetector.waited(this.#cpu, live);
    const following = this.#following();
    if (next >= 0) this.#switchTo(next);
    else if (this.#config!.preemptions !== null) this.#switchTo(following);
    else this.#decide(following, this.#strategy.chooseOther(this.#cpu, live, following));
  }

  /** Counts the point. Returns the CPU that a replay lets run from here on, or -1. */
  #pass(ns: number): number {
    const words = this.#words;
    if (words[STOPPED] !== 0) throw new Stopped();
    words[STEPS] = words[STEPS]! + 1;
    this.#time[0] = this.#time[0]! + ns;
    this.#point++;
    if (words[STEPS]! > MAX_STEPS) throw new CopytaxError('ERR_NO_PROGRESS', `no end after ${MAX_STEPS} points`);
    if (words[STEPS]! % this.#checkEvery === 0) this.#check();
    const next = this.#replay.nextAt(this.#point);
    return next >= 0 && (words[LIVE]! & (1 << next)) !== 0 ? next : -1;
  }

  /** Lets `next` run, and records that if it is not the default. */
  #decide(byDefault: number, next: number): void {
    if (next !== byDefault) this.#log.add(this.#cpu, this.#point, next);
    this.#switchTo(next);
  }

  #following(): number {
    const live = this.#words[LIVE]!;
    const { threads } = this.#config!;
    let next = this.#cpu;
    do next = (next + 1) % threads;
    while ((live & (1 << next)) === 0);
    return next;
  }

  #switchTo(cpu: number): void {
    this.#turnBegan = this.#point;
    if (cpu === this.#cpu) return;
    this.#words[SWITCHES] = this.#words[SWITCHES]! + 1;
    store(this.#words, TURN + this.#cpu * LINE, 0);
    this.#give(cpu);
    this.#sleep();
    if (this.#words[STOPPED] !== 0) throw new Stopped();
  }

  #give(cpu: number): void {
    store(this.#words, TURN + cpu * LINE, 1);
    notify(this.#words, TURN + cpu * LINE, 1);
  }

  #sleep(): void {
    const at = TURN + this.#cpu * LINE;
    while (load(this.#words, at) === 0) wait(this.#words, at, 0);
    this.#turnBegan = this.#point;
  }
}
