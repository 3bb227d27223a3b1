/**
 * Measures at what working set memory gets slower, for the facts of a host: what it tells of its caches may come from a
 * hypervisor, which says what it likes. One thread on one CPU follows a chain of loads through more and more memory.
 */

import { type Addon, addon } from '../../addon/addon.js';
import { Region } from '../../memory/region.js';
import { random, shuffled } from '../../random.js';
import { KIB, MIB } from '../../units.js';
import type { HostFacts } from '../facts/host-schema.js';
import { lastLevelCacheBytes } from '../facts/memory/last-level-cache.js';
import { availableMemory } from '../host/available-memory.js';
import { findKnees, type LatencyCurve } from '../statistics/knees.js';

/** Sizes per octave. */
const PER_OCTAVE = 4;
const SMALLEST_OCTAVE = 12;
/** Sizes from here on are multiples of a window of the native chain. */
const WHOLE_WINDOWS = 1 * MIB;
/** The largest working set: beyond the last cache of most hosts, and touched in some tens of milliseconds. */
const MOST_BYTES = 256 * MIB;
/** Working set that there is time for, per millisecond, so that the host may also be busy with something else. */
const BYTES_PER_MS = 128 * KIB;
/** Share of memory that is taken at most. */
const MEMORY_SHARE = 1 / 16;
/** Loads that are timed at each size: about half a millisecond where they miss all caches. */
const LOADS = 4096;
/** Every size is measured this often, if there is time. */
const MOST_PASSES = 11;
/** Fewer do not tell a disturbance from a cache. */
const FEWEST_PASSES = 3;
/** Share of the time of a run that this may take, and the most that is of use, milliseconds. */
const TIME_SHARE = 1 / 20;
const MOST_MS = 1000;

export type KneeFacts = Pick<HostFacts, 'cacheKnees' | 'cacheKneesHugeShare' | 'missing'>;

export interface KneeSources {
  readonly pointerChase?: Addon['pointerChase'];
  /** Memory that this process can still get, bytes. */
  readonly availableBytes?: () => number;
}

/** Returns the largest working set: four times the last cache that is told if there is time, and at least twice. */
function largestSet(host: HostFacts, cpu: number, limitMs: number, availableBytes: number): number {
  const told = lastLevelCacheBytes(host, [cpu]);
  const inTime = BYTES_PER_MS * limitMs;
  const wanted = told === null ? inTime : Math.min(4 * told, Math.max(2 * told, inTime));
  return Math.min(
    MOST_BYTES,
    wanted,
    MEMORY_SHARE * Math.min(host.memory.totalBytes ?? availableBytes, availableBytes),
  );
}

/** How long the measurement may take in a run of this budget, milliseconds. */
export function kneeTimeMs(budgetMs: number): number {
  return Math.min(MOST_MS, TIME_SHARE * budgetMs);
}

/** The sizes that are measured, ascending: from 4 KiB to `largest`. */
export function measuredSizes(largest: number): number[] {
  const steps = Math.floor((Math.log2(largest) - SMALLEST_OCTAVE) * PER_OCTAVE + 1e-9);
  return Array.from({ length: Math.max(0, steps + 1) }, (_, at) => {
    const size = 2 ** (SMALLEST_OCTAVE + at / PER_OCTAVE);
    const unit = size >= WHOLE_WINDOWS ? 64 * KIB : 64;
    return Math.round(size / unit) * unit;
  });
}

/** Every size once in each pass, in an order of its own, so that what happens meanwhile is no matter of size. */
function passesOf(sizes: readonly number[], seed: number): number[] {
  const next = random(seed);
  return Array.from({ length: MOST_PASSES }, () => shuffled([...sizes.keys()], next)).flat();
}

/** Sorts what was measured by size, without the pass that the end of the time has cut short. */
function curveOf(sizes: readonly number[], order: readonly number[], measured: Float64Array): LatencyCurve {
  const complete = Math.floor(measured.length / sizes.length) * sizes.length;
  const ns = sizes.map((): number[] => []);
  for (let at = 0; at < complete; at++) ns[order[at]!]!.push(measured[at]!);
  return { bytes: sizes, ns };
}

/**
 * Returns the measured knees, or null and the reason in `missing`, besides what `host` lacks already. Takes `limitMs`
 * and the time of one size more, at most, and blocks. The addon has to be built. Never throws.
 */
export function cacheKnees(host: HostFacts, cpu: number, limitMs: number, sources: KneeSources = {}): KneeFacts {
  const { pointerChase = addon().pointerChase, availableBytes = availableMemory } = sources;
  const none = (reason: string): KneeFacts => ({
    cacheKnees: null,
    missing: [...host.missing, { fact: 'cacheKnees', reason }],
  });
  const largest = largestSet(host, cpu, limitMs, availableBytes());
  if (largest < WHOLE_WINDOWS) return none('there is not enough memory to measure them in');
  const bytes = 2 ** Math.ceil(Math.log2(largest));
  const sizes = measuredSizes(largest);
  const order = passesOf(sizes, 1);
  let region: Region | null = null;
  try {
    region = Region.create({ bytes, align: 2 * MIB, lock: 'no', populate: false });
    const spec = { region: region.id, offset: 0, bytes, loads: LOADS, limitMs: Math.max(1, Math.round(limitMs)), cpu };
    const measured = pointerChase(
      spec,
      Float64Array.from(order, (at) => sizes[at]!),
    );
    const curve = curveOf(sizes, order, measured);
    const passes = curve.ns[0]!.length;
    if (passes < FEWEST_PASSES) return none(`sizes were measured ${passes} times in ${limitMs.toFixed(0)} ms: too few`);
    const { hugeBytes } = region.info();
    const hugeShare = hugeBytes < 0 ? null : Math.min(1, hugeBytes / sizes.at(-1)!);
    return { cacheKnees: findKnees(curve), cacheKneesHugeShare: hugeShare, missing: host.missing };
  } catch (error) {
    return none(error instanceof Error ? error.message : String(error));
  } finally {
    region?.close();
  }
}
