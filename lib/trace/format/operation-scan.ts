/**
 * Reads the lines that traces mostly consist of, operations with plain values in JSON's shortest spelling, several times
 * faster than JSON.parse does. It refuses nothing: what is spelt otherwise, says more or says too little is left to who
 * reads strictly. Owner: one thread.
 */
import { blank, hasInputs, type Scanned } from './operation-inputs.js';
import type { CopyAnswer, Operation, OperationKind } from './oracle-trace.js';

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
/** Integers of so many digits are exact. */
const MOST_DIGITS = 15;
const MOST_LETTERS = 3;

/** A name as a number, one byte a letter. */
const code = (name: string) => [...name].reduce((sum, letter) => (sum << 8) | letter.charCodeAt(0), 0);
const [A, AS, AT, C, CP, D, DIR, E] = ['a', 'as', 'at', 'c', 'cp', 'd', 'dir', 'e'].map(code);
const [ID, K, N, NF, OFF, OP, ORD, P] = ['id', 'k', 'n', 'nf', 'off', 'op', 'ord', 'p'].map(code);
const [PS, R, S, T, V, W, WR] = ['ps', 'r', 's', 't', 'v', 'w', 'wr'].map(code);
const KINDS: readonly OperationKind[] = ['m', 'u', 's', 'z', 'y', 'a', 'f', 'p', 'h'];
const KIND_OF_LETTER = Array.from({ length: 256 }, (_, letter) => KINDS.find((kind) => code(kind) === letter) ?? null);

export class OperationScan {
  readonly #bytes: Uint8Array;
  readonly #devices: number;
  #at = 0;

  /** `bytes` end with a newline. */
  constructor(bytes: Uint8Array, devices: number) {
    this.#bytes = bytes;
    this.#devices = devices;
  }

  /** Behind the newline of the line that was last scanned. */
  get end(): number {
    return this.#at;
  }

  /** The operation of the line that begins at `from`, all its inputs there and in range; null: it is not so plain. */
  scan(from: number): Operation | null {
    const bytes = this.#bytes;
    for (let at = 0; at < BEGINNING.length; at++) if (bytes[from + at] !== BEGINNING[at]) return null;
    this.#at = from + BEGINNING.length;
    const kind = KIND_OF_LETTER[bytes[this.#at++]!]!;
    if (kind === null || bytes[this.#at++] !== QUOTE) return null;
    const made = blank(kind);
    while (bytes[this.#at] === COMMA) {
      this.#at++;
      if (!this.#field(made)) return null;
    }
    if (bytes[this.#at++] !== END || bytes[this.#at++] !== NEWLINE) return null;
    return hasInputs(made, this.#devices) ? (made as Operation) : null;
  }

  /** `"name":value`, which goes into `made`. */
  #field(made: Scanned): boolean {
    const bytes = this.#bytes;
    if (bytes[this.#at++] !== QUOTE) return false;
    const name = this.#letters();
    if (bytes[this.#at++] !== COLON) return false;
    if (bytes[this.#at] === QUOTE) return this.#text(name, made);
    if (bytes[this.#at] === OPEN) return name === CP && this.#copies(made);
    const value = this.#integer();
    if (Number.isNaN(value)) return false;
    switch (name) {
      case ID:
        made.id = value;
        return true;
      case D:
        made.d = value;
        return true;
      case C:
        made.c = value;
        return true;
      case A:
        made.a = value;
        return true;
      case S:
        made.s = value;
        return true;
      case K:
        made.k = value;
        return true;
      case DIR:
        made.dir = value;
        return true;
      case P:
        made.p = value;
        return true;
      case T:
        made.t = value;
        return true;
      case PS:
        made.ps = value;
        return true;
      case AS:
        made.as = value;
        return true;
      case NF:
        made.nf = value;
        return true;
      case CP:
        if (value !== 1) return false;
        made.cp = 1;
        return true;
      case E:
        made.e = value;
        return true;
      case OFF:
        made.off = value;
        return true;
      case N:
        made.n = value;
        return true;
      case AT:
        made.at = value;
        return true;
      case V:
        made.v = value;
        return true;
      case ORD:
        made.ord = value;
        return true;
      case W:
        made.w = value;
        return true;
      case OP:
        made.op = value;
        return true;
      case R:
        made.r = value;
        return true;
      default:
        return false;
    }
  }

  /** A few letters and the quote behind them, as a number; 0 when there is something else. */
  #letters(): number {
    const bytes = this.#bytes;
    const most = this.#at + MOST_LETTERS;
    let letters = 0;
    while (this.#at <= most) {
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
    if (!isPlain || digits > MOST_DIGITS) return Number.NaN;
    this.#at = at;
    return isNegative ? -value : value;
  }

  /** For whom a sync is, or warnings. */
  #text(name: number, made: Scanned): boolean {
    this.#at++;
    const letters = this.#letters();
    if (letters === 0) return false;
    if (name === K) made.k = spelled(letters);
    else if (name === WR) made.wr = spelled(letters);
    else return false;
    return true;
  }

  #copies(made: Scanned): boolean {
    const bytes = this.#bytes;
    const copies: CopyAnswer[] = [];
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
}

/** The letters of a number that they were read as. */
function spelled(letters: number): string {
  const last = String.fromCharCode(letters & 0xff);
  return letters < 256 ? last : spelled(letters >>> 8) + last;
}
