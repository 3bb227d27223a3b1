/**
 * The copy ledger: how many bytes were copied at which site, in which context, in how many nanoseconds, and whether a
 * TX lock was held. One row of columns per CPU: only the CPU writes it, and any thread may read it once the CPU has
 * stopped.
 * Source: docs/spec/tx-path.md#logical-cpus-and-contexts.
 */
import type { Arena } from './arena.js';

/** The sites at which bytes move, with their numbers in the native copy list, 1..7. */
export const SITE = { user: 1, bounce: 2, header: 3, deviceRead: 4 } as const;
export type Site = keyof typeof SITE;
export const SITES = Object.keys(SITE) as Site[];

/** The context that code of a CPU runs in. */
export const PROCESS = 0;
export const SOFTIRQ = 1;
export const HARDIRQ = 2;
export type Context = typeof PROCESS | typeof SOFTIRQ | typeof HARDIRQ;
export const CONTEXTS = ['process', 'softirq', 'hardirq'] as const;

const CELL = 3; // bytes, nanoseconds, copies
const CELLS_PER_SITE = CONTEXTS.length * 2;
const ROW = 8 * CELLS_PER_SITE * CELL;

export interface CopyTotals {
  /** Bytes moved. */
  bytes: number;
  /** Nanoseconds, timed in native code around the moves. */
  ns: number;
  /** Number of moves: one for each run of entries of one site in a copy list. */
  copies: number;
}

export class CopyLedger {
  readonly #cells: Float64Array;
  readonly cpus: number;

  /** Over columns that exist already: `cpus` rows, as `row` returns them. */
  constructor(cells: Float64Array, cpus: number) {
    this.#cells = cells;
    this.cpus = cpus;
  }

  static inArena(arena: Arena, cpus: number): CopyLedger {
    return new CopyLedger(arena.float64(cpus * ROW), cpus);
  }

  reset(): void {
    this.#cells.fill(0);
  }

  /**
   * Hot path, hence six parameters and no object; the thread of CPU `cpu` only. `Cpu.account` is the way to call it.
   * @param locked whether a TX lock was held
   * @param bytes moved, in `ns` nanoseconds
   */
  add(cpu: number, site: number, context: Context, locked: boolean, bytes: number, ns: number): void {
    const at = cpu * ROW + (site * CELLS_PER_SITE + context * 2 + (locked ? 1 : 0)) * CELL;
    const cells = this.#cells;
    cells[at] = cells[at]! + bytes;
    cells[at + 1] = cells[at + 1]! + ns;
    cells[at + 2] = cells[at + 2]! + 1;
  }

  /** Sums over all that `where` leaves open: CPUs, contexts, with and without a TX lock. */
  sum(site: Site, where: { context?: Context; locked?: boolean; cpu?: number } = {}): CopyTotals {
    const total = { bytes: 0, ns: 0, copies: 0 };
    for (let cpu = 0; cpu < this.cpus; cpu++) {
      if (where.cpu !== undefined && where.cpu !== cpu) continue;
      for (const context of [PROCESS, SOFTIRQ, HARDIRQ] as const) {
        if (where.context !== undefined && where.context !== context) continue;
        for (const locked of [false, true]) {
          if (where.locked !== undefined && where.locked !== locked) continue;
          const at = cpu * ROW + (SITE[site] * CELLS_PER_SITE + context * 2 + (locked ? 1 : 0)) * CELL;
          total.bytes += this.#cells[at]!;
          total.ns += this.#cells[at + 1]!;
          total.copies += this.#cells[at + 2]!;
        }
      }
    }
    return total;
  }

  /** Nanoseconds of all copies of a CPU at a site. The CPU's own thread. */
  nsOf(cpu: number, site: number): number {
    let ns = 0;
    const first = cpu * ROW + site * CELLS_PER_SITE * CELL;
    for (let at = first; at < first + CELLS_PER_SITE * CELL; at += CELL) ns += this.#cells[at + 1]!;
    return ns;
  }

  /** Returns a copy of one CPU's columns. The CPU's own thread, or any thread once the CPU has stopped. */
  row(cpu: number): Float64Array {
    return this.#cells.slice(cpu * ROW, (cpu + 1) * ROW);
  }
}
