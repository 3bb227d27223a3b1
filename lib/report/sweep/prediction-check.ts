/** Whether a prediction holds in a sweep, and what counts as flat, as linear and as alike: the same on every host. */

export interface PredictionCheck {
  readonly claim: string;
  readonly verdict: 'holds' | 'does not hold' | 'not measurable here';
  /** The numbers that decide, or what is missing and what was measured instead. */
  readonly because: string;
}

interface Range {
  readonly low: number;
  readonly high: number;
}

/** The ratio of two rates that count as alike. */
export const FLAT = 1.25;
/** The part of doubling, or of proportionality, that is enough. */
export const LINEAR = 0.8;
/** The ratio of two designs that move the same. */
export const ABOUT_ONE: Range = { low: 0.8, high: FLAT };
/** The ratio of the two designs with as many queues as senders. */
export const WITH_MANY_QUEUES: Range = { low: 0.9, high: 2.1 };
/** Bytes in flight in multiples of the room for pages: most of the payload has to bounce. */
export const FAR_BEYOND = 2;
/** The part of an advantage that may be left of it where it has collapsed. */
export const COLLAPSED = 0.5;

export function isWithin(value: number, { low, high }: Range): boolean {
  return value >= low && value <= high;
}

export function checked(claim: string, holds: boolean, because: string): PredictionCheck {
  return { claim, verdict: holds ? 'holds' : 'does not hold', because };
}

export function notMeasurable(claim: string, because: string): PredictionCheck {
  return { claim, verdict: 'not measurable here', because };
}
