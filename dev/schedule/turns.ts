/**
 * Taking turns: of the threads of a machine one runs, and the others sleep until it gives way. Where it may is a point;
 * whether it does, a seeded strategy decides, or the list of a replay. Time is virtual: it passes by points.
 * Threads: each has its own object over the same words; whoever has the turn may touch all of them.
 */
import { CopytaxError } from '../../lib/errors.js';
import { LOG_WORDS, PreemptionLog, Replay } from './preemption-log.js';
import type { Preemption } from './schedule.js';
import { HEADWAY_WORDS, Headway, MAX_THREADS } from './stall-detector.js';
import { STRATEGY_WORDS, Strategy, type StrategyConfig } from './strategy.js';

// The engine's own, before anybody makes points of them.
const { add, load, notify, store, wait } = Atomics;
const { imul } = Math;

const LINE = 32;
const TURN = 0; // a line each: 1 = has the turn
const STATE = MAX_THREADS * LINE;
const ARRIVED = STATE;
const LIVE = STATE + 1;
const STOPPED = STATE + 2;
const STEPS = STATE + 3;
const HASH = STATE + 4;
const SWITCHES = STATE + 5;
const HEADWAY = STATE + LINE;
const STRATEGY = HEADWAY + HEADWAY_WORDS;
const TIME = STRATEGY + STRATEGY_WORDS; // a double
const LOG = TIME + 2;
const BYTES = (LOG + LOG_WORDS) * 4;

/** Nobody goes on for longer without giving way: who tries again and again may be trying for what another one has. */
const LONGEST_TURN = 5000;
/** From so many waits on they get no longer, or a lock would be taken for one that nobody gives back. */
const LONGEST_WAITS = 1000;
/** Ten times what any of the explored machines was seen to need: small skbs, many turns, two million (seed 8152). */
const MOST_STEPS = 20_000_000;

export interface TurnsConfig {
  readonly strategy: StrategyConfig;
  /** Given: these, and no strategy. */
  readonly preemptions: readonly Preemption[] | null;
  readonly threads: number;
  /** What a point and a wait take, nanoseconds. */
  readonly pointNs: number;
  readonly waitNs: number;
}

/** Thrown at the points of those that are stopped because another CPU has failed. */
export class Stopped extends Error {}

/** What a run came to, whatever became of the machine. */
export interface TurnsReport {
  readonly steps: number;
  readonly switches: number;
  /** Of every atomic operation with its address and result, in order. */
  readonly hash: number;
  /** What happened otherwise than by itself; null when that was too much to write down. */
  readonly preemptions: readonly Preemption[] | null;
}

export class Turns {
  readonly headway: Headway;
  readonly #words: Int32Array;
  readonly #time: Float64Array;
  readonly #strategy: Strategy;
  readonly #log: PreemptionLog;
  #replay = new Replay([], 0);
  #config: TurnsConfig | null = null;
  #cpu = 0;
  #point = 0;
  #turnBegan = 0;
  #lookEvery = Infinity;
  #look: () => void = () => {};

  static buffer(): SharedArrayBuffer {
    return new SharedArrayBuffer(BYTES);
  }

  constructor(buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer);
    this.#time = new Float64Array(buffer, TIME * 4, 1);
    const words = (at: number, count: number) => this.#words.subarray(at, at + count);
    this.headway = new Headway(words(HEADWAY, HEADWAY_WORDS));
    this.#strategy = new Strategy(words(STRATEGY, STRATEGY_WORDS));
    this.#log = new PreemptionLog(words(LOG, LOG_WORDS));
  }

  /** Before any thread arrives. */
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

  /** This thread is CPU `cpu` from here on: waits until all have arrived and it has the turn. CPU 0 begins. */
  arrive(cpu: number, config: TurnsConfig): void {
    this.#config = config;
    this.#cpu = cpu;
    this.#point = 0;
    this.#turnBegan = 0;
    this.#replay = new Replay(config.preemptions ?? [], cpu);
    if (add(this.#words, ARRIVED, 1) === config.threads - 1) this.#give(0);
    this.#sleep();
  }

  /** From here on, this thread looks at something at one point in so many. */
  look(every: number, look: () => void): void {
    this.#lookEvery = every;
    this.#look = look;
  }

  /** This thread takes no more turns. True when it was the last. */
  leave(): boolean {
    const live = this.#words[LIVE]! & ~(1 << this.#cpu);
    this.#words[LIVE] = live;
    store(this.#words, TURN + this.#cpu * LINE, 0);
    if (live === 0) return true;
    this.#give(this.#following());
    return false;
  }

  /** The machine has failed: everybody else is stopped at their next points. */
  stop(): void {
    this.#words[STOPPED] = 1;
  }

  /** The thread that has the turn, as far as can be told without having it. */
  get running(): number {
    let thread = 0;
    while (thread < MAX_THREADS - 1 && load(this.#words, TURN + thread * LINE) === 0) thread++;
    return thread;
  }

  get isLast(): boolean {
    return this.#words[LIVE] === 1 << this.#cpu;
  }

  /** Nanoseconds. */
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

  /** Another CPU may go on here. `operation` tells what is about to happen from other things. Throws `Stopped`. */
  point(operation = 0): void {
    const next = this.#pass(this.#config!.pointNs);
    if (next >= 0) this.#switchTo(next);
    else if (this.#point - this.#turnBegan > LONGEST_TURN) this.#switchTo(this.#following());
    else if (this.#config!.preemptions === null && this.#strategy.isDue(operation)) {
      this.#decide(this.#cpu, this.#strategy.choose(this.#cpu, this.#words[LIVE]!));
    }
  }

  /** This CPU cannot go on by itself: another one does, if there is any. Throws `Stopped`, ERR_STALLED. */
  wait(): void {
    const live = this.#words[LIVE]!;
    // The longer nothing happens, the longer is a wait: what is due at some time has not to be waited for by points.
    const next = this.#pass(this.#config!.waitNs * (1 + (Math.min(this.headway.waits, LONGEST_WAITS) >>> 4)));
    this.headway.waited(this.#cpu, live);
    const following = this.#following();
    if (next >= 0) this.#switchTo(next);
    else if (this.#config!.preemptions !== null) this.#switchTo(following);
    else this.#decide(following, this.#strategy.chooseOther(this.#cpu, live, following));
  }

  /** Counts the point; answers who has to go on here, or -1. */
  #pass(ns: number): number {
    const words = this.#words;
    if (words[STOPPED] !== 0) throw new Stopped();
    words[STEPS] = words[STEPS]! + 1;
    this.#time[0] = this.#time[0]! + ns;
    this.#point++;
    if (words[STEPS]! > MOST_STEPS) throw new CopytaxError('ERR_STALLED', `no end after ${MOST_STEPS} points`);
    if (words[STEPS]! % this.#lookEvery === 0) this.#look();
    const next = this.#replay.nextAt(this.#point);
    return next >= 0 && (words[LIVE]! & (1 << next)) !== 0 ? next : -1;
  }

  /** Lets `next` go on, and writes that down if it is not what happens by itself. */
  #decide(byItself: number, next: number): void {
    if (next !== byItself) this.#log.add(this.#cpu, this.#point, next);
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
