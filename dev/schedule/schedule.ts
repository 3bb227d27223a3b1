/**
 * A schedule as text: at which of its points which CPU gave way to which, where that is not what happens by itself.
 * By itself a CPU goes on at every point, though not for ever, and one that has to wait gives way to the next in turn.
 */
import { CopytaxError } from '../../lib/errors.js';

export interface Preemption {
  readonly cpu: number;
  /** Which point of this CPU, counted from 1. Points of its own, so that what others do does not shift them. */
  readonly point: number;
  /** The CPU that goes on. */
  readonly next: number;
}

/** What a replay needs to know. */
export interface Schedule {
  readonly seed: number;
  /** Null: as the seed decides. */
  readonly preemptions: readonly Preemption[] | null;
}

/** `17` or, with a list that may be empty, `17:0@153>1,1@20>0`. */
export function scheduleText({ seed, preemptions }: Schedule): string {
  if (preemptions === null) return String(seed);
  return `${seed}:${preemptions.map(({ cpu, point, next }) => `${cpu}@${point}>${next}`).join(',')}`;
}

/** @throws ERR_OUT_OF_RANGE when the text is none that `scheduleText` answers */
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
