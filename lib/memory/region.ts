/**
 * Regions: creating, attaching and closing them. docs/design/0020 tells who owns what, 0022 what closing does.
 */
import { inspect } from 'node:util';
import { addon } from '../addon/addon.js';
import { guarded } from '../addon/native-error.js';
import { CopytaxError } from '../errors.js';
import { Attachment } from './attachment.js';
import { type CopyOptions, copyInto } from './copy-into.js';
import {
  HUGE_PAGES,
  type LockRefusal,
  type RegionInfo,
  type RegionSpec,
  refusalOf,
  requireInteger,
  requireSignal,
  requireSpec,
} from './region-spec.js';

/** Keeps a region's memory until it is given back: of this thread, never posted. */
export interface Lease extends Disposable {
  /** Gives the lease back. Idempotent; `using` does it at the end of its block. */
  release(): void;
}

const NOTHING = new ArrayBuffer(0);

/**
 * Bytes that a device could touch: populated, wherever possible locked, outside the JavaScript heap.
 *
 * A region belongs to the process and is named by `id`. Each thread that uses it attaches: send the id to a worker and
 * call `Region.attach` there. Posting a Region throws, as copying its properties does; posting its buffer or a view
 * copies all of it. The memory is given back when the last thread has closed its Regions, or some time after it has
 * dropped them and every view: close them, for a process has at most 4096 regions at a time.
 *
 * It is filled with a pattern in which no two pages are alike, not with zeros. It may be used as shared memory: Atomics
 * work on views of it between threads, except Atomics.wait and notify, which need a SharedArrayBuffer.
 *
 * A view that is used after the last close() reads zeros, and what is written there is lost. So is what Node has in
 * flight: await the callback of every write before close(), or take a lease. Nothing faults, and no memory of another
 * region is ever seen (docs/design/0022).
 */
