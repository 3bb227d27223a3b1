/** What has to be known beside the numbers of a sizing: warnings first, then what is assumed. Pure. */
import { adviceOnToken } from '../../explain/advice.js';
import { bootPool, DEFAULT_SLOTS, parseBootParam } from '../../swiotlb/boot/boot-options.js';
import { GIB, MIB, SLOT_SIZE } from '../../units.js';
import type { CapturedLoad } from '../load/captured-load.js';
import type { PoolShape } from '../occupancy/pool-use.js';
import { assumptionsOf } from './assumptions.js';
import type { PoolSizing, SizingNote, SizingNoteCode } from './pool-sizing.js';

/** From here on Linux does not always find memory in a row below 4 GiB. */
const HARD_TO_FIND_BYTES = GIB;

/** What is known besides what was found. */
export interface NotesInput {
  readonly captures: readonly CapturedLoad[];
  readonly there: PoolShape | null;
  readonly bootParam: string | undefined;
  readonly isStopped: boolean;
}

export type Found = Omit<PoolSizing, 'notes'>;

export const note = (code: SizingNoteCode, text: string): SizingNote => ({ code, text });
const mib = (slots: number) => `${(slots * SLOT_SIZE) / MIB} MiB`;

/** Returns all notes, those that matter most first. */
export function notesOf(found: Found, input: NotesInput): SizingNote[] {
  return [
    ...(input.isStopped ? [note('stopped', 'it was stopped: sizes that are missing were not tried')] : []),
    ...unitNotes(input.bootParam),
    ...loadNotes(found, input.captures),
    ...targetNotes(found, input.isStopped),
    ...thereNotes(found, input.there),
    ...grownNotes(found, input),
    ...bootNotes(found),
    ...assumptionsOf(found, input.captures),
  ];
}

/** The number as it stands in the option, before Linux rounds it. */
function typedSlots(bootParam: string | undefined): number | null {
  const match = /^\d+/.exec(bootParam ?? '');
  return match === null ? null : Number(match[0]);
}

function unitNotes(bootParam: string | undefined): SizingNote[] {
  const { helps, doesNotHelp } = adviceOnToken(typedSlots(bootParam));
  if (helps.length === 0) return [];
  const text = `swiotlb=${bootParam} is less than any default. What helps: ${helps[0]}`;
  return [note('units', `${text}. What does not: ${doesNotHelp[0]}`)];
}

function loadNotes({ loads }: Found, captures: readonly CapturedLoad[]): SizingNote[] {
  const notes: SizingNote[] = [];
  const tooLarge = loads.reduce((sum, one) => sum + one.tooLarge, 0);
  if (tooLarge > 0) {
    const text = `${tooLarge} mappings are larger than a segment of 256 KiB: no pool of any size has room for them`;
    notes.push(note('too-large', `${text}; their driver has to ask for less (dma_max_mapping_size, max_sectors_kb)`));
  }
  for (const { load, dropped, capture } of captures) {
    if (dropped > 0) {
      const text = `${load.name} is long: ${dropped} of its mappings are left out, in the windows that were least busy`;
      notes.push(note('dropped-windows', `${text}, so that shares are those of the busy ones`));
    }
    const lost = capture.lostEvents;
    if (lost + capture.lostUncounted > 0) {
      const text = `${load.name} has lost ${lost > 0 ? lost : 'an unknown number of'} events: the real load was higher`;
      notes.push(note('lost-events', text));
    }
  }
  return notes;
}

function targetNotes({ recommended, target, seen }: Found, isStopped: boolean): SizingNote[] {
  const notes: SizingNote[] = [];
  if (target.asked !== null && target.asked < target.applied) {
    const needed = Math.ceil(3 / target.asked);
    const text = `a target of ${target.asked} cannot be supported: with ${seen} mappings and no failure among them,`;
    const more = `up to ${target.applied.toPrecision(2)} may fail; ${needed} mappings would be needed`;
    notes.push(note('target-unsupported', `${text} ${more}. What is recommended had no failure`));
  }
  if (recommended === null && !isStopped) {
    const text =
      'no pool up to 1 GiB is enough: have less in flight (fewer buffers, shorter rings, smaller send buffers)';
    notes.push(note('none-enough', `${text}, or a device that reaches all memory`));
  }
  return notes;
}

function thereNotes({ recommended, compared }: Found, there: PoolShape | null): SizingNote[] {
  if (recommended === null || there === null) return [];
  const { slots, enoughSlots, headroom } = recommended;
  const have = compared.find(({ name }) => name === 'have');
  if (slots === there.slots) {
    return [
      note('same', `${there.slots} slots (${mib(there.slots)}) are what there is: nothing changes by this advice`),
    ];
  }
  if (slots > there.slots) {
    if (have?.isEnough !== true) return [];
    const text = `the pool that there is, ${there.slots} slots (${mib(there.slots)}), is enough, with less headroom`;
    return [note('same', `${text} than ${headroom}`)];
  }
  const text = `the pool that there is, ${there.slots} slots (${mib(there.slots)}), is more than needed`;
  const more = `${mib(there.slots - slots)} could be given back, with ${headroom} times as many slots as were enough`;
  return [note('give-back', `${text} for this: ${more} (${enoughSlots})`)];
}

/** A pool that is larger than what it was booted with. The default is left out: there architectures choose. */
function grownNotes({ cpus }: Found, { there, bootParam }: NotesInput): SizingNote[] {
  if (there === null || bootParam === undefined || parseBootParam(bootParam).slots === DEFAULT_SLOTS) return [];
  const { slots } = bootPool({ param: bootParam, cpus });
  if (slots >= there.slots) return [];
  const text = `the pool that there is has grown (CONFIG_SWIOTLB_DYNAMIC): it was booted with ${slots} slots`;
  return [note('grown', `${text}. What is recommended need not grow`)];
}

function bootNotes({ recommended }: Found): SizingNote[] {
  const notes: SizingNote[] = [];
  if (recommended !== null && recommended.bytes >= HARD_TO_FIND_BYTES / 2) {
    const text = 'the pool has to lie in one piece below 4 GiB, and Linux halves what it does not find';
    const more = 'a guest with SEV-SNP is reported to have failed with 1 GiB and to have booted with 512 MiB';
    notes.push(note('low-memory', `${text}: ${more}. Read io_tlb_nslabs after the boot`));
  }
  if (
    recommended !== null &&
    recommended.inEncryptedGuest !== null &&
    recommended.inEncryptedGuest !== recommended.slots
  ) {
    const made = recommended.inEncryptedGuest;
    const text = `in an encrypted x86 guest Linux takes ${recommended.slots} for the default and makes ${made} slots`;
    const other = recommended.inEncryptedGuestInstead;
    const instead = other === null ? '' : `; ${other}, which it rounds up again, it leaves alone`;
    notes.push(note('default-of-guest', `${text} of it (${mib(made)}, from 6 % of memory)${instead}`));
  }
  const built = '64 MiB is not everywhere the size without the option: some kernels are built with another';
  const taken = 'encrypted guests and some routers take a share of memory, and WSL gives single devices pools';
  const told = '(hv_pci_swiotlb=). What there is, io_tlb_nslabs in /sys/kernel/debug/swiotlb tells';
  notes.push(note('other-defaults', `${built} (CONFIG_SWIOTLB_DEFAULT_SIZE_MB), ${taken} ${told}`));
  return notes;
}
