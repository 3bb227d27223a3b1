/**
 * A slot pool that threads share, with every call checked: what a program of one's own uses, where a machine uses
 * `Swiotlb`. It decides as `SlotPool` does, and adds checks, locks that survive their holders, and records from which
 * the tables are repaired. docs/design/0038-checked-slots.md says how.
 */
import { CopytaxError } from '../errors.js';
import { oneOf, shown, within } from '../limits.js';
import { Region } from '../memory/region.js';
import { Arena } from '../smp/arena.js';
import { NO_SLOT } from '../swiotlb/slots/slot-pool.js';
import { SEGMENT_BYTES, SLOT_SIZE } from '../units.js';
import { noBlock } from './block-records.js';
import { CheckedAreas } from './checked-areas.js';
import { checkHandle, type SlotsHandle, type SlotsSpec, type SlotsTables, shapeOf, tablesIn } from './slots-handle.js';
import { numberOf } from './thread-table.js';

const NONE = NO_SLOT;

/**
 * One thread's access to a slot pool: memory outside the JavaScript heap, cut into slots of 2048 bytes, from which
 * threads take blocks of 1 byte to 256 KiB, and to which any thread gives them back. A block is named by its offset, a
 * plain number that may be posted.
 *
 * Threads: the pool any, at the same time; an object the thread that made it. The creator and each worker have an
 * object of their own, made by `create` or `attach`, and close it. A thread may be terminated at any instant: locks
 * that it held pass to the next caller, and the books are repaired. Blocks belong to no thread: those that a thread had
 * when it ended stay allocated until their offsets are freed, or `forget` is told to free them.
 */
export class Slots implements Disposable {
  /** Post it to a worker, and attach there. */
  readonly handle: SlotsHandle;
  readonly #region: Region;
  readonly #tables: SlotsTables;
  readonly #areas: CheckedAreas;
  readonly #token: number;
  readonly #homeArea: number;
  #isClosed = false;

  private constructor(region: Region, handle: SlotsHandle, tables: SlotsTables, token: number) {
    this.handle = Object.freeze({ ...handle });
    this.#region = region;
    this.#tables = tables;
    this.#areas = new CheckedAreas(tables, token, handle.stallMs);
    this.#token = token;
    this.#homeArea = this.thread & (handle.areas - 1);
  }

  /**
   * Makes a slot pool of new memory, and attaches the calling thread. The time grows with the size.
   * @throws ERR_OUT_OF_RANGE, ERR_NOT_POWER_OF_TWO, ERR_UNKNOWN_OPTION, ERR_INVALID_ARG_TYPE for a wrong
   * specification; what `Region.create` throws
   */
  static create(spec: SlotsSpec): Slots {
    const shape = shapeOf(spec);
    const arena = Arena.for((counting) => tablesIn(counting, shape));
    const tables = tablesIn(arena, shape);
    tables.pool.reset();
    const region = Region.create({ bytes: shape.bytes, lock: spec.lock ?? 'try' });
    tables.region[0] = region.id;
    const handle = { region: region.id, control: arena.buffer!, ...shape };
    return new Slots(region, handle, tables, tables.threads.join());
  }

  /**
   * Attaches the calling thread to the slot pool of another.
   * @throws ERR_INVALID_ARG_TYPE for what is no handle, ERR_REGION_CLOSED when no thread is attached any more,
   * ERR_OUT_OF_RANGE when as many handles are attached as `create` was told
   */
  static attach(handle: SlotsHandle): Slots {
    checkHandle(handle);
    const tables = tablesIn(Arena.over(handle.control), handle);
    if (tables.region[0] !== handle.region)
      throw notPosted(`its region is that of other slots, ${shown(handle.region)}`);
    const token = tables.threads.join();
    try {
      return new Slots(regionOf(handle), handle, tables, token);
    } catch (error) {
      tables.threads.leave(token);
      throw error;
    }
  }

