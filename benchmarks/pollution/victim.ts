/**
 * A victim: a program whose working set lies in the caches that copies go through. It follows a chain of loads, each of
 * which needs the result of the one before, so that each line that a copy has evicted costs the time of a miss. Lines
 * come in random order within stretches of 64 KiB: no prefetcher follows, and few loads need a new translation.
 */
import { Region } from '../../lib/memory/region.js';
import { random, shuffled } from '../../lib/random.js';
import { KIB, MIB } from '../../lib/units.js';

export const LINE_BYTES = 64;
const STRETCH_BYTES = 64 * KIB;
const PER_LINE = LINE_BYTES / Int32Array.BYTES_PER_ELEMENT;

/** Owner: the thread that made it. */
export class Victim {
  /** Lines of the working set: loads of one walk through all of it. */
  readonly lines: number;
  readonly #region: Region;
  readonly #links: Int32Array;
  #at = 0;

  /** `bytes`: of the working set, a multiple of a line. @throws what `Region.create` throws */
  constructor(bytes: number) {
    this.lines = bytes / LINE_BYTES;
    this.#region = Region.create({ bytes, align: Math.min(2 * MIB, bytes > MIB ? 2 * MIB : 4 * KIB), lock: 'no' });
    this.#links = new Int32Array(this.#region.buffer, 0, bytes / Int32Array.BYTES_PER_ELEMENT);
    this.#link();
  }

  close(): void {
    this.#region.close();
  }

  /** Makes one cycle of all lines. */
  #link(): void {
    const next = random(1);
    const inStretch = STRETCH_BYTES / LINE_BYTES;
    const order: number[] = [];
    for (let from = 0; from < this.lines; from += inStretch) {
      const count = Math.min(inStretch, this.lines - from);
      for (const line of shuffled([...Array(count).keys()], next)) order.push(from + line);
    }
    for (const [at, line] of order.entries()) {
      this.#links[line * PER_LINE] = order[(at + 1) % order.length]! * PER_LINE;
    }
  }

  /** Follows the chain from where it was left. Returns where it is then. Hot path. */
  walk(loads: number): number {
    const links = this.#links;
    let at = this.#at;
    for (let load = 0; load < loads; load++) at = links[at]!;
    this.#at = at;
    return at;
  }

  /** Loads each line in the order of addresses, which is fast. Returns their sum. */
  touch(): number {
    const links = this.#links;
    let sum = 0;
    for (let at = 0; at < links.length; at += PER_LINE) sum += links[at]!;
    return sum;
  }
}
