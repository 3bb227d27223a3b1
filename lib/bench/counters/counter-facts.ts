/** Which performance counters a run can open, and why it cannot open the others: a fact of the run. */
import { addon, type OpenedCounters } from '../../addon/addon.js';
import { later } from '../../schemas.js';
import type { HostFiles } from '../facts/host-files.js';
import type { CounterFacts } from '../types/environment.js';
import { Counters, counterLimits, type NativeCounters } from './counters.js';
import { counterRefusal } from './refusals.js';

export const refusedCounterSchema = later((z) =>
  z.object({
    name: z.string().describe('what it would count'),
    errno: z.int().describe('error number with which Linux refused it'),
    why: z.string().describe('what that means here'),
    remedy: z.string().describe('what to try'),
  }),
);

export const counterFactsSchema = later((z) =>
  z.object({
    opened: z.array(z.string()).describe('what could be counted'),
    refused: z.array(refusedCounterSchema()).describe('what could not'),
    paranoid: z.int().nullable().describe('kernel.perf_event_paranoid; null: not known'),
  }),
);

/** Opens the counters of this thread, and closes them again. Throws ERR_ALREADY_RUNNING, and what `addon()` throws. */
export function openable(native: NativeCounters = addon()): OpenedCounters {
  let opened: OpenedCounters = { names: [], refused: [] };
  const noting: NativeCounters = {
    countersOpen: () => {
      opened = native.countersOpen();
      return opened;
    },
    countersRead: () => native.countersRead(),
    countersClose: () => native.countersClose(),
  };
  new Counters(noting).close();
  return opened;
}

/**
 * Returns the facts of `given`, by default of this thread; undefined, with a reason in `files`, if they cannot be asked
 * for now.
 */
export function counterFacts(files: HostFiles, userId?: number, given?: OpenedCounters): CounterFacts | undefined {
  try {
    const { names, refused } = given ?? openable();
    const limits = counterLimits(files, userId);
    return {
      opened: [...names],
      refused: refused.map(({ name, errno }) => ({ name, errno, ...counterRefusal(errno, limits) })),
      paranoid: limits.paranoid,
    };
  } catch (error) {
    files.miss('counters', (error as Error).message);
    return undefined;
  }
}
