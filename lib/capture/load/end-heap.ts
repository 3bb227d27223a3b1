/** Which mapping ends next: a binary heap of times. Owner: one thread. */

export class EndHeap {
  #times: Float64Array;
  #entries: Int32Array;
  size = 0;

  /** Grows beyond `room` where it has to. */
  constructor(room: number = 1024) {
    this.#times = new Float64Array(room);
    this.#entries = new Int32Array(room);
  }

  /** When the first ends; `Infinity` if there is none. */
  get firstNs(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.#times[0]!;
  }

  clear(): void {
    this.size = 0;
  }

  push(timeNs: number, entry: number): void {
    if (this.size === this.#times.length) this.#grow();
    const [times, entries] = [this.#times, this.#entries];
    let at = this.size++;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (times[above]! <= timeNs) break;
      times[at] = times[above]!;
      entries[at] = entries[above]!;
      at = above;
    }
    times[at] = timeNs;
    entries[at] = entry;
  }

  /** Removes the first and returns its entry. There must be one. */
  pop(): number {
    const [times, entries] = [this.#times, this.#entries];
    const first = entries[0]!;
    const [timeNs, entry] = [times[--this.size]!, entries[this.size]!];
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= this.size) break;
      if (below + 1 < this.size && times[below + 1]! < times[below]!) below++;
      if (times[below]! >= timeNs) break;
      times[at] = times[below]!;
      entries[at] = entries[below]!;
      at = below;
    }
    times[at] = timeNs;
    entries[at] = entry;
    return first;
  }

  #grow(): void {
    const [times, entries] = [this.#times, this.#entries];
    this.#times = new Float64Array(2 * times.length);
    this.#entries = new Int32Array(2 * times.length);
    this.#times.set(times);
    this.#entries.set(entries);
  }
}
