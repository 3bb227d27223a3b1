/**
 * Checks how a send divides into its copy and the rest, once and before a run: by a profile of Linux, and by a copy
 * beside the same sends.
 */
import { type Profile, profiled, profileGap } from './copy-profile.js';
import { type Point, VERDICT_BYTES } from './send-shapes.js';
import type { Gap } from './sender-messages.js';
import { type Allowed, Senders } from './senders.js';

const POINT = { way: 'tcp', message: VERDICT_BYTES, state: 'hot', senders: 1 } as const satisfies Point;
const SOURCE_BYTES = 1 << 22;
/** Before the profile, so that what it sees has been compiled, and of which the middle is taken. */
const SAMPLES = 9;

/** What a check says: one line of a report, or why there is none. */
export interface Checking {
  readonly lines: readonly string[];
  readonly gaps: readonly Gap[];
}

export const NO_CHECK: Checking = { lines: [], gaps: [] };

const WHAT = 'a profile of Linux, to check the copies by';
const leftOut = (gap: Gap): Checking => ({ lines: [], gaps: [gap] });
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** Returns the line. `besideShare`: of the time of a send with its receiver, by a copy beside it. Pure. */
export function checkLine({ copyShare, samples }: Profile, besideShare: number): string {
  const deviation = Math.sqrt((copyShare * (1 - copyShare)) / samples);
  return (
    `Check: a profile finds Linux copying in ${percent(copyShare)} ± ${percent(2 * deviation)} (two standard ` +
    `deviations of ${samples} samples) of the time of hot sends of 64 KiB by TCP with their receiver; by the copy ` +
    `beside them it is ${percent(besideShare)}.`
  );
}

/** Takes a second or two, and some more on a busy host. */
export async function profileCheck({ apart, ways }: Pick<Allowed, 'apart' | 'ways'>, cpu: number): Promise<Checking> {
  const gap = await profileGap();
  if (gap !== null) return leftOut(gap);
  if (!ways.includes(POINT.way)) return leftOut({ what: WHAT, reason: 'TCP is left out', remedy: 'do as for TCP' });
  const senders = new Senders(apart, [cpu], SOURCE_BYTES);
  try {
    await senders.open();
    const shares: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample++) {
      const [{ sendNs, receiveNs, copyNs }] = (await senders.send(POINT)) as [Awaited<ReturnType<Senders['send']>>[0]];
      shares.push(copyNs / (sendNs + receiveNs));
    }
    const profile = await profiled(senders.pids[0]!, async (isOver) => {
      while (!isOver()) await senders.send(POINT, true);
    });
    if (profile !== null) {
      return { lines: [checkLine(profile, shares.sort((a, b) => a - b)[SAMPLES >> 1]!)], gaps: [] };
    }
    const remedy = 'look at what `perf record` and `perf script` say; `sysctl kernel.kptr_restrict=0` shows names';
    return leftOut({ what: WHAT, reason: 'perf took too long, or does not tell the routines of Linux', remedy });
  } finally {
    await senders.close();
  }
}
