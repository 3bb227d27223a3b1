/**
 * The boot pool that results from the parameter `swiotlb=`, the request of the architecture, and the memory that is
 * free.
 * Models: setup_io_tlb_npages, swiotlb_adjust_size and swiotlb_init_remap (kernel/dma/swiotlb.c). See
 * docs/spec/swiotlb.md#size-and-boot-parameter. Deviation: numbers above 2^31 count as 2^31, where Linux wraps them.
 * Pure functions.
 */
import { CopytaxError } from '../../errors.js';
import { checkOptions } from '../../limits.js';
import { MIB, nextPowerOfTwo, roundUp, SEGMENT_SLOTS, SLOT_SIZE } from '../../units.js';
import { limitAreas, MIN_SLOTS } from '../pools/growth.js';

/** Slots of 64 MiB: the boot pool when neither parameter nor architecture changes it. */
export const DEFAULT_SLOTS = 32768;

const MAX_NUMBER = 2 ** 31;
const LAST_LOW_BYTE = 2 ** 32 - 1;
const NUMBER = '0x[\\da-f]+|0[0-7]*|[1-9]\\d*';
/** Each part may be missing, and no text is refused. What follows the second number is a word or nothing. */
const GRAMMAR = new RegExp(`^(${NUMBER})?,?(${NUMBER})?,?(.*)$`, 'is');

/** What `swiotlb=` says. */
export interface BootParam {
  /** As given, rounded up as the parser does; `DEFAULT_SLOTS` when not given. */
  readonly slots: number;
  /** A power of two; 0 when not given. */
  readonly areas: number;
  /** `force`: everything bounces. */
  readonly force: boolean;
  /** `noforce`: there is no slot pool. */
  readonly noforce: boolean;
}

/** What decides the slot pool of a boot. */
export interface BootInputs {
  /** What follows `swiotlb=` on Linux's command line. Default: the parameter is absent. */
  readonly param?: string;
  /** Number of possible CPUs, at least 1. */
  readonly cpus: number;
  /** Size that the architecture requests, bytes, such as `confidentialGuestBytes` returns. Default: no request. */
  readonly hintBytes?: number;
  /** What the platform needs. */
  readonly flags?: {
    /** True if the platform has memory that a device cannot reach, and so needs a slot pool. Default: true. */
    readonly needed?: boolean;
    /** True if the platform makes everything bounce, as confidential guests do. Default: false. */
    readonly force?: boolean;
    /** True if slot pools may lie above 4 GiB. Default: false. */
    readonly anyMemory?: boolean;
  };
  /** What memory there is. */
  readonly limits?: {
    /** The largest contiguous block that the boot can allocate, bytes. Default: no limit. */
    readonly blockBytes?: number;
    /** Address of the last byte of memory, where slot pools may lie anywhere. Default: 2^53 - 1. */
    readonly lastByte?: number;
  };
}

/** The slot pool of a boot. `slots`, `areas` and `areaSlots` are 0 when there is none. */
export interface BootPool {
  /** True if there is a slot pool. */
  readonly initialised: boolean;
  /** A power of two. */
  readonly slots: number;
  /** A power of two, each area at least one segment. */
  readonly areas: number;
  /** Slots of each area. */
  readonly areaSlots: number;
  /** As the parameter says. */
  readonly force: boolean;
  /** As the parameter says: there is no slot pool. */
  readonly noforce: boolean;
  /** True if parameter or platform make everything bounce. */
  readonly forceBounce: boolean;
  /** Slots that were requested, before the boot rounded or reduced them. */
  readonly wantedSlots: number;
  /** Slots of slot pools that are added later, if there is memory for them. */
  readonly defaultSlots: number;
  /** Areas of those; not reduced with the slots. 0 when the boot made none and none were given. */
  readonly defaultAreas: number;
  /** Highest address that slot pools added later may have. */
  readonly physLimit: number;
}

/** Reads the value of `swiotlb=`. Total: what it does not understand is ignored silently, as in Linux. */
export function parseBootParam(param: string): BootParam {
  const [, first, second, word] = GRAMMAR.exec(param)!;
  const areas = second === undefined ? 0 : nextPowerOfTwo(numberOf(second));
  const typed = first === undefined ? DEFAULT_SLOTS : roundUp(numberOf(first), SEGMENT_SLOTS);
  return { slots: roundForAreas(typed, areas), areas, force: word === 'force', noforce: word === 'noforce' };
}

/** The word in the place of `force`, whether Linux knows it or not. */
export function bootWord(param: string): string {
  return GRAMMAR.exec(param)![3]!;
}

