/**
 * How long mappings are held whose end a capture does not tell. In this order: as given; as long as those of the same
 * device whose end is told, their median; so long that the pool of the host is as full as the host counted; 1 ms.
 * Pure.
 */
import { slotsAt } from '../mappings/mapping-stream.js';
import type { Holds } from '../occupancy/hold-queue.js';
import { EARLIER, isTooLarge, type PoolLoad } from './pool-load.js';

/** What is taken where nothing tells more. */
export const ASSUMED_HOLD_NS = 1e6;
/** Mappings of a device whose end is told, from which on their median says something. */
const FEWEST_TOLD = 20;
const [SHORTEST_NS, LONGEST_NS] = [100, 100e9];
const STEPS = 40;
/** Times of a guess that are told beside it. */
const GUESSES = [0.1, 1, 10];

/** How the times of a load came about. */
export interface HoldTimes {
  /** Mappings whose end is told. */
  readonly told: number;
  /** Mappings whose end is not told. */
  readonly untold: number;
  /** Where the time of the latter is from, that of most of them; null if there are none. */
  readonly source: 'given' | 'median' | 'fitted' | 'assumed' | null;
  /** The time of most of them, nanoseconds; null if there are none. */
  readonly holdNs: number | null;
  /** Where it is a guess: most slots of theirs in use at a time with it, a tenth of it, and ten times as much. */
  readonly ifHeld: readonly {
    /** Nanoseconds. */
    readonly holdNs: number;
    /** Slots, without the floor. */
    readonly mostSlots: number;
  }[];
}

/** Returns the load with a time for each mapping, and how they came about. `highWater`, `floor`: slots. */
export function withHolds(
  load: PoolLoad,
  given: Holds | null,
  highWater: number | null,
  floor: number,
): { load: PoolLoad; times: HoldTimes } {
  const [told, untold] = countsOf(load);
  if (untold === 0) return { load, times: { told, untold, source: null, holdNs: null, ifHeld: [] } };
  const medians = given === null ? mediansOf(load) : new Map<number, number>();
  const fitted = given !== null || highWater === null ? null : fittedHold(load, medians, highWater - floor);
  const [source, byDefault] =
    given !== null
      ? (['given', given.defaultNs] as const)
      : fitted !== null
        ? (['fitted', fitted] as const)
        : (['assumed', ASSUMED_HOLD_NS] as const);
  const heldNs = load.heldNs.slice();
  let byMedian = 0;
  let medianNs = 0;
  for (let at = 0; at < load.entries; at++) {
    if (!Number.isNaN(heldNs[at]!)) continue;
    const median = medians.get(load.device[at]!);
    const ofDevice = given?.byDevice.get(load.devices[load.device[at]!] ?? '');
    heldNs[at] = median ?? ofDevice ?? byDefault;
    if (median === undefined) continue;
    byMedian++;
    medianNs = median;
  }
  const isMedian = byMedian * 2 > untold;
  const times: HoldTimes = isMedian
    ? { told, untold, source: 'median', holdNs: medianNs, ifHeld: [] }
    : { told, untold, source, holdNs: byDefault, ifHeld: source === 'assumed' ? guesses(load) : [] };
  return { load: { ...load, heldNs }, times };
}

function guesses(load: PoolLoad): HoldTimes['ifHeld'] {
  return GUESSES.map((factor) => {
    const holdNs = factor * ASSUMED_HOLD_NS;
    return { holdNs, mostSlots: mostHeld(load, holdNs) };
  });
}

function countsOf({ heldNs }: PoolLoad): [told: number, untold: number] {
  let [told, untold] = [0, 0];
  for (const held of heldNs) {
    if (Number.isNaN(held)) untold++;
    else if (held !== EARLIER && held !== Number.POSITIVE_INFINITY) told++;
  }
  return [told, untold];
}

/** By device, for those of which enough ends are told. */
function mediansOf({ heldNs, device, entries, devices }: PoolLoad): Map<number, number> {
  const times: number[][] = devices.map(() => []);
  for (let at = 0; at < entries; at++) {
    const held = heldNs[at]!;
    if (held >= 0 && held !== Number.POSITIVE_INFINITY) times[device[at]!]!.push(held);
  }
  const medians = new Map<number, number>();
  for (const [number, all] of times.entries()) {
    if (all.length < FEWEST_TOLD) continue;
    medians.set(number, Float64Array.from(all).sort()[all.length >> 1]!);
  }
  return medians;
}

/** The shortest time with which the most slots in use are `slots`; null if no time does. */
function fittedHold(load: PoolLoad, medians: ReadonlyMap<number, number>, slots: number): number | null {
  if (slots <= 0 || medians.size > 0 || mostHeld(load, LONGEST_NS) < slots) return null;
  let [low, high] = [SHORTEST_NS, LONGEST_NS];
  for (let step = 0; step < STEPS; step++) {
    const middle = Math.sqrt(low * high);
    if (mostHeld(load, middle) < slots) low = middle;
    else high = middle;
  }
  return high;
}

/** Most slots in use at a time if each mapping of which no end is told is held for `holdNs`. Others are left out. */
export function mostHeld({ entries, timeNs, bytes, offset, heldNs }: PoolLoad, holdNs: number): number {
  let [used, most, oldest] = [0, 0, 0];
  const slotsOf = (at: number) =>
    Number.isNaN(heldNs[at]!) && !isTooLarge(bytes[at]!, offset[at]!) ? slotsAt(offset[at]!, bytes[at]!) : 0;
  for (let at = 0; at < entries; at++) {
    while (timeNs[oldest]! + holdNs <= timeNs[at]! && oldest < at) used -= slotsOf(oldest++);
    used += slotsOf(at);
    most = Math.max(most, used);
  }
  return most;
}
