/** What is sent through Linux: ways, sizes, states of the source and numbers of senders, by effort. Pure. */
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import { KIB, MIB } from '../../lib/units.js';

/** How bytes are handed to Linux. */
export const WAYS = ['tcp', 'sendfile', 'splice', 'udp', 'udp-zerocopy'] as const;
export type Way = (typeof WAYS)[number];

/** Ways that end at a device of a network namespace of their own. */
export const isOfVeth = (way: Way) => way === 'udp' || way === 'udp-zerocopy';
/** Ways whose send call hands over pages instead of copying them. */
export const isWithoutCopy = (way: Way) => way !== 'tcp' && way !== 'udp';

/**
 * Where the source is. `hot`: the same memory over and over. `aged`: memory that is walked through, beyond the
 * last-level cache, so that what is sent was not touched since many other messages were. `flushed`: evicted from all
 * caches just before.
 */
export const STATES = ['hot', 'aged', 'flushed'] as const;
export type State = (typeof STATES)[number];

/** What a cell measures. */
export interface Point {
  readonly way: Way;
  readonly message: number;
  readonly state: State;
  readonly senders: number;
}

const ALL_SIZES = [1400, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB];
/** In a run with other scenarios: the break-even lies between them where it is known, of hot memory above 256 KiB. */
const FEW_SIZES = [16 * KIB, 64 * KIB, 256 * KIB, MIB];
/** Of the cell that verdicts take the control plane of Linux from. */
export const VERDICT_BYTES = 64 * KIB;
const MOST_SENDERS = 8;

/** Whether the run has time for all points: it is a full one, or has no other scenario. */
export function hasAllPoints({ effort, scenarios }: Pick<BenchSettings, 'effort' | 'scenarios'>): boolean {
  return effort === 'full' || (effort === 'default' && scenarios.length === 1);
}

export function sizesOf(settings: Pick<BenchSettings, 'effort' | 'scenarios'>): readonly number[] {
  return hasAllPoints(settings) ? ALL_SIZES : FEW_SIZES;
}

/** `mayFlush`: whether programs may evict lines from caches on this architecture. */
export function points(settings: BenchSettings, mayFlush: boolean): Point[] {
  const states = STATES.filter((state) => state !== 'flushed' || mayFlush);
  if (!hasAllPoints(settings)) return fewPoints(states.filter((state) => state !== 'aged'));
  const most = Math.min(settings.cpus.length, MOST_SENDERS);
  const of = (senders: number, some: readonly State[]) =>
    WAYS.flatMap((way) => ALL_SIZES.flatMap((message) => some.map((state) => ({ way, message, state, senders }))));
  // Several senders of one state, unless there is time for more.
  return [...of(1, states), ...(most > 1 ? of(most, settings.effort === 'full' ? states : ['hot']) : [])];
}

function fewPoints(states: readonly State[]): Point[] {
  const tcp = states.map((state): Point => ({ way: 'tcp', message: VERDICT_BYTES, state, senders: 1 }));
  const udp = FEW_SIZES.flatMap((message) =>
    states.flatMap((state) =>
      (['udp', 'udp-zerocopy'] as const).map((way): Point => ({ way, message, state, senders: 1 })),
    ),
  );
  return [...tcp, ...udp];
}

/** How a sample is taken: `messages` in one native call, then as many copies, and that `repeats` times. */
export interface SendPlan {
  readonly messages: number;
  readonly repeats: number;
}

const CALL_BYTES = 256 * KIB;
const MESSAGES = { least: 2, most: 32 } as const;
/** For the number of repeats only: what a send takes at least, and for each byte, where it is fast. */
const ASSUMED_NS = { call: 6000, byte: 0.15 } as const;
const REPEATS = { least: 5, most: 31 } as const;
const SAMPLE_NS = 3e6;

/**
 * Plans a sample of few milliseconds, so that a process that is asked to end does so soon, and calls that are shorter
 * than the time slices of Linux: of many of them most are not interrupted.
 */
export function sendPlan(message: number): SendPlan {
  const messages = Math.min(MESSAGES.most, Math.max(MESSAGES.least, Math.floor(CALL_BYTES / message)));
  const callNs = messages * (ASSUMED_NS.call + ASSUMED_NS.byte * message);
  const repeats = Math.min(REPEATS.most, Math.max(REPEATS.least, Math.round(SAMPLE_NS / callNs)));
  return { messages, repeats };
}
