/**
 * Calls of a function, timed in batches. A loop around a function that the engine can look into measures what is left
 * of it: what does not depend on the round of the loop is computed once, and what is never read is left out. So the
 * call stays a call, and what it returns is stored where the engine has to take it as read. Both cost some nanoseconds,
 * which are part of the time of each call.
 */
import { CopyList } from '../../memory/copy-list.js';

/** Time of a batch, nanoseconds: thousands of readings of the clock, and shorter than most disturbances of a host. */
const BATCH_NS = 5e6;
/** How long a function is called before its batch is chosen, nanoseconds: by then most code has been compiled. */
const CALIBRATION_NS = 50e6;
/** What a batch counts for at least, nanoseconds, so that an end comes with any clock. */
const LEAST_NS = 1000;
const MOST_CALLS = 2 ** 30;

/** Where results go. It is exported, so that the engine has to write them. */
export const sink: { result: unknown } = { result: undefined };

/** The only loop around what is measured. */
function callMany(way: () => unknown, calls: number): void {
  for (let call = 0; call < calls; call++) sink.result = way();
}

/** An engine that has seen a call site with several targets calls what it gets there, and looks into none. */
function keepCallsOpaque(): void {
  for (const target of [() => 0, () => '', () => null, () => sink]) callMany(target, 2);
}

/** Takes the result of the last call, so that it is not kept longer than needed. */
function takeResult(): unknown {
  const { result } = sink;
  sink.result = undefined;
  return result;
}

/** A batch of calls. */
export interface Batch {
  /** All calls together, nanoseconds. */
  readonly ns: number;
  /** What the last call returned. */
  readonly result: unknown;
}

/**
 * Calls `way` and returns how long it took, by the native clock, which waits until the stores of the thread have left
 * the CPU. Throws what `way` throws.
 */
export function timeCalls(way: () => unknown, calls: number): Batch {
  const list = CopyList.ofThisThread();
  try {
    const began = list.clock();
    callMany(way, calls);
    return { ns: list.clock() - began, result: takeResult() };
  } finally {
    sink.result = undefined;
  }
}

/**
 * Calls `way` for about `CALIBRATION_NS`, and returns how many calls take about `BATCH_NS`: a power of two, or one for
 * a way that takes longer. `check` gets what each batch returned, and throws if that is no use. `time` is for tests.
 */
export function batchFor(way: () => unknown, check: (result: unknown) => void, time = timeCalls): number {
  keepCallsOpaque();
  let [calls, spentNs, callNs] = [1, 0, Number.POSITIVE_INFINITY];
  while (spentNs < CALIBRATION_NS) {
    const { ns, result } = time(way, calls);
    check(result);
    spentNs += Math.max(ns, LEAST_NS);
    callNs = Math.min(callNs, ns / calls); // the fastest: others were disturbed, or not compiled yet
    if (ns < BATCH_NS) calls = Math.min(2 * calls, MOST_CALLS);
  }
  return Math.min(2 ** Math.max(0, Math.round(Math.log2(BATCH_NS / callNs))), MOST_CALLS);
}
