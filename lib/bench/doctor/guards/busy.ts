/** A thread that is never idle: how much of its CPU it gets, and how alike its copies and its CPU's speed stay. */
import { addon } from '../../../addon/addon.js';
import { timedCopy } from '../../../memory/copy.js';
import type { Task } from './guard.js';
import { CHUNK_BYTES, smallPages } from './scratch-memory.js';

export interface BusySlice {
  readonly wallNs: number;
  /** Time on a CPU, nanoseconds. */
  readonly cpuNs: number;
  readonly copies: number;
  readonly involuntarySwitches: number;
  /** Nanoseconds of a register-only operation, and of a copy of 64 KiB that stays in the cache; in order of time. */
  readonly pulseNs: readonly number[];
  readonly copyNs: readonly number[];
}

/** Long beside the pulse, short beside a timeslice. */
const BATCH = 32;

export function busy({ ms, copyKernel }: Task): BusySlice {
  using memory = smallPages(2 * CHUNK_BYTES);
  const sides = {
    dstRegion: memory.id,
    dstOffset: CHUNK_BYTES,
    dstSpan: CHUNK_BYTES,
    srcRegion: memory.id,
    srcSpan: CHUNK_BYTES,
  };
  const spec = { copyKernel, bytes: CHUNK_BYTES, batch: BATCH, ...sides };
  const pulseNs: number[] = [];
  const copyNs: number[] = [];
  const into = new Float64Array(1);
  timedCopy(spec, 1, into);
  const usage = addon().threadUsage();
  const begin = performance.now();
  let elapsedMs = 0;
  do {
    pulseNs.push(addon().pulse());
    copyNs.push(timedCopy(spec, 1, into)[0]! / BATCH);
    elapsedMs = performance.now() - begin;
  } while (elapsedMs < ms);
  const after = addon().threadUsage();
  return {
    wallNs: elapsedMs * 1e6,
    cpuNs: after.userNs + after.systemNs - usage.userNs - usage.systemNs,
    copies: copyNs.length * BATCH,
    involuntarySwitches: after.involuntarySwitches - usage.involuntarySwitches,
    pulseNs,
    copyNs,
  };
}
