/**
 * Reads the lines that traces mostly consist of, operations with plain values in JSON's shortest spelling, faster than
 * JSON.parse and the checks of inputs do. It refuses nothing: a line that is spelt otherwise, says more or says too
 * little is left to the strict reader. Names of fields come from the legend in `operation.ts`. `copytax verify` must do
 * 300,000 operations a second: 948,144 of them took 4.4 s of processor time with the scanner and 5.3 s without. Owner:
 * one thread.
 */
import {
  type Copy,
  DETAILS,
  INPUTS,
  KINDS,
  namesOf,
  type Operation,
  type OperationKind,
  RESULTS,
} from './operation.js';

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const COLON = 0x3a;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const END = 0x7d;
/** `{"o":"` as bytes; the operation's letter comes after it. */
const BEGINNING = Buffer.from('{"o":"');
/** Integers of at most this many digits are exact. */
const MAX_DIGITS = 15;
const MAX_LETTERS = 3;

/** A name as a number, one byte a letter. */
const code = (name: string) => [...name].reduce((sum, letter) => (sum << 8) | letter.charCodeAt(0), 0);
const CODES = { cp: code('cp'), k: code('k'), wr: code('wr') } as const;
const INTEGER_NAMES = new Map([...namesOf(INPUTS), ...namesOf(RESULTS)].map((name) => [code(name), name]));
/** Snapshots and background work say more than the scanner reads. */
const KIND_OF_LETTER = Array.from(
  { length: 256 },
  (_, letter) => namesOf(KINDS).find((kind) => code(kind) === letter && kind !== 'q' && kind !== 'w') ?? null,
);

type Scanned = Record<string, unknown> & { o: OperationKind | null };

/** Each operation is a copy of this, so that all have one shape, whatever they hold. */
const BLANK: Scanned = {
  o: null,
  ...Object.fromEntries(
    [...namesOf(INPUTS), ...namesOf(RESULTS), ...namesOf(DETAILS)].map((name) => [name, undefined]),
  ),
};

export class OperationScan {
  readonly #bytes: Uint8Array;
  readonly #devices: number;
  #at = 0;

  /** `bytes` end with a newline. */
  constructor(bytes: Uint8Array, devices: number) {
    this.#bytes = bytes;
    this.#devices = devices;
  }

  /** Offset after the newline of the line that was scanned last. */
  get end(): number {
    return this.#at;
  }

  /** Returns the operation of the line that begins at `from` if it is plain and has all inputs in range; else null. */
  scan(from: number): Operation | null {
    const bytes = this.#bytes;
    for (let at = 0; at < BEGINNING.length; at++) if (bytes[from + at] !== BEGINNING[at]) return null;
    this.#at = from + BEGINNING.length;
    const kind = KIND_OF_LETTER[bytes[this.#at++]!]!;
    if (kind === null || bytes[this.#at++] !== QUOTE) return null;
    const made: Scanned = { ...BLANK, o: kind };
    while (bytes[this.#at] === COMMA) {
      this.#at++;
      if (!this.#field(made)) return null;
    }
    if (bytes[this.#at++] !== END || bytes[this.#at++] !== NEWLINE) return null;
    return this.#hasInputs(made, kind) ? (made as unknown as Operation) : null;
  }

  /** `"name":value`, which is stored in `made`. */
  #field(made: Scanned): boolean {
    const bytes = this.#bytes;
    if (bytes[this.#at++] !== QUOTE) return false;
    const name = this.#letters();
    if (bytes[this.#at++] !== COLON) return false;
    if (bytes[this.#at] === QUOTE) return this.#text(name, made);
    if (bytes[this.#at] === OPEN) return name === CODES.cp && this.#copies(made);
    const value = this.#integer();
    if (name === CODES.cp && value === 1) {
      made.cp = 1;
      return true;
    }
    const field = INTEGER_NAMES.get(name);
    if (field === undefined || Number.isNaN(value)) return false;
    made[field] = value;
    return true;
  }

  /** A few letters and the quote behind them, as a number; 0 when there is something else. */
  #letters(): number {
    const bytes = this.#bytes;
    const limit = this.#at + MAX_LETTERS;
    let letters = 0;
    while (this.#at <= limit) {
      const letter = bytes[this.#at++]!;
      if (letter === QUOTE) return letters;
      const lower = letter | 0x20;
      if (lower < 0x61 || lower > 0x7a) return 0;
      letters = (letters << 8) | letter;
    }
    return 0;
  }

  #integer(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    const isNegative = bytes[at] === MINUS;
    if (isNegative) at++;
    const first = at;
    let value = 0;
    for (let digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO)
      value = value * 10 + digit;
    const digits = at - first;
    const isPlain = digits === 1 ? !(isNegative && value === 0) : digits > 1 && bytes[first] !== ZERO;
    if (!isPlain || digits > MAX_DIGITS) return Number.NaN;
    this.#at = at;
    return isNegative ? -value : value;
  }

  /** The side that a sync is for, or warnings. */
  #text(name: number, made: Scanned): boolean {
    this.#at++;
    const letters = this.#letters();
    if (letters === 0) return false;
    if (name === CODES.k) made.k = spelled(letters);
    else if (name === CODES.wr) made.wr = spelled(letters);
    else return false;
    return true;
  }

  #copies(made: Scanned): boolean {
    const bytes = this.#bytes;
    const copies: Copy[] = [];
    do {
      this.#at++;
      if (bytes[this.#at] !== OPEN) return false;
      const toDevice = this.#integerAfter(OPEN);
      const original = this.#integerAfter(COMMA);
      const offset = this.#integerAfter(COMMA);
      const length = this.#integerAfter(COMMA);
      if (Number.isNaN(toDevice + original + offset + length) || bytes[this.#at++] !== CLOSE) return false;
      copies.push([toDevice, original, offset, length]);
    } while (bytes[this.#at] === COMMA);
    made.cp = copies;
    return bytes[this.#at++] === CLOSE;
  }

  #integerAfter(mark: number): number {
    return this.#bytes[this.#at++] === mark ? this.#integer() : Number.NaN;
  }

  /** Repeats `problemOf` in short: whether it would find no problem. */
  #hasInputs(made: Scanned, kind: OperationKind): boolean {
    const { d, k } = made;
    if (d !== undefined && !((d as number) >= 0 && (d as number) < this.#devices)) return false;
    if (kind === 's' && k !== 'c' && k !== 'd') return false;
    for (const name of KINDS[kind].inputs) if (typeof made[name] !== 'number') return false;
    return true;
  }
}

/** The letters that were read as this number. */
function spelled(letters: number): string {
  const last = String.fromCharCode(letters & 0xff);
  return letters < 256 ? last : spelled(letters >>> 8) + last;
}
