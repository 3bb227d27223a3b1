/**
 * When mappings end whose end a capture does not tell: each is held for a time that is assumed for its device.
 * Owner: one thread.
 */

/** What is assumed. */
export interface Holds {
  /** For devices without a time of their own, nanoseconds. */
  readonly defaultNs: number;
  /** By name of the device. */
  readonly byDevice: ReadonlyMap<string, number>;
}

/** Mappings that are held for the same time, so that they end in the order in which they were made. */
class Line {
  readonly holdNs: number;
  #ids: number[] = [];
  #ends: number[] = [];
  #first = 0;

  constructor(holdNs: number) {
    this.holdNs = holdNs;
  }

  push(id: number, endNs: number): void {
    this.#ids.push(id);
    this.#ends.push(endNs);
  }

  /** When the first ends. */
  get endNs(): number {
    return this.#ends[this.#first] ?? Number.POSITIVE_INFINITY;
  }

  shift(): number {
    const id = this.#ids[this.#first++]!;
    if (this.#first > 4096 && this.#first * 2 > this.#ids.length) {
      this.#ids = this.#ids.slice(this.#first);
      this.#ends = this.#ends.slice(this.#first);
      this.#first = 0;
    }
    return id;
  }
}

export class HoldQueue {
  readonly #holds: Holds;
  readonly #lines = new Map<number, Line>();
  /** The latest time. Where times go back a little, mappings are taken to be made at it. */
  #nowNs = 0;

  constructor(holds: Holds) {
    this.#holds = holds;
  }

  /** Adds a mapping that is made at `timeNs`. */
  add(id: number, device: string | null, timeNs: number): void {
    this.#nowNs = Math.max(this.#nowNs, timeNs);
    const holdNs = this.#holds.byDevice.get(device ?? '') ?? this.#holds.defaultNs;
    let line = this.#lines.get(holdNs);
    if (line === undefined) {
      line = new Line(holdNs);
      this.#lines.set(holdNs, line);
    }
    line.push(id, this.#nowNs + holdNs);
  }

  /** Calls `onEnd` for each mapping that has ended by `timeNs`, in the order of their ends. */
  expire(timeNs: number, onEnd: (id: number) => void): void {
    for (;;) {
      let next: Line | null = null;
      for (const line of this.#lines.values()) {
        if (line.endNs <= timeNs && line.endNs < (next?.endNs ?? Number.POSITIVE_INFINITY)) next = line;
      }
      if (next === null) return;
      onEnd(next.shift());
    }
  }
}
