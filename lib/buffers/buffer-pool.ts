/** Buffers of one size in one region, which are taken and given back: what a sender fills and hands to a socket. */
import { CopytaxError } from '../errors.js';
import { checkOptions, outOfRange, within } from '../limits.js';
import { Region } from '../memory/region.js';
import type { LockPolicy } from '../memory/region-spec.js';

const MAX_BYTES = 2 ** 32;
const LINE = 64;
const OPTIONS = ['count', 'bytes', 'align', 'lock'];

/** What `new BufferPool` takes. */
export interface BufferPoolOptions {
  /** Number of buffers, 1 or more. All of them together, each rounded up to `align`, take at most 4 GiB. */
  count: number;
  /** Length of each, bytes, 1 or more. */
  bytes: number;
  /** Each begins at a multiple of it: a power of two from 64 (default) to 1 GiB. */
  align?: number;
  /** As of a Region: 'try' by default, see `locked`. */
  lock?: LockPolicy;
}

/**
 * A pool of Buffers over one region, of one thread.
 *
 * A buffer that was taken belongs to the caller until it is given back; give it back when what it was handed to has
 * called back, never before. Contents are those that the last user left. Takers are served in the order of their calls.
 */
export class BufferPool implements AsyncDisposable {
  readonly #region: Region;
  readonly #stride: number;
  readonly #buffers: readonly Buffer[];
  readonly #free: number[];
  readonly #isTaken: Uint8Array;
  #waiting: { resolve: (buffer: Buffer) => void; reject: (error: Error) => void }[] = [];
  #isClosing = false;
  #whenIdle: (() => void)[] = [];

  /**
   * @throws ERR_OUT_OF_RANGE, ERR_NOT_POWER_OF_TWO, ERR_INVALID_ARG_TYPE, ERR_UNKNOWN_OPTION, and as Region.create does
   */
  constructor(options: BufferPoolOptions) {
    checkOptions('new BufferPool()', options, OPTIONS);
    const { count, bytes, align = LINE, lock = 'try' } = options ?? {};
    within('count', count, 1, MAX_BYTES / LINE);
    within('bytes', bytes, 1, MAX_BYTES);
    within('align', align, LINE, 2 ** 30);
    this.#stride = Math.ceil(bytes / align) * align;
    if (count * this.#stride > MAX_BYTES) {
      throw outOfRange(`${count} buffers of ${this.#stride} bytes are more than ${MAX_BYTES} bytes`);
    }
    this.#region = Region.create({ bytes: count * this.#stride, align, lock });
    this.#buffers = Array.from({ length: count }, (_, index) => this.#region.view(index * this.#stride, bytes));
    this.#free = this.#buffers.map((_, index) => count - 1 - index);
    this.#isTaken = new Uint8Array(count);
  }

  /** Number of buffers. */
  get count(): number {
    return this.#buffers.length;
  }

  /** Number of buffers that can be taken at once. */
  get available(): number {
    return this.#free.length;
  }

  /** Whether Linux has locked the memory of all buffers. */
  get locked(): boolean {
    return this.#region.locked;
  }

  /** The region that the buffers lie in, for its `id`, `info()` and `address`. Closing it is the pool's business. */
  get region(): Region {
    return this.#region;
  }

  /** Returns a buffer, or null when all are out. @throws ERR_POOL_CLOSED after close() */
  tryTake(): Buffer | null {
    if (this.#isClosing) throw closed();
    const index = this.#free.pop();
    if (index === undefined) return null;
    this.#isTaken[index] = 1;
    return this.#buffers[index]!;
  }

  /** Resolves to a buffer as soon as one is free. Rejects with ERR_POOL_CLOSED when the pool is closed meanwhile. */
  async take(): Promise<Buffer> {
    return this.tryTake() ?? new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /**
   * Gives a buffer back, or a part of one from its beginning.
   * @throws ERR_BAD_ADDRESS for what is not of this pool, ERR_DOUBLE_FREE for what was given back before
   */
  give(buffer: Buffer): void {
    const index = this.#indexOf(buffer);
    if (this.#isTaken[index] === 0) {
      throw new CopytaxError('ERR_DOUBLE_FREE', `buffer ${index} of the pool was given back before`, { index });
    }
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next.resolve(this.#buffers[index]!);
      return;
    }
    this.#isTaken[index] = 0;
    this.#free.push(index);
    this.#closeWhenIdle();
  }

  /**
   * Refuses takers from now on, those that wait, too. Resolves when the last buffer is back and the memory is given
   * back. May be called again.
   */
  close(): Promise<void> {
    this.#isClosing = true;
    for (const { reject } of this.#waiting) reject(closed());
    this.#waiting = [];
    const idle = new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    this.#closeWhenIdle();
    return idle;
  }

  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #closeWhenIdle(): void {
    if (!this.#isClosing || this.#free.length < this.#buffers.length) return;
    this.#region.close();
    for (const resolve of this.#whenIdle) resolve();
    this.#whenIdle = [];
  }

  #indexOf(buffer: Buffer): number {
    const first = this.#buffers[0]!;
    const isOurs = buffer instanceof Uint8Array && buffer.buffer === first.buffer;
    const index = isOurs ? (buffer.byteOffset - first.byteOffset) / this.#stride : Number.NaN;
    const whole = this.#buffers[index];
    // What is left of a buffer that was used up is empty, and begins where the next one does.
    if (whole !== undefined && buffer.byteLength > 0 && buffer.byteLength <= whole.byteLength) return index;
    const what = isOurs ? 'it is not a part of one from its beginning' : 'it is not of this pool';
    throw new CopytaxError('ERR_BAD_ADDRESS', `a buffer cannot be given back: ${what}`);
  }
}

function closed(): CopytaxError {
  return new CopytaxError('ERR_POOL_CLOSED', 'the pool of buffers is closed');
}
