/**
 * Which slot pool a load needs: pools of every size are tried with it, and the smallest in which mappings fail rarely
 * enough is recommended, with headroom. Models no growth (SWIOTLB_DYNAMIC): a pool that grows needs less at boot.
 * Owner: one thread.
 */
import { CopytaxError } from '../../errors.js';
import { packageVersion } from '../../package-facts.js';
import { bootPool, confidentialGuestBytes, DEFAULT_SLOTS } from '../../swiotlb/boot/boot-options.js';
import { isPowerOfTwo, nextPowerOfTwo, SEGMENT_SLOTS, SLOT_SIZE } from '../../units.js';
import { flowFacts, flowLoad } from '../load/flow-load.js';
import { loadFacts, type PoolLoad } from '../load/pool-load.js';
import type { PoolShape } from '../occupancy/pool-use.js';
import { littleEvidence } from './evidence.js';
import { notesOf } from './notes.js';
import type { ComparedPool, PoolSizing, SizedLoad, TriedPool } from './pool-sizing.js';
import {
  areasIn,
  enoughSlots,
  LARGEST_SLOTS,
  recommend,
  roomFor,
  SMALLEST_SLOTS,
  withHeadroom,
} from './recommendation.js';
import { requireOptions, type SizingInput, type SizingOptions } from './sizing-options.js';
import { type TrialLoad, Trials } from './trials.js';

const PERCENTS = [10, 25, 50, 75, 90];
const DEFAULT_PERCENT = 50;
const DEFAULT_HEADROOM = 2;
const DEFAULT_PASSES = 16;
/** Mappings that all passes of one pool have together, about. */
const MAPPINGS_OF_POOL = 200_000;
const FLOW_PASSES = 8;
/** More than senders could ever fill. */
const ALL_THEY_CAN = 2 ** 31;

/** Powers of two from the smallest to the largest, and the others that are asked about. */
function ladder(others: readonly number[]): number[] {
  const sizes = new Set(others);
  for (let slots = SMALLEST_SLOTS; slots <= LARGEST_SLOTS; slots *= 2) sizes.add(slots);
  return [...sizes].sort((a, b) => a - b);
}

/** The shape as an allocator can be made of it: an old kernel has pools of any size, in one area. */
function usableShape({ slots, areas }: PoolShape): PoolShape {
  const rounded = nextPowerOfTwo(areas);
  return { slots, areas: canHave(slots, rounded) ? rounded : 1 };
}

function trialLoads(input: SizingInput, floor: number, seed: number): TrialLoad[] {
  if (input.captures !== undefined) {
    return input.captures.map((one) => ({ floor: one.floor, ofPass: () => one.load }));
  }
  const made: PoolLoad[] = [];
  const ofPass = (pass: number) => {
    made[pass] ??= flowLoad(input.flows, seed + pass);
    return made[pass];
  };
  return [{ floor, ofPass }];
}

/** True if as many slots can have those areas, or fewer of a power of two. One area may have any number of slots. */
function canHave(slots: number, areas: number): boolean {
  return areas === 1 || slots % (areas * SEGMENT_SLOTS) === 0 || isPowerOfTwo(slots);
}

function nothingToSize(loads: readonly SizedLoad[]): CopytaxError {
  const names = loads.map(({ name }) => name).join(', ') || 'no capture';
  const tooLarge = loads.reduce((sum, one) => sum + one.tooLarge, 0);
  const why = tooLarge === 0 ? 'nothing was mapped' : `all ${tooLarge} mappings are larger than a segment of 256 KiB`;
  const remedy = tooLarge === 0 ? 'record while devices are in use' : 'let drivers ask for less: no pool helps';
  return new CopytaxError('ERR_CAPTURE', `there is nothing to size a pool for in ${names}: ${why}`, { remedy });
}

/**
 * Tries pools of every size with a load. Rejects with ERR_OUT_OF_RANGE and ERR_UNKNOWN_OPTION for options, and
 * ERR_OUT_OF_RANGE for flows that are none, and ERR_CAPTURE where nothing was mapped that a pool has room for.
 */
