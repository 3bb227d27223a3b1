/** What has to be known beside the numbers of a sizing: warnings first, then what is assumed. Pure. */
import { adviceOnToken } from '../../explain/advice.js';
import { bootPool, DEFAULT_SLOTS, parseBootParam } from '../../swiotlb/boot/boot-options.js';
import type { CapturedLoad } from '../load/captured-load.js';
import type { PoolShape } from '../occupancy/pool-use.js';
import { memoryNotes, roomNotes, targetNotes, thereNotes } from './advice-notes.js';
import { assumptionsOf, type Found, mib, note } from './assumptions.js';
import { loadNotes } from './load-notes.js';
import type { SizingNote, TriedPool } from './pool-sizing.js';

/** What is known besides what was found. */
export interface NotesInput {
  readonly captures: readonly CapturedLoad[];
  /** The smallest pool that is enough; null if none is. */
  readonly enough: TriedPool | null;
  /** What is missing for a pool to be made smaller. */
  readonly little: readonly string[];
  readonly there: PoolShape | null;
  readonly bootParam: string | undefined;
  readonly isStopped: boolean;
}

/** Returns all notes, those that matter most first. */
export function notesOf(found: Found, input: NotesInput): SizingNote[] {
  return [
    ...(input.isStopped ? [note('stopped', 'it was stopped: sizes that are missing were not tried')] : []),
    ...unitNotes(found, input.bootParam),
    ...loadNotes(found, input.captures),
    ...targetNotes(found),
    ...roomNotes(found, input.enough, input.isStopped),
    ...thereNotes(found, input.there, input.little),
    ...grownNotes(found, input),
    ...memoryNotes(found),
    ...bootNotes(found),
    ...assumptionsOf(found, input.captures),
  ];
}

/** The number as it stands in the option, before Linux rounds it. */
function typedSlots(bootParam: string | undefined): number | null {
  const match = /^\d+/.exec(bootParam ?? '');
  return match === null ? null : Number(match[0]);
}

/** Not of a pool that is enough: there so little is meant, and told by what it is compared with. */
function unitNotes({ compared }: Found, bootParam: string | undefined): SizingNote[] {
  const { helps, doesNotHelp } = adviceOnToken(typedSlots(bootParam));
  if (helps.length === 0 || compared.some(({ name, isEnough }) => name === 'have' && isEnough)) return [];
  const text = `swiotlb=${bootParam} is less than any default. What helps: ${helps[0]}`;
  return [note('units', `${text}. What does not: ${doesNotHelp[0]}`)];
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
  if (
    recommended !== null &&
    recommended.inEncryptedGuest !== null &&
    recommended.inEncryptedGuest !== recommended.slots
  ) {
    const made = recommended.inEncryptedGuest;
    const text = `in an encrypted x86 guest Linux takes ${recommended.slots} for the default and makes ${made} slots`;
    const other = recommended.inEncryptedGuestInstead;
    const instead =
      other === null
        ? ''
        : `; ${other}, which it rounds up again, it leaves alone: without areas, with which it would be rounded first`;
    notes.push(note('default-of-guest', `${text} of it (${mib(made)}, from 6 % of memory)${instead}`));
  }
  const built = '64 MiB is not everywhere the size without the option: some kernels are built with another';
  const taken = 'encrypted guests and some routers take a share of memory, and WSL gives single devices pools';
  const told = '(hv_pci_swiotlb=). What there is, io_tlb_nslabs in /sys/kernel/debug/swiotlb tells';
  notes.push(note('other-defaults', `${built} (CONFIG_SWIOTLB_DEFAULT_SIZE_MB), ${taken} ${told}`));
  return notes;
}
