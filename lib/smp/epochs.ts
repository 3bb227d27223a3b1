/**
 * Grace periods: memory that readers may still be looking at is reused only when every reader that might has finished.
 * Models: RCU as the slot allocator uses it: docs/spec/swiotlb.md#freeing-a-transient-pool and
 * docs/spec/tx-path.md#o7-removal-waits-for-a-grace-period. A reader announces the epoch in which it began; memory that
 * was retired in an epoch may be reused when every reader that began in that epoch or before has finished.
 * Threads: `enter` and `exit` by the CPU itself, not nested; everything else by any thread.
 */
import type { Arena } from './arena.js';
import type { Cpu } from './cpu.js';

const STRIDE = 32; // a line for each CPU
const QUIET = 0;
const PAUSES = 16;
const SPINS_BEFORE_YIELD = 100;

export class Epochs {
  readonly #cpus: number;
  readonly #words: Int32Array;

  constructor(arena: Arena, cpus: number) {
    this.#cpus = cpus;
    this.#words = arena.int32((cpus + 1) * STRIDE);
  }

  reset(): void {
    this.#words.fill(QUIET);
    this.#words[0] = 1;
  }

  /** Begins reading: up to `exit`, no memory that this CPU can find by walking a list is reused. */
  enter(cpu: Cpu): void {
    Atomics.store(this.#words, (cpu.id + 1) * STRIDE, Atomics.load(this.#words, 0));
  }

  exit(cpu: Cpu): void {
    Atomics.store(this.#words, (cpu.id + 1) * STRIDE, QUIET);
  }

  /**
   * Waits until every reader has finished that may have seen what the caller has just unlinked. Readers are short, so
   * this spins, and yields when a reader seems to have lost its CPU. Not allowed between `enter` and `exit`.
   */
  synchronize(cpu: Cpu): void {
    const stamp = Atomics.add(this.#words, 0, 1);
    let spins = 0;
    for (let reader = 1; reader <= this.#cpus; reader++) {
      for (;;) {
        const epoch = Atomics.load(this.#words, reader * STRIDE);
        if (epoch === QUIET || ((epoch - stamp) | 0) > 0 || cpu.table.isAborted()) break;
        cpu.list.relax(++spins < SPINS_BEFORE_YIELD ? PAUSES : 0);
      }
    }
  }
}
