/**
 * How something went over time, in a bounded number of equal parts of it: when a time comes that is behind the last
 * part, two parts become one each, until it fits.
 */

/** Parts are between half as many and as many. */
const PARTS = 512;
const FIRST_PART_NS = 1000;

/** One part of the time. */
export interface TimelinePart {
  /** From the first time on, nanoseconds. */
  readonly fromNs: number;
  /** Fewest slots in use at a time. */
  readonly usedLow: number;
  /** Most slots in use at a time. */
  readonly usedHigh: number;
  /** What was bounced in it. */
  readonly bytes: number;
  /** Of these, in softirqs. */
  readonly softirqBytes: number;
}

/** Owner: one thread. */
export class Timeline {
  #partNs = FIRST_PART_NS;
  #startNs: number | null = null;
  #last = 0;
  readonly #before: number;
  #used: number;
  readonly #low = new Float64Array(PARTS).fill(Number.POSITIVE_INFINITY);
  readonly #high = new Float64Array(PARTS).fill(Number.NEGATIVE_INFINITY);
  /** Slots in use at the end of a part; NaN where nothing was told. */
  readonly #end = new Float64Array(PARTS).fill(Number.NaN);
  readonly #bytes = new Float64Array(PARTS);
  readonly #softirqBytes = new Float64Array(PARTS);

  /** `used`: slots in use before anything is told. */
  constructor(used: number) {
    this.#before = used;
    this.#used = used;
  }

  /** `used` slots are in use from now on. */
  use(timeNs: number, used: number): void {
    const part = this.#partOf(timeNs);
    this.#enter(part, this.#used);
    this.#used = used;
    this.#enter(part, used);
  }

  bounce(timeNs: number, bytes: number, inSoftirq: boolean): void {
    const part = this.#partOf(timeNs);
    this.#bytes[part]! += bytes;
    if (inSoftirq) this.#softirqBytes[part]! += bytes;
  }

  /** Nanoseconds of a part. */
  get partNs(): number {
    return this.#partNs;
  }

  /** All parts so far. In one of which nothing was told, as many slots are in use as at the end of the one before. */
  parts(): TimelinePart[] {
    if (this.#startNs === null) return [];
    const parts: TimelinePart[] = [];
    let used = this.#before;
    for (let at = 0; at <= this.#last; at++) {
      const isTold = !Number.isNaN(this.#end[at]);
      const [usedLow, usedHigh] = isTold ? [this.#low[at]!, this.#high[at]!] : [used, used];
      if (isTold) used = this.#end[at]!;
      parts.push({
        fromNs: at * this.#partNs,
        usedLow,
        usedHigh,
        bytes: this.#bytes[at]!,
        softirqBytes: this.#softirqBytes[at]!,
      });
    }
    return parts;
  }

  #partOf(timeNs: number): number {
    this.#startNs ??= timeNs;
    const since = Math.max(0, timeNs - this.#startNs);
    while (since >= PARTS * this.#partNs) this.#halve();
    const part = Math.floor(since / this.#partNs);
    this.#last = Math.max(this.#last, part);
    return part;
  }

  #enter(part: number, used: number): void {
    this.#low[part] = Math.min(this.#low[part]!, used);
    this.#high[part] = Math.max(this.#high[part]!, used);
    this.#end[part] = used;
  }

  #halve(): void {
    this.#partNs *= 2;
    this.#last >>= 1;
    for (let at = 0; at < PARTS; at++) {
      const [first, second] = [2 * at, 2 * at + 1];
      const isThere = first < PARTS;
      this.#low[at] = isThere ? Math.min(this.#low[first]!, this.#low[second]!) : Number.POSITIVE_INFINITY;
      this.#high[at] = isThere ? Math.max(this.#high[first]!, this.#high[second]!) : Number.NEGATIVE_INFINITY;
      const end = isThere ? this.#end[second]! : Number.NaN;
      this.#end[at] = isThere && Number.isNaN(end) ? this.#end[first]! : end;
      this.#bytes[at] = isThere ? this.#bytes[first]! + this.#bytes[second]! : 0;
      this.#softirqBytes[at] = isThere ? this.#softirqBytes[first]! + this.#softirqBytes[second]! : 0;
    }
  }
}
