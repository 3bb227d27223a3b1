/**
 * Control state of a machine lives in one SharedArrayBuffer, carved into columns by an arena.
 *
 * Every thread builds the same objects over the same buffer by running the same constructors in the same order, so
 * nothing but the buffer and the configuration has to cross threads. Constructors only take columns, which are empty
 * while they are counted; the one thread that creates a machine also calls each object's `reset()`.
 */

const LINE_BYTES = 128; // two 64-byte lines: the adjacent-line prefetcher pairs them
const LINE_WORDS = LINE_BYTES / 4;

/** Fields of a record, in order: a 32-bit integer each, a double each, or N integers side by side. */
export type Fields = Readonly<Record<string, 'i32' | 'f64' | number>>;

/**
 * Where the fields of a record are. An integer's offset counts 32-bit words, a double's counts doubles, so that each is
 * an index of the view that the field is read through: `words[i * stride + offset]`, `doubles[i * doubleStride +
 * offset]`.
 */
export type Layout<Of extends Fields> = {
  /** Words from one record to the next; even. */
  readonly stride: number;
  /** Doubles from one record to the next. */
  readonly doubleStride: number;
  /** The offset of each field, by its name. */
  readonly at: { readonly [Name in keyof Of]: number };
};

/** Two views of the same records: integers are read through `words`, doubles through `doubles`. */
export interface Records {
  /** For integers. */
  readonly words: Int32Array;
  /** For numbers with fractions. */
  readonly doubles: Float64Array;
}

/** Shared memory that objects take their columns from: threads that run the same constructors share the same state. */
export class Arena {
  readonly #memory: ArrayBufferLike | null;
  #used: number;

  private constructor(memory: ArrayBufferLike | null, begin = 0) {
    this.#memory = memory;
    this.#used = begin;
  }

  /** An arena with exactly the columns that `build` takes: it runs once to count them. Any thread. */
  static for(build: (arena: Arena) => unknown): Arena {
    return new Arena(new SharedArrayBuffer(Arena.bytesFor(build)));
  }

  /** Bytes that the columns which `build` takes need. */
  static bytesFor(build: (arena: Arena) => unknown): number {
    const counting = new Arena(null);
    build(counting);
    return counting.#used;
  }

  /** Returns the arena that another thread made, over the same buffer. */
  static over(buffer: SharedArrayBuffer): Arena {
    return new Arena(buffer);
  }

  /** An arena whose columns lie in a column of another: for objects that come and go. */
  static within(block: Uint8Array): Arena {
    return new Arena(block.buffer, block.byteOffset);
  }

  /**
   * The layout of a record whose fields lie side by side. Modules copy the offsets into constants of their own:
   * docs/design/0008-constants-and-records.md.
   */
  static record<Of extends Fields>(fields: Of): Layout<Of> {
    const at: Record<string, number> = {};
    return layout<Of>(at, place(fields, 0, at));
  }

  /** The layout of a record whose groups of fields, one for each party that writes, begin on lines of their own. */
  static recordOfLines<A extends Fields, B extends Fields = Record<never, never>>(first: A, second?: B): Layout<A & B> {
    const at: Record<string, number> = {};
    const end = wholeLines(place(first, 0, at));
    return layout<A & B>(at, second === undefined ? end : wholeLines(place(second, end, at)));
  }

  /** The same memory as doubles, for words that hold both; begins on a boundary of 8 bytes, as every column does. */
  static doublesOf({ buffer, byteOffset, length }: Int32Array): Float64Array {
    return new Float64Array(buffer, byteOffset, length >>> 1);
  }

  /** The buffer from which another thread builds the same objects; null while columns are only counted. */
  get buffer(): SharedArrayBuffer | null {
    return this.#memory instanceof SharedArrayBuffer ? this.#memory : null;
  }

  /** Takes a column of integers, which is empty. The same order of calls in each thread. */
  int32(length: number): Int32Array {
    const at = this.#take(length * 4);
    return this.#memory ? new Int32Array(this.#memory, at, length) : new Int32Array(0);
  }

  /** A column of `count` records. */
  records(layout: { readonly stride: number }, count: number): Records {
    const words = this.int32(count * layout.stride);
    return { words, doubles: Arena.doublesOf(words) };
  }

  /** Takes a column of doubles. The same order of calls in each thread. */
  float64(length: number): Float64Array {
    const at = this.#take(length * 8);
    return this.#memory ? new Float64Array(this.#memory, at, length) : new Float64Array(0);
  }

  /** Takes a column of bytes. The same order of calls in each thread. */
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

function layout<Of extends Fields>(at: Record<string, number>, words: number): Layout<Of> {
  const stride = words + (words % 2);
  return { stride, doubleStride: stride / 2, at: at as Layout<Of>['at'] };
}

/** Writes the offsets of fields that begin at word `begin` into `at`. Returns the word behind the last one. */
function place(fields: Fields, begin: number, at: Record<string, number>): number {
  let word = begin;
  for (const [name, kind] of Object.entries(fields)) {
    if (kind === 'f64') word += word % 2;
    at[name] = kind === 'f64' ? word / 2 : word;
    word += kind === 'f64' ? 2 : kind === 'i32' ? 1 : kind;
  }
  return word;
}

function wholeLines(words: number): number {
  return Math.ceil(words / LINE_WORDS) * LINE_WORDS;
}
