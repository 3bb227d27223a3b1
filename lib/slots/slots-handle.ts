/**
 * What makes a checked slot pool: its checked specification, the handle that crosses threads, and the tables that every
 * thread builds over the same memory.
 */
import { types } from 'node:util';
import { CopytaxError } from '../errors.js';
import { checkOptions, oneOf, outOfRange, powerOfTwo, within } from '../limits.js';
import { LOCKS, type LockPolicy, MAX_REGION_BYTES } from '../memory/region-spec.js';
import { Arena } from '../smp/arena.js';
import { SlotPool } from '../swiotlb/slots/slot-pool.js';
import { SEGMENT_BYTES, SLOT_SIZE } from '../units.js';
import { AreaLocks } from './area-locks.js';
import { BlockRecords } from './block-records.js';
import { MAX_THREADS, ThreadTable } from './thread-table.js';

const DEFAULT_THREADS = 64;
const DEFAULT_STALL_MS = 2000;
const MAX_STALL_MS = 3_600_000;

/** What `Slots.create` takes. */
export interface SlotsSpec {
  /** Bytes of the slot pool: a multiple of 256 KiB for each area, up to 4 GiB. */
  readonly bytes: number;
  /**
   * Parts with a lock each, a power of two: threads that begin in different areas do not wait for each other. By
   * default the largest of 4, 2 and 1 that divides `bytes` into multiples of 256 KiB. A block lies in one area.
   */
  readonly areas?: number;
  /** The most handles that may be attached at a time, 1 to 1023, that of the creator included; 64 by default. */
  readonly threads?: number;
  /** Whether the memory is locked, as for `Region.create`; 'try' by default. */
  readonly lock?: LockPolicy;
  /**
   * How long a call waits, in milliseconds, for one thread that holds the lock of an area and has not ended, before it
   * throws ERR_LOCK_STUCK; 1 to 3,600,000, 2000 by default.
   */
  readonly stallMs?: number;
}

/**
 * What `Slots.attach` needs: plain data that may be posted to a worker or passed as `workerData`. Its fields are no
 * interface. It keeps no memory: that lasts as long as a thread of the process is attached to it.
 */
export interface SlotsHandle {
  /** Id of the memory of the slots. */
  readonly region: number;
  /** What threads share besides. */
  readonly control: SharedArrayBuffer;
  /** Bytes of the slot pool. */
  readonly bytes: number;
  /** Parts with a lock each. */
  readonly areas: number;
  /** The most handles that may be attached at a time. */
  readonly threads: number;
  /** How long a call waits for one thread that holds a lock. */
  readonly stallMs: number;
}

/** The shape of a slot pool: what its tables are built from. */
export type SlotsShape = Pick<SlotsHandle, 'bytes' | 'areas' | 'threads' | 'stallMs'>;

/** The tables in the shared memory, as objects of one thread. */
export interface SlotsTables {
  /** One word: the id of the region that the tables are of. */
  readonly region: Int32Array;
  readonly threads: ThreadTable;
  readonly locks: AreaLocks;
  readonly blocks: BlockRecords;
  readonly pool: SlotPool;
}

/** @throws ERR_OUT_OF_RANGE, ERR_NOT_POWER_OF_TWO, ERR_UNKNOWN_OPTION, ERR_INVALID_ARG_TYPE */
export function shapeOf(spec: SlotsSpec): SlotsShape {
  checkOptions('Slots.create()', spec ?? null, ['bytes', 'areas', 'threads', 'lock', 'stallMs']);
  const { bytes, lock = 'try', threads = DEFAULT_THREADS, stallMs = DEFAULT_STALL_MS } = spec;
  within('bytes', bytes, SEGMENT_BYTES, MAX_REGION_BYTES); // before it is divided
  oneOf('lock', lock, LOCKS);
  const { areas = defaultAreas(bytes) } = spec;
  const shape = { bytes, areas, threads, stallMs };
  checkShape(shape);
  return shape;
}

/** @throws ERR_INVALID_ARG_TYPE for what is no handle of `Slots` */
export function checkHandle(handle: SlotsHandle): void {
  try {
    checkShape(handle);
    if (!types.isSharedArrayBuffer(handle.control)) throw outOfRange('control must be a SharedArrayBuffer');
    const bytes = Arena.bytesFor((arena) => tablesIn(arena, handle));
    if (handle.control.byteLength !== bytes) throw outOfRange(`control must have ${bytes} bytes`);
  } catch (error) {
    const message = 'Slots.attach() takes the `handle` of Slots, as it was posted';
    throw new CopytaxError('ERR_INVALID_ARG_TYPE', message, { name: 'handle' }, error);
  }
}

/** Takes the columns of a slot pool; the same for every thread. */
export function tablesIn(arena: Arena, { bytes, areas, threads }: SlotsShape): SlotsTables {
  const slots = bytes / SLOT_SIZE;
  const table = new ThreadTable(arena, threads);
  return {
    region: arena.int32(1),
    threads: table,
    locks: new AreaLocks(arena, areas, table),
    blocks: new BlockRecords(arena, slots),
    pool: new SlotPool(arena, { start: 0, slots, areas }),
  };
}

function checkShape({ bytes, areas, threads, stallMs }: SlotsShape): void {
  within('bytes', bytes, SEGMENT_BYTES, MAX_REGION_BYTES);
  powerOfTwo('areas', areas);
  if (bytes % (areas * SEGMENT_BYTES) !== 0) {
    const multiple = `a multiple of ${areas * SEGMENT_BYTES}, ${SEGMENT_BYTES} for each of ${areas} areas`;
    throw outOfRange(`bytes must be ${multiple}, not ${bytes}`);
  }
  within('threads', threads, 1, MAX_THREADS);
  within('stallMs', stallMs, 1, MAX_STALL_MS);
}

function defaultAreas(bytes: number): number {
  return [4, 2].find((areas) => bytes % (areas * SEGMENT_BYTES) === 0) ?? 1;
}
