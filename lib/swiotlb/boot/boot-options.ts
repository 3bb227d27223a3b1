/**
 * What pool a boot gives: the parameter `swiotlb=`, the wish of the architecture, and the memory that can be had.
 * Models: setup_io_tlb_npages, swiotlb_adjust_size and swiotlb_init_remap (kernel/dma/swiotlb.c); the slot allocator's
 * specification, section 12. Deviation: numbers beyond 2^31 count as 2^31, where Linux wraps them. Pure functions.
 */
import { CopytaxError } from '../../errors.js';
import { MIB, nextPowerOfTwo, roundUp, SEGMENT_SLOTS, SLOT_SIZE } from '../../units.js';
import { limitAreas, MIN_SLOTS } from '../pools/growth.js';

/** 64 MiB: the pool of a boot that neither parameter nor architecture changes. */
export const DEFAULT_SLOTS = 32768;

const MOST = 2 ** 31;
const LAST_LOW_BYTE = 2 ** 32 - 1;
const NUMBER = '0x[\\da-f]+|0[0-7]*|[1-9]\\d*';
/** Every part may be missing, and no text is refused. What follows the second number is a word or nothing. */
const GRAMMAR = new RegExp(`^(${NUMBER})?,?(${NUMBER})?,?(.*)$`, 'is');

export interface BootParam {
  /** As typed, rounded up as far as the parser does; `DEFAULT_SLOTS` when none were typed. */
  readonly slots: number;
  /** A power of two; 0 when none were typed. */
  readonly areas: number;
  /** Everything bounces. */
  readonly force: boolean;
  /** There is no pool. */
  readonly noforce: boolean;
}

export interface BootInputs {
  /** What follows `swiotlb=` on the command line. Default: the parameter is absent. */
  readonly param?: string;
  /** Possible CPUs, at least 1. */
  readonly cpus: number;
  /** Bytes that the architecture would like the pool to have, as `confidentialGuestBytes` answers. Default: no wish. */
  readonly hintBytes?: number;
  readonly flags?: {
    /** Does the platform need a pool, having memory that a device cannot reach? Default: true. */
    readonly needed?: boolean;
    /** The platform lets everything bounce, as confidential guests do. Default: false. */
    readonly force?: boolean;
    /** Pools may lie above 4 GiB. Default: false. */
    readonly anyMemory?: boolean;
  };
  readonly limits?: {
    /** The largest contiguous block that start-up can get, bytes. Default: any. */
    readonly blockBytes?: number;
    /** Address of the last byte of memory, for platforms that allow any. Default: 2^53 - 1. */
    readonly lastByte?: number;
  };
}

/** The pool of a boot. `slots`, `areas` and `areaSlots` are 0 when there is none. */
export interface BootPool {
  readonly initialised: boolean;
  /** A power of two. */
  readonly slots: number;
  /** A power of two, each area at least one segment. */
  readonly areas: number;
  readonly areaSlots: number;
  /** Of the parameter. */
  readonly force: boolean;
  readonly noforce: boolean;
  /** Everything bounces, by parameter or platform. */
  readonly forceBounce: boolean;
  /** Slots wanted before start-up had to round or shrink them. */
  readonly wantedSlots: number;
  /** Slots that pools added later are made with, or try to be. */
  readonly defaultSlots: number;
  /** Areas likewise; not reduced with the slots. 0 when start-up never asked. */
  readonly defaultAreas: number;
  /** Address of the last byte that pools added later may hold. */
  readonly physLimit: number;
}

/** Reads the value of `swiotlb=`. Total: what is not understood is ignored, as Linux does, without a word. */
export function parseBootParam(param: string): BootParam {
  const [, first, second, word] = GRAMMAR.exec(param)!;
  const areas = second === undefined ? 0 : nextPowerOfTwo(numberOf(second));
  const typed = first === undefined ? DEFAULT_SLOTS : roundUp(numberOf(first), SEGMENT_SLOTS);
  return { slots: roundForAreas(typed, areas), areas, force: word === 'force', noforce: word === 'noforce' };
}

/** What stands where `force` would, whether Linux knows it or not. */
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

/** What an encrypted guest asks for: 6 % of its memory, from 64 MiB to 1 GiB. */
export function confidentialGuestBytes(ramBytes: number): number {
  return Math.min(Math.max(Math.floor((ramBytes * 6) / 100), 64 * MIB), 1024 * MIB);
}

/** What start-up makes of parameter, wish and memory. @throws ERR_OUT_OF_RANGE when `cpus` or `hintBytes` is none */
export function bootPool({ param, cpus, hintBytes, flags = {}, limits = {} }: BootInputs): BootPool {
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
  const slots = obtainable(full, limits.blockBytes ?? Infinity);
  if (slots === 0) return { ...none, ...asked, forceBounce, defaultSlots: full, defaultAreas };
  const areas = limitAreas(defaultAreas, slots);
  const pool = { initialised: true, slots, areas, areaSlots: slots / areas };
  return { ...pool, ...asked, forceBounce, defaultSlots: slots, defaultAreas };
}

/** The wish of the architecture counts as long as the slots are the default, even when somebody typed that number. */
function adjusted({ slots, areas }: BootParam, hintBytes: number): number {
  if (slots !== DEFAULT_SLOTS) return slots;
  return roundForAreas(roundUp(Math.min(Math.ceil(hintBytes / SLOT_SIZE), MOST), SEGMENT_SLOTS), areas);
}

/** Start-up halves its wish until the memory can be had; 0 when even the smallest cannot. */
function obtainable(wanted: number, blockBytes: number): number {
  let slots = wanted;
  while (slots * SLOT_SIZE > blockBytes) {
    if (slots <= MIN_SLOTS) return 0;
    slots = roundUp(Math.floor(slots / 2), SEGMENT_SLOTS);
  }
  return slots;
}

/** Once the areas are known, slots are a power of two and give each area a segment. */
function roundForAreas(slots: number, areas: number): number {
  return areas === 0 ? slots : nextPowerOfTwo(Math.max(slots, areas * SEGMENT_SLOTS));
}

function numberOf(text: string): number {
  const isOctal = /^0\d/.test(text);
  return Math.min(isOctal ? Number.parseInt(text, 8) : Number(text), MOST);
}

function outOfRange(name: string, given: number, range: string): CopytaxError {
  return new CopytaxError('ERR_OUT_OF_RANGE', `${name} is ${given}: it has to be ${range}`, { [name]: given });
}