/**
 * The one value of `swiotlb=` that does what several do. Linux reads each in order: a later number replaces an earlier
 * one, and a word stays, of which `noforce` is the stronger.
 */
export function joinedBootParam(params: readonly string[]): string {
  if (params.length === 1) return params[0]!;
  const parts = params.map((param) => GRAMMAR.exec(param)!);
  const last = (part: number) => parts.findLast((match) => match[part] !== undefined)?.[part] ?? '';
  const words = parts.map((match) => match[3]!).filter((word) => word !== '');
  const word = ['noforce', 'force'].find((known) => words.includes(known)) ?? words.at(-1) ?? '';
  return `${last(1)},${last(2)},${word}`.replace(/,+$/, '');
}

/** The size that an encrypted guest requests, bytes: 6 % of its memory, from 64 MiB to 1 GiB. */
export function confidentialGuestBytes(ramBytes: number): number {
  return Math.min(Math.max(Math.floor((ramBytes * 6) / 100), 64 * MIB), 1024 * MIB);
}

/** Computes the boot pool. @throws ERR_OUT_OF_RANGE when `cpus` or `hintBytes` is not a valid number */
export function bootPool(inputs: BootInputs): BootPool {
  checkOptions('bootPool()', inputs, ['param', 'cpus', 'hintBytes', 'flags', 'limits']);
  const { param, cpus, hintBytes, flags = {}, limits = {} } = inputs;
  checkOptions('flags of bootPool()', flags, ['needed', 'force', 'anyMemory']);
  checkOptions('limits of bootPool()', limits, ['blockBytes', 'lastByte']);
  if (!Number.isSafeInteger(cpus) || cpus < 1) throw outOfRange('cpus', cpus, 'an integer from 1 on');
  if (hintBytes !== undefined && !(hintBytes >= 0)) throw outOfRange('hintBytes', hintBytes, 'a number of bytes');
  const typed = parseBootParam(param ?? '');
  const { force, noforce } = typed;
  const wantedSlots = hintBytes === undefined ? typed.slots : adjusted(typed, hintBytes);
  const physLimit = flags.anyMemory ? (limits.lastByte ?? Number.MAX_SAFE_INTEGER) : LAST_LOW_BYTE;
  const none = { initialised: false, slots: 0, areas: 0, areaSlots: 0 };
  const asked = { force, noforce, wantedSlots, physLimit };
  if (noforce || !((flags.needed ?? true) || force)) {
    return { ...none, ...asked, forceBounce: false, defaultSlots: wantedSlots, defaultAreas: typed.areas };
  }
  const forceBounce = force || (flags.force ?? false);
  const defaultAreas = typed.areas === 0 ? nextPowerOfTwo(cpus) : typed.areas;
  const full = roundForAreas(wantedSlots, defaultAreas);
  const slots = withinMemory(full, limits.blockBytes ?? Infinity);
  if (slots === 0) return { ...none, ...asked, forceBounce, defaultSlots: full, defaultAreas };
  const areas = limitAreas(defaultAreas, slots);
  const pool = { initialised: true, slots, areas, areaSlots: slots / areas };
  return { ...pool, ...asked, forceBounce, defaultSlots: slots, defaultAreas };
}

/** Applies the request of the architecture if the slots are the default, even if the parameter gave that number. */
function adjusted({ slots, areas }: BootParam, hintBytes: number): number {
  if (slots !== DEFAULT_SLOTS) return slots;
  return roundForAreas(roundUp(Math.min(Math.ceil(hintBytes / SLOT_SIZE), MAX_NUMBER), SEGMENT_SLOTS), areas);
}

/** Halves the request until there is memory for it, as the boot does; 0 when there is none for the smallest. */
function withinMemory(wanted: number, blockBytes: number): number {
  let slots = wanted;
  while (slots * SLOT_SIZE > blockBytes) {
    if (slots <= MIN_SLOTS) return 0;
    slots = roundUp(Math.floor(slots / 2), SEGMENT_SLOTS);
  }
  return slots;
}

/** Rounds slots up to a power of two that gives each area a segment, if the number of areas is known. */
function roundForAreas(slots: number, areas: number): number {
  return areas === 0 ? slots : nextPowerOfTwo(Math.max(slots, areas * SEGMENT_SLOTS));
}

function numberOf(text: string): number {
  const isOctal = /^0\d/.test(text);
  return Math.min(isOctal ? Number.parseInt(text, 8) : Number(text), MAX_NUMBER);
}

function outOfRange(name: string, given: number, range: string): CopytaxError {
  return new CopytaxError('ERR_OUT_OF_RANGE', `${name} is ${given}: it has to be ${range}`, { [name]: given });
}