export async function sizePool(input: SizingInput, options: SizingOptions = {}): Promise<PoolSizing> {
  requireOptions(options);
  const { have, memoryBytes, bootParam, target: asked, signal, onProgress, seed = 1 } = options;
  const { headroom = DEFAULT_HEADROOM, percent = DEFAULT_PERCENT } = options;
  const isFresh = input.flows !== undefined;
  const loads = trialLoads(input, options.floor ?? 0, seed);
  const facts: SizedLoad[] = loads.map(({ floor, ofPass }, at) => ({
    ...loadFacts(ofPass(0)),
    floor,
    floorFrom: isFresh ? (options.floor === undefined ? null : 'given') : (input.captures![at]!.floorFrom ?? null),
    holds: input.captures?.[at]?.holds ?? null,
    capture: input.captures?.[at]?.capture ?? null,
    told: input.captures?.[at]?.mappings ?? null,
  }));
  const cpus = options.cpus ?? Math.max(1, ...facts.map((one) => one.cpus));
  const perPass = facts.reduce((sum, { mappings }) => sum + mappings, 0);
  if (perPass === 0) throw nothingToSize(facts);
  const sized = Math.max(2, Math.min(DEFAULT_PASSES, Math.floor(MAPPINGS_OF_POOL / perPass)));
  const passes = options.passes ?? (isFresh ? FLOW_PASSES : sized);

  const areas = nextPowerOfTwo(cpus);
  const there = have === undefined ? null : usableShape(have);
  const share = { param: '', cpus, flags: { force: true } };
  const shareSlots =
    memoryBytes === undefined ? null : bootPool({ ...share, hintBytes: confidentialGuestBytes(memoryBytes) }).slots;
  const others = [there?.slots, shareSlots].filter((slots) => slots !== null && slots !== undefined);
  const sizes = ladder(others);
  const areaCounts = [...new Set([areas, 1, ...(there === null ? [] : [there.areas])])];
  const expected = sizes.length * (areaCounts.length + 1) * passes + PERCENTS.length * passes;
  let done = 0;
  const flows = input.flows === undefined ? null : { ...input.flows, ...flowFacts(input.flows) };
  const trials = new Trials({
    loads,
    isFresh,
    passes,
    cpus,
    seed,
    wantedPageSlots: flows === null ? ALL_THEY_CAN : Math.ceil(flows.allBufferBytes / SLOT_SIZE),
    signal: signal ?? null,
    onPass: () => onProgress?.(++done, Math.max(done, expected)),
  });

  const pools: TriedPool[] = [];
  const add = (pool: TriedPool | null) => {
    if (pool !== null && !pools.includes(pool)) pools.push(pool);
    return pool;
  };
  for (const slots of sizes) {
    for (const count of areaCounts) {
      if (canHave(slots, count)) add(await trials.try({ slots, areas: count }, 0));
    }
    add(await trials.try({ slots, areas: canHave(slots, areas) ? areas : 1 }, percent));
  }

  const seen = isFresh ? perPass * passes : perPass;
  const supported = 3 / seen;
  const target = { asked: asked ?? null, applied: Math.max(asked ?? 0, Math.min(1, supported)) };
  const isEnough = ({ failures }: TriedPool) =>
    failures !== null && (failures.failures === 0 || failures.high <= target.applied);
  // Of a search that was stopped larger pools are missing, which may be less than enough.
  const enough = signal?.aborted ? null : enoughSlots(pools, areas, isEnough);
  const percents: TriedPool[] = [];
  const room = roomFor(memoryBytes);
  const isRoom = enough !== null && enough.slots <= room;
  if (isRoom) {
    const slots = withHeadroom(enough.slots, headroom, room);
    for (const one of [...new Set([...PERCENTS, percent])].sort((a, b) => a - b)) {
      const tried = await trials.try({ slots, areas }, one);
      if (tried !== null) percents.push(tried);
    }
  }
  const little = littleEvidence(facts, target, supported);
  const mayShrink = little.length === 0;
  const recommended = isRoom
    ? recommend({ enough, areas, headroom, percents, isEnough, there, bootParam, memoryBytes, cpus, mayShrink })
    : null;
  const compared: ComparedPool[] = [];
  const compare = (name: ComparedPool['name'], slots: number | null | undefined, count: number) => {
    const pool = pools.find((one) => one.slots === slots && one.percent === 0 && one.areas === areasIn(slots, count));
    if (pool !== undefined)
      compared.push({ name, pool, isEnough: isEnough(pool), fits: name === 'have' || pool.slots <= room });
  };
  compare('have', there?.slots, there?.areas ?? areas);
  compare('default', DEFAULT_SLOTS, areas);
  compare('share-of-memory', shareSlots, areas);
  compare('largest', LARGEST_SLOTS, areas);

  const found = {
    schema: 'copytax.size/1',
    copytax: packageVersion(),
    loads: facts,
    flows,
    cpus,
    memoryBytes: memoryBytes ?? null,
    seed,
    seen,
    target,
    pools,
    percents,
    compared,
    recommended,
  } as const;
  const captures = input.captures ?? [];
  return {
    ...found,
    notes: notesOf(found, { captures, enough, little, there, bootParam, isStopped: signal?.aborted ?? false }),
  };
}
