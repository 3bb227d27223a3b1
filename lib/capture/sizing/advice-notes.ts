/** What has to be known of a recommendation: where it is not what was asked for, and beside what there is. Pure. */
import { DEFAULT_SLOTS } from '../../swiotlb/boot/boot-options.js';
import { GIB, SLOT_SIZE } from '../../units.js';
import type { PoolShape } from '../occupancy/pool-use.js';
import { bytesText, type Found, mib, note } from './assumptions.js';
import type { SizingNote, TriedPool } from './pool-sizing.js';
import { FEWEST_SLOTS, LARGEST_SLOTS, MOST_OF_MEMORY } from './recommendation.js';

const MOST = `1/${1 / MOST_OF_MEMORY} of the memory`;

export function targetNotes({ target, seen }: Found): SizingNote[] {
  if (target.asked === null || target.asked >= target.applied) return [];
  const needed = Math.ceil(3 / target.asked);
  const text = `a target of ${target.asked} cannot be supported: with ${seen} mappings and no failure among them,`;
  const more = `up to ${target.applied.toPrecision(2)} may fail; ${needed} mappings would be needed`;
  return [note('target-unsupported', `${text} ${more}. What is recommended had no failure`)];
}

/** `enough`: the smallest pool that is enough, whether there is room for it or not. */
export function roomNotes(found: Found, enough: TriedPool | null, isStopped: boolean): SizingNote[] {
  const { recommended, memoryBytes } = found;
  if (recommended === null) return isStopped ? [] : [enough === null ? noneEnough() : noRoom(enough, memoryBytes)];
  const { slots, headroom, askedHeadroom, enoughSlots } = recommended;
  if (headroom >= askedHeadroom) return [];
  const why =
    slots === LARGEST_SLOTS
      ? 'no pool above 1 GiB is recommended'
      : `no pool above ${MOST} is (${memory(memoryBytes)})`;
  const text = `a headroom of ${askedHeadroom} is too much: ${enoughSlots} slots are enough, and ${why}`;
  return [note('less-headroom', `${text}; it is ${headroom}`)];
}

function noneEnough(): SizingNote {
  const text =
    'no pool up to 1 GiB is enough: have less in flight (fewer buffers, shorter rings, smaller send buffers)';
  return note('none-enough', `${text}, or a device that reaches all memory`);
}

const memory = (bytes: number | null) => (bytes === null ? 'not known' : bytesText(bytes));

function noRoom({ slots }: TriedPool, memoryBytes: number | null): SizingNote {
  const text = `${slots} slots (${mib(slots)}) would be enough, which is more than ${MOST} (${memory(memoryBytes)})`;
  const least = slots === FEWEST_SLOTS ? '' : ', or a host with more memory (--memory, if it is another)';
  return note('no-room', `${text}: no pool is recommended. Have less in flight${least}`);
}

/** `little`: what is missing for a pool to be made smaller. */
export function thereNotes(found: Found, there: PoolShape | null, little: readonly string[]): SizingNote[] {
  const { recommended, compared } = found;
  if (recommended === null) return [];
  const { slots, areas, enoughSlots, headroom, mayShrink } = recommended;
  const isLittle = note('little-evidence', littleText(little));
  if (there === null) return mayShrink || slots >= DEFAULT_SLOTS ? [] : [isLittle];
  const size = `${there.slots} slots (${mib(there.slots)})`;
  if (slots === there.slots) {
    if (areas === there.areas) return [note('same', `${size} are what there is: nothing changes by this advice`)];
    const text = `${size} are what there is, in ${there.areas} areas: by this advice there are ${areas}`;
    return [note('same', `${text}, one for each CPU, rounded up to a power of two`)];
  }
  if (slots > there.slots) {
    if (compared.find(({ name }) => name === 'have')?.isEnough !== true) return [];
    return [note('same', `the pool that there is, ${size}, is enough, with less headroom than ${headroom}`)];
  }
  if (!mayShrink) return [isLittle];
  const text = `the pool that there is, ${size}, is more than needed for this`;
  const more = `${mib(there.slots - slots)} could be given back, with ${headroom} times as many slots as were enough`;
  return [note('give-back', `${text}: ${more} (${enoughSlots})`)];
}

function littleText(little: readonly string[]): string {
  return `the load says too little to make a pool smaller by it: ${little.join('; ')}. A larger pool can stay`;
}

/** From here on Linux does not always find memory in a row below 4 GiB. */
const HARD_TO_FIND_BYTES = GIB / 2;

export function memoryNotes({ recommended }: Found): SizingNote[] {
  if (recommended === null || recommended.slots * SLOT_SIZE < HARD_TO_FIND_BYTES) return [];
  const text = 'the pool has to lie in one piece below 4 GiB, and Linux halves what it does not find';
  const more = 'a guest with SEV-SNP is reported to have failed with 1 GiB and to have booted with 512 MiB';
  return [note('low-memory', `${text}: ${more}. Read io_tlb_nslabs after the boot`)];
}
