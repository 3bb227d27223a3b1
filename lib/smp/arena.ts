/**
 * Control state of a machine lives in one SharedArrayBuffer, carved into columns by an arena.
 *
 * Every thread builds the same objects over the same buffer by running the same constructors in the same order, so
 * nothing but the buffer and the configuration has to cross threads. Constructors only take columns; the one thread
 * that creates a machine also calls each object's `reset()`.
 */

const LINE_BYTES = 128; // two 64-byte lines: the adjacent-line prefetcher pairs them

export class Arena {
  readonly buffer: SharedArrayBuffer | null;
  #used = 0;

  private constructor(buffer: SharedArrayBuffer | null) {
    this.buffer = buffer;
  }

  /** An arena for `build`, whose columns it has counted beforehand. Any thread. */
  static for(build: (arena: Arena) => unknown): Arena {
    const counting = new Arena(null);
    build(counting);
    return new Arena(new SharedArrayBuffer(counting.#used));
  }

  /** The arena that another thread made. */
  static over(buffer: SharedArrayBuffer): Arena {
    return new Arena(buffer);
  }

  int32(length: number): Int32Array {
    const at = this.#take(length * 4);
    return this.buffer ? new Int32Array(this.buffer, at, length) : new Int32Array(length);
  }

  float64(length: number): Float64Array {
    const at = this.#take(length * 8);
    return this.buffer ? new Float64Array(this.buffer, at, length) : new Float64Array(length);
  }

  uint8(length: number): Uint8Array {
    const at = this.#take(length);
    return this.buffer ? new Uint8Array(this.buffer, at, length) : new Uint8Array(length);
  }

  /** Columns start on lines of their own, so that two columns never share one. */
  #take(bytes: number): number {
    const at = this.#used;
    this.#used += Math.ceil(bytes / LINE_BYTES) * LINE_BYTES;
    return at;
  }
}
