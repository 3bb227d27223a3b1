/**
 * How long mappings are held whose end a capture does not tell. In this order: as given; as long as those of the same
 * device whose end is told, their median; so long that the pool of the host is as full as the host counted; 1 ms.
 * Pure.
 */
import { fittedHold, mostHeld } from './fitted-hold.js';
import { type MissingEnds, withoutMissingEnds } from './missing-ends.js';
import { EARLIER, type PoolLoad } from './pool-load.js';

/** What is taken where nothing tells more. */
export const ASSUMED_HOLD_NS = 1e6;
/** Mappings of a device whose end is told, from which on their median says something. */
const FEWEST_TOLD = 20;
/** Times of a guess that are told beside it. */
const GUESSES = [0.1, 1, 10];

/** Times that are given for mappings whose end is not told. */
export interface GivenHolds {
  /** For devices without a time of their own, nanoseconds; null if none is given for those. */
  readonly defaultNs: number | null;
  /** By name of the device. */
  readonly byDevice: ReadonlyMap<string, number>;
}

/** Where a time is from. */
export type HoldSource = 'given' | 'median' | 'fitted' | 'assumed';

/** Mappings whose end is not told, and which are held for the same time for the same reason. */
export interface HoldGroup {
  /** Where the time is from. */
  readonly source: HoldSource;
  /** The device that the time is of; null if it is of all that have none of their own. */
  readonly device: string | null;
  /** Nanoseconds. */
  readonly holdNs: number;
  /** How many there are. */
  readonly mappings: number;
}

/** What became of a time that was given. */
export interface HoldUse {
  /** The device it was given for; null: for all others. */
  readonly device: string | null;
  /** Mappings of that device in the capture. */
  readonly mappings: number;
  /** Those of them whose end is not told, for which it was taken. */
  readonly untold: number;
}

/** How the times of a load came about. */
export interface HoldTimes {
  /** Mappings whose end is told. */
  readonly told: number;
  /** Mappings whose end is not told. */
  readonly untold: number;
  /** Where the time of the latter is from, that of most of them; null if there are none. */
  readonly source: HoldSource | null;
  /** The time of most of them, nanoseconds; null if there are none. */
  readonly holdNs: number | null;
  /** All of them by their time, the most first. */
  readonly groups: readonly HoldGroup[];
  /** The times that were given. */
  readonly given: readonly HoldUse[];
  /** Why mappings that were told with their slot count as those whose end is not told; null if none do. */
  readonly missing: MissingEnds | null;
  /** Where it is a guess: most slots in use at a time with it, a tenth of it, and ten times as much. */
  readonly ifHeld: readonly {
    /** Nanoseconds. */
    readonly holdNs: number;
    /** Slots, without the floor. */
    readonly mostSlots: number;
  }[];
}

/** What is known besides a load. */
export interface HoldFacts {
  /** Times that are given. Default: none. */
  readonly given?: GivenHolds | null;
  /** Most slots that the host had in use. Default: not known. */
  readonly highWater?: number | null;
  /** Slots that are held from before. Default: 0. */
  readonly floor?: number;
  /** False if no mapping was seen to end. Default: true. */
  readonly isEndSeen?: boolean;
}

/** Returns the load with a time for each mapping, and how they came about. */
export function withHolds(recorded: PoolLoad, facts: HoldFacts = {}): { load: PoolLoad; times: HoldTimes } {
  const { given = null, highWater = null, floor = 0, isEndSeen = true } = facts;
  const room = highWater === null ? null : highWater - floor;
  const { load, missing } = withoutMissingEnds(recorded, isEndSeen, room);
  const groups = new Groups(load);
  const [told, untold] = countsOf(load);
  const use = given === null ? [] : usesOf(load, given);
  groups.takeOfDevices('given', given === null ? new Map() : byNumber(load, given.byDevice));
  if (given !== null && given.defaultNs !== null) groups.takeAll('given', given.defaultNs);
  groups.takeOfDevices('median', mediansOf(load));
  const fitted = room === null || groups.left === 0 ? null : fittedHold(groups.load, room);
  const guessed = fitted === null && groups.left > 0;
  const ifHeld = guessed ? guesses(groups.load) : [];
  groups.takeAll(guessed ? 'assumed' : 'fitted', fitted ?? ASSUMED_HOLD_NS);
  const all = groups.all();
  const { source, holdNs } = all[0] ?? { source: null, holdNs: null };
  return { load: groups.load, times: { told, untold, source, holdNs, groups: all, given: use, missing, ifHeld } };
}

/** Gives times to mappings that have none, group by group. Owner: one call. */
class Groups {
  readonly load: PoolLoad;
  readonly #groups: HoldGroup[] = [];
  /** Mappings without a time. */
  left: number;

  constructor(load: PoolLoad) {
    this.load = { ...load, heldNs: load.heldNs.slice() };
    this.left = load.heldNs.reduce((sum, held) => sum + (Number.isNaN(held) ? 1 : 0), 0);
  }

  /** Gives mappings of devices that have no time yet that of their device, by its number. */
  takeOfDevices(source: HoldSource, holds: ReadonlyMap<number, number>): void {
    if (holds.size === 0 || this.left === 0) return;
    const { entries, heldNs, device, devices } = this.load;
    const taken = new Map<number, number>();
    for (let at = 0; at < entries; at++) {
      const number = device[at]!;
      const holdNs = Number.isNaN(heldNs[at]!) ? holds.get(number) : undefined;
      if (holdNs === undefined) continue;
      heldNs[at] = holdNs;
      taken.set(number, (taken.get(number) ?? 0) + 1);
    }
    for (const [number, mappings] of taken) {
      this.left -= mappings;
      this.#groups.push({ source, device: devices[number]!, holdNs: holds.get(number)!, mappings });
    }
  }

  /** Gives all mappings that have no time yet the same. */
  takeAll(source: HoldSource, holdNs: number): void {
    if (this.left === 0) return;
    const { heldNs } = this.load;
    for (const [at, held] of heldNs.entries()) if (Number.isNaN(held)) heldNs[at] = holdNs;
    this.#groups.push({ source, device: null, holdNs, mappings: this.left });
    this.left = 0;
  }

  all(): HoldGroup[] {
    return this.#groups.sort((a, b) => b.mappings - a.mappings);
  }
}

function byNumber({ devices }: PoolLoad, byDevice: ReadonlyMap<string, number>): Map<number, number> {
  const times = devices.map((name) => (name === null ? undefined : byDevice.get(name)));
  return new Map(times.flatMap((holdNs, number) => (holdNs === undefined ? [] : [[number, holdNs] as const])));
}

function usesOf(load: PoolLoad, { defaultNs, byDevice }: GivenHolds): HoldUse[] {
  const names = [...byDevice.keys(), ...(defaultNs === null ? [] : [null])];
  return names.map((device) => {
    let [mappings, untold] = [0, 0];
    for (let at = 0; at < load.entries; at++) {
      const name = load.devices[load.device[at]!] ?? null;
      const isOf = device === null ? !byDevice.has(name ?? '') : name === device;
      if (!isOf || load.heldNs[at] === EARLIER) continue;
      mappings++;
      if (Number.isNaN(load.heldNs[at]!)) untold++;
    }
    return { device, mappings, untold };
  });
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
