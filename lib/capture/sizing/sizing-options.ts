/** What pools are tried with, and what is known of the host. */
import { checkOptions, outOfRange, within } from '../../limits.js';
import type { CapturedLoad } from '../load/captured-load.js';
import type { FlowInput } from '../load/flow-load.js';
import type { PoolShape } from '../occupancy/pool-use.js';

/** What pools are tried with: captures, or flows. */
export type SizingInput =
  | {
      /** Loads that one pool has to bear, one after the other; at least one. */
      readonly captures: readonly CapturedLoad[];
      /** Not beside captures. */
      readonly flows?: undefined;
    }
  | {
      /** Flows, whose mappings are drawn. */
      readonly flows: FlowInput;
      /** Not beside flows. */
      readonly captures?: undefined;
    };

/** What is known of the host, and what is wanted. */
export interface SizingOptions {
  /** CPUs of the host. Default: as many as the load tells of. */
  readonly cpus?: number;
  /** Slots that are held from before, for flows. Default: 0. Captures have a floor each. */
  readonly floor?: number;
  /** The pool that there is. */
  readonly have?: PoolShape;
  /** Value of `swiotlb=` on the command line that there is. */
  readonly bootParam?: string;
  /** Memory of the host, bytes, of which an encrypted guest takes 6 %. */
  readonly memoryBytes?: number;
  /** Highest probability that a mapping may fail with, above 0. Default: the lowest that the load supports. */
  readonly target?: number;
  /** By how much more slots to recommend than are enough, 1 to 64. Default: 2. */
  readonly headroom?: number;
  /** Percent for bounce pages of senders to try at every size, 1 to 90. Default: 50. */
  readonly percent?: number;
  /** Passes with other holes in the floor and other CPUs, 1 to 1000. Default: 16, fewer for long captures; flows: 8. */
  readonly passes?: number;
  /** Decides all that is drawn. Default: 1. */
  readonly seed?: number;
  /** Ends the search early: what was found by then is returned, with a note `stopped`. */
  readonly signal?: AbortSignal;
  /** Called after each pass, with how many there were and about how many there will be. */
  readonly onProgress?: (done: number, expected: number) => void;
}

const OPTIONS = [
  'cpus',
  'floor',
  'have',
  'bootParam',
  'memoryBytes',
  'target',
  'headroom',
  'percent',
  'passes',
  'seed',
  'signal',
  'onProgress',
];

/** @throws ERR_UNKNOWN_OPTION, ERR_OUT_OF_RANGE */
export function requireOptions(options: SizingOptions): void {
  checkOptions('sizePool()', options, OPTIONS);
  const { cpus, floor, target, headroom, percent, passes, have, memoryBytes, seed } = options;
  if (cpus !== undefined) within('cpus', cpus, 1, 2 ** 16);
  if (floor !== undefined) within('floor', floor, 0, 2 ** 30);
  if (percent !== undefined) within('percent', percent, 1, 90);
  if (passes !== undefined) within('passes', passes, 1, 1000);
  if (seed !== undefined) within('seed', seed, 0, 2 ** 32 - 1);
  if (have !== undefined) within('slots of the pool that there is', have.slots, 1, 2 ** 22);
  if (have !== undefined) within('areas of the pool that there is', have.areas, 1, 2 ** 16);
  const above = (name: string, value: number | undefined, low: number, high: number) => {
    if (value === undefined || (value >= low && value <= high)) return;
    throw outOfRange(`${name} must be a number from ${low} to ${high}, not ${value}`);
  };
  above('target', target, Number.MIN_VALUE, 1);
  above('headroom', headroom, 1, 64);
  above('memoryBytes', memoryBytes, 1, 2 ** 53);
}
