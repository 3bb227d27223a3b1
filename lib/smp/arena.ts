/**
 * Control state of a machine lives in one SharedArrayBuffer, carved into columns by an arena.
 *
 * Every thread builds the same objects over the same buffer by running the same constructors in the same order, so
 * nothing but the buffer and the configuration has to cross threads. Constructors only take columns, which are empty
 * while they are counted; the one thread that creates a machine also calls each object's `reset()`.
 */

const LINE_BYTES = 128; // two 64-byte lines: the adjacent-line prefetcher pairs them

export class Arena {
  readonly #memory: ArrayBufferLike | null;
  #used: number;

  private constructor(memory: ArrayBufferLike | null, begin = 0) {
    this.#memory = memory;
    this.#used = begin;
  }

  /** An arena for `build`, whose columns it has counted beforehand. Any thread. */
  static for(build: (arena: Arena) => unknown): Arena {
    return new Arena(new SharedArrayBuffer(Arena.bytesFor(build)));
  }

  /** What the columns that `build` takes need. */
  static bytesFor(build: (arena: Arena) => unknown): number {
    const counting = new Arena(null);
    build(counting);
    return counting.#used;
  }

  /** The arena that another thread made. */
  static over(buffer: SharedArrayBuffer): Arena {
    return new Arena(buffer);
  }

  /** An arena whose columns lie in a column of another: for objects that come and go. */
  static within(block: Uint8Array): Arena {
    return new Arena(block.buffer, block.byteOffset);
  }

  /** What another thread needs to build the same objects; null while columns are only counted. */
  get buffer(): SharedArrayBuffer | null {
    return this.#memory instanceof SharedArrayBuffer ? this.#memory : null;
  }

  int32(length: number): Int32Array {
    const at = this.#take(length * 4);
    return this.#memory ? new Int32Array(this.#memory, at, length) : new Int32Array(0);
  }

  float64(length: number): Float64Array {
    const at = this.#take(length * 8);
    return this.#memory ? new Float64Array(this.#memory, at, length) : new Float64Array(0);
  }

  uint8(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#memory ? new Uint8Array(this.#memory, at, length) : new Uint8Array(0);
  }

  /** Columns start on lines of their own, so that two columns never share one. */
  #take(bytes: number): number {
    const at = this.#used;
    this.#used += Math.ceil(bytes / LINE_BYTES) * LINE_BYTES;
    return at;
  }
}
