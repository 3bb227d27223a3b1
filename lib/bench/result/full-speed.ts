/**
 * Which samples were taken while the CPUs ran at full speed. The pulse says it: a loop that touches no memory, timed
 * beside each sample. A busy sibling thread or a lower clock shows there, whatever the cell does with its memory. Pure.
 */
import { type Summary, summarize } from '../statistics/statistics.js';

/**
 * A pulse that takes longer than the fastest of its CPU in the run by more than this factor was not at full speed. The
 * rule was fixed before anything was measured with it; samples that it leaves out are still in every other number.
 */
export const FULL_SPEED_FACTOR = 1.05;

/** The pulses beside one sample: nanoseconds per step of each measuring CPU; empty if none was taken. */
export type Pulses = readonly number[];

/** Returns the fastest pulse of each CPU over all samples of a run, in the order of the CPUs. */
export function fastestPulses(all: readonly Pulses[]): number[] {
  const fastest: number[] = [];
  for (const pulses of all) {
    for (const [cpu, ns] of pulses.entries()) fastest[cpu] = Math.min(fastest[cpu] ?? Number.POSITIVE_INFINITY, ns);
  }
  return fastest;
}

/** Returns the speed of the slowest CPU beside a sample as a share of its fastest; null if there was no pulse. */
export function speedOf(pulses: Pulses, fastest: Pulses): number | null {
  return pulses.length === 0 ? null : Math.min(...pulses.map((ns, cpu) => fastest[cpu]! / ns));
}

/** True if all CPUs ran at full speed beside the sample; false also if that is not known. */
export function isAtFullSpeed(pulses: Pulses, fastest: Pulses): boolean {
  const speed = speedOf(pulses, fastest);
  return speed !== null && speed >= 1 / FULL_SPEED_FACTOR;
}

/** Of the samples at full speed: how many there are, and what they say. */
export interface AtFullSpeed {
  readonly samples: number;
  /** Null: no sample was at full speed. */
  readonly summary: Summary | null;
}

/** Returns what the samples at full speed say; null stands for a sample that failed. Undefined without pulses. */
export function atFullSpeed(
  samples: readonly (number | null)[],
  pulses: readonly Pulses[],
  fastest: Pulses,
): AtFullSpeed | undefined {
  if (pulses.every(({ length }) => length === 0)) return undefined;
  const values = samples.filter((value, at): value is number => value !== null && isAtFullSpeed(pulses[at]!, fastest));
  return { samples: values.length, summary: values.length === 0 ? null : summarize(values) };
}
