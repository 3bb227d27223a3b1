/**
 * The copy ledger: how many bytes were copied at which site, in which context, in how many nanoseconds, and whether a
 * TX lock was held. One row of columns per CPU: only the CPU writes it, and any thread may read it once the CPU has
 * stopped.
 * Source: docs/spec/tx-path.md#logical-cpus-and-contexts.
 */
import { frozen } from '../frozen.js';
import { checkOptions } from '../limits.js';
import type { Arena } from './arena.js';

/** The sites at which bytes move, with their numbers in the native copy list, 1..7. */
export const SITE = { user: 1, bounce: 2, header: 3, deviceRead: 4 } as const satisfies Record<Site, number>;
/**
 * A site at which bytes move: `user`, from the buffer of a sender into an skb; `bounce`, as payload that is mapped
 * bounces; `header`, as a header does; `deviceRead`, as a device reads.
 */
export type Site = 'user' | 'bounce' | 'header' | 'deviceRead';
/** Names of the sites at which bytes move. */
export const SITES = frozen(Object.keys(SITE) as readonly Site[]);

/** The context that code of a CPU runs in. */
export const PROCESS = 0;
/** The context of work that an interrupt or a sender has left behind. */
export const SOFTIRQ = 1;
/** The context of an interrupt. */
export const HARDIRQ = 2;
/** The context that code of a CPU runs in: process, softirq or hardirq. */
export type Context = typeof PROCESS | typeof SOFTIRQ | typeof HARDIRQ;
/** Name of a context. */
export type ContextName = 'process' | 'softirq' | 'hardirq';
/** Names of the contexts, by their numbers. */
export const CONTEXTS = ['process', 'softirq', 'hardirq'] as const satisfies readonly ContextName[];

const CELL = 3; // bytes, nanoseconds, copies
const CELLS_PER_SITE = CONTEXTS.length * 2;
const ROW = 8 * CELLS_PER_SITE * CELL;

/** What was copied, and how long it took. */
export interface CopyTotals {
  /** Bytes moved. */
  bytes: number;
  /** Nanoseconds, timed in native code around the moves. */
  ns: number;
  /** Number of moves: one for each run of entries of one site in a copy list. */
  copies: number;
}

/** A copy ledger as plain data. */
export interface CopyLedgerJson {
  /** Number of CPUs. */
  readonly cpus: number;
  /** Totals by site and context. */
  readonly sites: Readonly<Record<Site, Readonly<Record<ContextName, CopyTotals>>>>;
}

/** Counts copies by site and context. A CPU writes its own row; any thread reads when it has stopped. */
export class CopyLedger {
  readonly #cells: Float64Array;
  /** Number of CPUs. */
  readonly cpus: number;

  /** Over columns that exist already: `cpus` rows, as `row` returns them. */
  constructor(cells: Float64Array, cpus: number) {
    this.#cells = cells;
    this.cpus = cpus;
  }

  /** Makes one whose columns lie in an arena. */
  static inArena(arena: Arena, cpus: number): CopyLedger {
    return new CopyLedger(arena.float64(cpus * ROW), cpus);
  }

  /** Sets all to 0. One thread, before any CPU copies. */
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

  /**
   * Sums over all that `where` leaves open: CPUs, contexts, with and without a TX lock.
   * @throws ERR_UNKNOWN_OPTION
   */
  sum(site: Site, where: { context?: Context; locked?: boolean; cpu?: number } = {}): CopyTotals {
    checkOptions('CopyLedger.sum()', where, ['context', 'locked', 'cpu']);
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

  /** The totals by site and context, all CPUs together, and their count: what JSON.stringify() writes. */
  toJSON(): CopyLedgerJson {
    const bySite = SITES.map((site) => [
      site,
      Object.fromEntries(CONTEXTS.map((name, context) => [name, this.sum(site, { context: context as Context })])),
    ]);
    return { cpus: this.cpus, sites: Object.fromEntries(bySite) };
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