  /** The number of this handle, from 0, for `forget`. Numbers of handles that were closed or forgotten come back. */
  get thread(): number {
    return numberOf(this.#token);
  }

  /**
   * Bytes of the slots that are taken, each block rounded up to slots. Exact while no thread allocates or frees.
   * @throws ERR_REGION_CLOSED, ERR_THREAD_FORGOTTEN, ERR_LOCK_STUCK
   */
  get used(): number {
    this.#assertPresent();
    this.#areas.mend();
    return this.#tables.pool.used() * SLOT_SIZE;
  }

  /**
   * Takes a block. Its bytes are those that were there before. Next-fit search: areas in turn, beginning with one that
   * depends on the number of the thread; blocks of 4096 bytes and more begin at a multiple of 4096, others at one of
   * 2048; none crosses a multiple of 256 KiB.
   * @param bytes 1 to 262,144
   * @returns the offset of its first byte, or -1 (`NO_SLOT`) when no area has as many free slots side by side
   * @throws ERR_OUT_OF_RANGE, ERR_REGION_CLOSED, ERR_THREAD_FORGOTTEN, ERR_LOCK_STUCK
   */
  alloc(bytes: number): number {
    this.#assertPresent();
    within('bytes', bytes, 1, SEGMENT_BYTES);
    const { areas } = this.handle;
    for (let step = 0; step < areas; step++) {
      const slot = this.#areas.alloc((this.#homeArea + step) & (areas - 1), bytes);
      if (slot !== NONE) return slot * SLOT_SIZE;
    }
    return NONE;
  }

  /**
   * Gives a block back, which any thread may have taken. Of several threads that free the same block, one succeeds.
   * The offset of a block that was freed and taken again is that of the new block: which of two owners frees it cannot
   * be told.
   * @param offset what `alloc` returned
   * @returns the bytes that `alloc` was asked for
   * @throws ERR_DOUBLE_FREE where a block has begun and none does now, ERR_BAD_ADDRESS where none ever has;
   * ERR_REGION_CLOSED, ERR_THREAD_FORGOTTEN, ERR_LOCK_STUCK
   */
  free(offset: number): number {
    this.#assertPresent();
    const isSlot = Number.isInteger(offset) && offset % SLOT_SIZE === 0;
    if (!isSlot || offset < 0 || offset >= this.handle.bytes) throw noBlock(offset);
    const bytes = this.#areas.free(offset / SLOT_SIZE);
    if (bytes > 0) return bytes;
    throw noBlock(offset, bytes);
  }

  /**
   * The bytes of a block, or of a part of it, without a copy. The view must not be used after the block is freed: it
   * then shows the bytes of the next owner. Threads that share a block agree among themselves who writes.
   * @param offset where the view begins: what `alloc` returned, or further in the block
   * @param bytes at most as many as `alloc` was asked for, less what lies before `offset`
   * @throws ERR_BAD_ADDRESS where no block is allocated, ERR_OUT_OF_RANGE past its end, ERR_REGION_CLOSED,
   * ERR_THREAD_FORGOTTEN
   */
  view(offset: number, bytes: number): Buffer {
    this.#assertPresent();
    const { blocks } = this.#tables;
    if (!Number.isInteger(offset) || offset < 0 || offset >= this.handle.bytes) throw noBlock(offset);
    const first = blocks.blockOf(Math.floor(offset / SLOT_SIZE));
    if (first < 0) throw noBlock(offset);
    const left = blocks.bytesAt(first) - (offset - first * SLOT_SIZE);
    within('bytes', bytes, 0, Math.max(0, left));
    return Buffer.from(this.#region.buffer, offset, bytes);
  }

  /**
   * Says that a thread has ended without closing its handle: its number and the locks that it held are free, and the
   * books are right, when the call returns. Needed only where Linux does not show the threads of the process in /proc;
   * elsewhere the next caller finds out by itself. Does nothing for a number that no handle has.
   * @param thread the `thread` of its handle, which is worth nothing to the handle any more
   * @param blocks what becomes of the blocks that the thread took and that no thread has freed: `keep`, by default, for
   * threads that know their offsets; `free` where it handed none on that is still used
   * @returns the bytes of the blocks that were freed, as `alloc` was asked for them
   * @throws ERR_THREAD_ALIVE when after `stallMs` the thread is still running, or for the number of this handle;
   * ERR_OUT_OF_RANGE, ERR_REGION_CLOSED, ERR_THREAD_FORGOTTEN, ERR_LOCK_STUCK
   */
  forget(thread: number, blocks: 'keep' | 'free' = 'keep'): number {
    this.#assertPresent();
    const { handle } = this;
    const { threads } = this.#tables;
    within('thread', thread, 0, handle.threads - 1);
    oneOf('blocks', blocks, ['keep', 'free']);
    if (thread === this.thread) throw isAlive(`${thread} is the number of this handle`, thread);
    if (!threads.awaitEnd(thread, handle.stallMs)) throw isAlive(`thread ${thread} has not ended`, thread);
    const token = threads.tokenOf(thread);
    threads.remove(thread);
    this.#areas.mend();
    return blocks === 'free' && token !== 0 ? this.#areas.freeBlocksOf(token) : 0;
  }

  /**
   * Detaches this thread: views cannot be used any more. Blocks stay allocated; the memory is freed when no thread of
   * the process is attached. Idempotent.
   * @throws ERR_IN_FLIGHT while something holds the region
   */
  close(): void {
    if (this.#isClosed) return;
    this.#region.close();
    this.#isClosed = true;
    this.#tables.threads.leave(this.#token);
  }

  /** The same as `close`, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  #assertPresent(): void {
    if (this.#isClosed) throw new CopytaxError('ERR_REGION_CLOSED', 'the slots are closed in this thread');
    if (this.#tables.threads.isPresent(this.#token)) return;
    const message = `thread ${this.thread} was forgotten: its number may have been given to another thread`;
    throw new CopytaxError('ERR_THREAD_FORGOTTEN', message, { thread: this.thread });
  }
}

/** Attaches to the memory of the slots. @throws ERR_INVALID_ARG_TYPE for memory of another size, ERR_REGION_CLOSED */
function regionOf(handle: SlotsHandle): Region {
  const region = Region.attach(handle.region);
  if (region.bytes === handle.bytes) return region;
  region.close();
  throw notPosted(`region ${region.id} has ${region.bytes} bytes, not ${handle.bytes}`);
}

function notPosted(why: string): CopytaxError {
  const message = `Slots.attach() takes the \`handle\` of Slots, as it was posted: ${why}`;
  return new CopytaxError('ERR_INVALID_ARG_TYPE', message, { name: 'handle' });
}

function isAlive(why: string, thread: number): CopytaxError {
  return new CopytaxError('ERR_THREAD_ALIVE', `cannot forget a thread that is alive: ${why}`, { thread });
}
