/**
 * A schedule as text: where it departs from the default, and to which CPU. By default a CPU runs on at every scheduling
 * point, up to a limit, and a CPU that has to wait gives way to the next in turn.
 */
import { CopytaxError } from '../../lib/errors.js';

export interface Preemption {
  /** The CPU that stops running. */
  readonly cpu: number;
  /** The scheduling point, counted from 1 for each CPU by itself, so that what others do does not shift it. */
  readonly point: number;
  /** The CPU that runs instead. */
  readonly next: number;
}

/** What a replay needs to know. */
export interface Schedule {
  readonly seed: number;
  /** Null for the schedule that the seed's strategy makes. */
  readonly preemptions: readonly Preemption[] | null;
}

/** Returns `17` or, with a list, which may be empty, `17:0@153>1,1@20>0`. */
export function scheduleText({ seed, preemptions }: Schedule): string {
  if (preemptions === null) return String(seed);
  return `${seed}:${preemptions.map(({ cpu, point, next }) => `${cpu}@${point}>${next}`).join(',')}`;
}

/** @throws ERR_OUT_OF_RANGE when `scheduleText` never returns such a text */
export function parseSchedule(text: string): Schedule {
  const match = /^(\d{1,10})(?::((?:\d+@\d+>\d+(?:,(?=\d)|$))*))?$/.exec(text);
  const seed = Number(match?.[1]);
  if (match === null || seed > 0xffffffff) {
    throw new CopytaxError('ERR_OUT_OF_RANGE', `'${text}' is no schedule: write a seed, or SEED:CPU@POINT>CPU,...`);
  }
  if (match[2] === undefined) return { seed, preemptions: null };
  const preemptions = match[2] === '' ? [] : match[2].split(',').map(parsePreemption);
  return { seed, preemptions };
}

function parsePreemption(text: string): Preemption {
  const [cpu, point, next] = text.split(/[@>]/).map(Number);
  return { cpu: cpu!, point: point!, next: next! };
}