export class Region {
  /** 1 or more; never given twice in a process. Names the region in copies and in other threads. */
  readonly id: number;
  /** Rounded up to the page size; stays after close(). */
  readonly bytes: number;
  /** Whether mlock was granted; stays after close(). */
  readonly locked: boolean;
  /** Why the region is not locked although `lock` asked for it; null otherwise. */
  readonly lockRefusal: LockRefusal | null;
  readonly #attachment: Attachment;
  #buffer: ArrayBuffer;
  #leases = 0;
  #closed = false;
  #left: () => void = () => {};
  readonly #idle = new Promise<void>((resolve) => {
    this.#left = resolve;
  });

  private constructor(id: number) {
    this.#buffer = guarded(() => addon().regionAttach(id));
    this.#attachment = Attachment.of(id, this.#buffer);
    this.#attachment.enter();
    const facts = addon().regionInfo(id);
    this.id = id;
    this.bytes = facts.bytes;
    this.locked = facts.locked;
    this.lockRefusal = refusalOf(facts);
    refusePosting(this);
  }

  /**
   * Maps, locks and writes every page, unless `populate` is false: the time grows with the size, and blocks the thread.
   * `Region.createAsync` does not.
   * @throws ERR_REGION_MAP, ERR_REGION_LOCK (only for lock: 'must'), ERR_TOO_MANY_REGIONS, ERR_EXTERNAL_MEMORY,
   * ERR_ADDON_NOT_BUILT, ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE, ERR_NOT_POWER_OF_TWO, ERR_UNKNOWN_OPTION
   */
  static create(spec: RegionSpec): Region {
    const options = requireSpec(spec);
    const id = guarded(() => addon().regionCreate(options));
    try {
      return new Region(id);
    } catch (error) {
      addon().regionClose(id);
      throw error;
    }
  }

  /**
   * As `create`, without blocking this thread: another one maps and writes. Wherever Linux may choose (`numaNode`), the
   * memory is near to the CPU that that thread was on.
   * Rejects with the errors of `create`, and with the reason of `signal` when that aborts it, which leaves nothing.
   */
  static async createAsync(spec: RegionSpec, options: { signal?: AbortSignal } = {}): Promise<Region> {
    requireSpec(spec);
    const signal = requireSignal('Region.createAsync()', options);
    const { createElsewhere } = await import('./create-elsewhere.js');
    return createElsewhere(spec, signal, (id) => new Region(id));
  }

  /**
   * Attaches this thread to the same memory. Each Region that is attached has a close() of its own.
   * @throws ERR_REGION_CLOSED when no thread is attached to it any more
   */
  static attach(id: number): Region {
    requireInteger('id', id, 1, 2 ** 31 - 1);
    return new Region(id);
  }

  /** All of the region; of no bytes after close(). One object for all Regions of this id in this thread. */
  get buffer(): ArrayBuffer {
    return this.#buffer;
  }

  /** Whether close() or closeWhenIdle() was called on this Region. Leases may keep the memory meanwhile. */
  get closed(): boolean {
    return this.#closed;
  }

  /** The address in this process, for other addons and FFI. @throws ERR_REGION_CLOSED */
  get address(): bigint {
    this.#requireOpen();
    return BigInt(addon().regionInfo(this.id).address);
  }

  /**
   * Returns bytes of the region as a Buffer, without a copy, for streams, sockets and files.
   * @throws ERR_REGION_CLOSED, ERR_OUT_OF_RANGE
   */
  view(offset = 0, bytes?: number): Buffer {
    this.#requireOpen();
    requireInteger('offset', offset, 0, this.bytes);
    const rest = this.bytes - offset;
    if (bytes !== undefined) requireInteger('bytes', bytes, 0, rest);
    if (this.#buffer.byteLength === 0) throw closed(this.id, 'a script has moved its memory to another buffer');
    return Buffer.from(this.#buffer, offset, bytes ?? rest);
  }

  /**
   * Copies bytes into this region: of a Region with a copy kernel, 'libc' by default, and of anything else as
   * `TypedArray.prototype.set` does. Returns the number of bytes: all of `source`, unless `options` says less.
   * @throws ERR_REGION_CLOSED, ERR_OUT_OF_RANGE also where the ranges overlap, ERR_INVALID_ARG_TYPE,
   * ERR_KERNEL_UNSUPPORTED, ERR_UNKNOWN_OPTION
   */
  copyFrom(source: Uint8Array | Region, options: CopyOptions = {}): number {
    return copyInto(this, source, options);
  }

  /** Returns the facts of this moment. Reads /proc: cold. @throws ERR_REGION_CLOSED */
  info(): RegionInfo {
    this.#requireOpen();
    const facts = guarded(() => addon().regionInfo(this.id));
    return { ...facts, hugePages: HUGE_PAGES[facts.hugePages]!, hugeBytes: addon().regionHugeBytes(this.id) };
  }

  /**
   * Keeps the memory beyond close() until the lease is given back: for what is in flight when a block ends.
   * @throws ERR_REGION_CLOSED
   */
  lease(): Lease {
    this.#requireOpen();
    this.#leases++;
    let given = false;
    const release = () => {
      if (given) return;
      given = true;
      this.#leases--;
      this.#leaveWhenIdle();
    };
    return { release, [Symbol.dispose]: release };
  }

  /**
   * Makes close() throw until the function that is returned is called: a machine does it with a region that is
   * registered with it, and lets go when it is closed. `inFlight` says how many references packets have to it.
   */
  hold(inFlight: () => number): () => void {
    if (typeof inFlight !== 'function') throw new CopytaxError('ERR_INVALID_ARG_TYPE', 'inFlight must be a function');
    return this.#attachment.hold(inFlight);
  }

  /**
   * Gives up this Region, and its memory unless it has leases or other Regions of the same id are open. Idempotent.
   * @throws ERR_IN_FLIGHT while the region is held, for example registered with a machine
   */
  close(): void {
    if (this.#closed) return;
    this.#attachment.requireUnheld();
    this.#closed = true;
    this.#buffer = NOTHING;
    this.#leaveWhenIdle();
  }

  /**
   * Closes as soon as nothing holds the region any more. Resolves when all leases of this Region are given back and its
   * memory is, too, unless other Regions of the same id are open.
   */
  async closeWhenIdle(): Promise<void> {
    await this.#attachment.unheld();
    this.close();
    await this.#idle;
  }

  /** As `close`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** What JSON says of a Region. */
  toJSON(): {
    /** Number of the region in this process. */
    id: number;
    /** Its length, bytes. */
    bytes: number;
    /** True if its pages are locked in memory. */
    locked: boolean;
    /** True once this Region is closed. */
    closed: boolean;
  } {
    return { id: this.id, bytes: this.bytes, locked: this.locked, closed: this.#closed };
  }

  #requireOpen(): void {
    if (!this.#closed) return;
    throw closed(this.id, 'it is closed');
  }

  #leaveWhenIdle(): void {
    if (!this.#closed || this.#leases > 0) return;
    this.#attachment.leave();
    this.#left();
  }
}

function closed(region: number, why: string): CopytaxError {
  return new CopytaxError('ERR_REGION_CLOSED', `region ${region} cannot be used: ${why}`, { region });
}

/**
 * A structured clone of a Region would be an object without methods. It reads all enumerable properties, so one that
 * throws tells the sender, on every line of Node.
 */
function refusePosting(region: Region): void {
  const get = (): never => {
    const message = `region ${region.id} cannot be posted: post its id, and call Region.attach(id) in the other thread`;
    throw new CopytaxError('ERR_NOT_POSTABLE', message, { region: region.id });
  };
  Object.defineProperty(region, 'postedById', { get, enumerable: true });
  Object.defineProperty(region, inspect.custom, { value: () => ({ Region: region.toJSON() }) });
}
