/**
 * A fleet: many runs, and of each only what is compared, as arrays. Owned by who reads it; one thread.
 */
import { keyOf, type Measured, type Row, type RunFacts } from '../compare/run-facts.js';
import type { HostFacts } from '../facts/host-schema.js';
import type { FleetFailure, PostedFile, PostedRow, PostedRun } from './reduce-result.js';

/** A run of a fleet. Its numbers are in the order of `rows`, which are indices into the rows of the fleet. */
export interface FleetRun extends Omit<PostedRun, 'machine'> {
  /** Shared by runs whose hosts have the same facts. */
  readonly machine: HostFacts;
}

/** A row of the fleet. Rows with the same `key`, an index into the keys of the fleet, differ only in parameters. */
export interface FleetRow extends PostedRow {
  readonly key: number;
}

export interface Fleet {
  /** Number of files that were named, with those that failed. */
  readonly files: number;
  /** In the order of the files. */
  readonly runs: readonly FleetRun[];
  readonly rows: readonly FleetRow[];
  readonly keys: readonly Row[];
  readonly failures: readonly FleetFailure[];
}

/** Another file means something else by a row. */
interface Conflict {
  readonly row: Row;
  readonly known: { readonly row: Row; readonly source: string };
}

/** Collects what reducers post, in the order of the files. */
export class FleetCollector {
  readonly #runs: FleetRun[] = [];
  readonly #rows: FleetRow[] = [];
  readonly #keys: { row: Row; source: string; index: number }[] = [];
  readonly #byKey = new Map<string, number>();
  readonly #byText = new Map<string, number>();
  readonly #machines = new Map<string, HostFacts>();
  readonly #failures: FleetFailure[] = [];
  #files = 0;

  /** Adds a file. `rows`: those of its reducer, those of this file among them. */
  add(source: string, { runs }: Pick<PostedFile, 'runs'>, rows: readonly PostedRow[]): void {
    const conflict = this.#conflictOf(runs, rows, source);
    if (conflict !== null) {
      const { row, known } = conflict;
      const message =
        `${row.id} is in ${row.unit} in ${source} and in ${known.row.unit} in ${known.source}: ` +
        'it does not mean the same';
      this.fail({ source, code: 'ERR_COMPARE', message });
      return;
    }
    this.#files++;
    for (const { machine, ...run } of runs) {
      const indices = run.rows.map((index) => this.#indexOf(rows[index]!));
      this.#runs.push({ ...run, rows: indices, machine: this.#machineOf(machine) });
    }
  }

  fail(failure: FleetFailure): void {
    this.#files++;
    this.#failures.push(failure);
  }

  fleet(): Fleet {
    const keys = this.#keys.map(({ row }) => row);
    return { files: this.#files, runs: this.#runs, rows: this.#rows, keys, failures: this.#failures };
  }

  /** Registers the keys of a file; null if all rows mean what they mean in the files before. */
  #conflictOf(runs: readonly PostedRun[], rows: readonly PostedRow[], source: string): Conflict | null {
    for (const index of new Set(runs.flatMap((run) => [...run.rows]))) {
      const { row } = rows[index]!;
      const known = this.#keys[this.#byKey.get(keyOf(row)) ?? -1];
      if (known === undefined) {
        this.#byKey.set(keyOf(row), this.#keys.length);
        this.#keys.push({ row, source, index: this.#keys.length });
      } else if (known.row.unit !== row.unit || known.row.higherIsBetter !== row.higherIsBetter) {
        return { row, known };
      }
    }
    return null;
  }

  #indexOf(posted: PostedRow): number {
    const text = `${keyOf(posted.row)}\n${posted.params}`;
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const key = this.#byKey.get(keyOf(posted.row))!;
    this.#rows.push({ row: this.#keys[key]!.row, params: posted.params, key });
    this.#byText.set(text, this.#rows.length - 1);
    return this.#rows.length - 1;
  }

  #machineOf(text: string): HostFacts {
    const machine = this.#machines.get(text) ?? (JSON.parse(text) as HostFacts);
    this.#machines.set(text, machine);
    return machine;
  }
}

/**
 * Returns a run as comparisons take it, with the numbers of the given keys alone. Its rounds and what it lacks are not
 * kept.
 */
export function runFacts(fleet: Fleet, run: FleetRun, keys: ReadonlySet<number>): RunFacts {
  const numbers = new Map<string, Measured>();
  for (const [at, index] of run.rows.entries()) {
    const { key, row } = fleet.rows[index]!;
    if (!keys.has(key)) continue;
    const spread = run.spreads[at]!;
    const isKnown = !Number.isNaN(spread);
    numbers.set(keyOf(row), { row, median: run.medians[at]!, spread: isKnown ? spread : null, rounds: null });
  }
  const { source, created, complete, machine, likeness, cpus, distance, copies, warnings } = run;
  const known = { source, created, complete, machine, likeness, cpus, distance, copies, warnings };
  return { ...known, distances: [], failed: [], numbers };
}

/** Returns the medians of each key in `runs`, by key and the order of the runs; NaN where a run lacks it. */
export function mediansByKey(fleet: Fleet, runs: readonly FleetRun[]): Float64Array[] {
  const columns = fleet.keys.map(() => new Float64Array(runs.length).fill(Number.NaN));
  for (const [at, { rows, medians }] of runs.entries()) {
    for (const [number, index] of rows.entries()) columns[fleet.rows[index]!.key]![at] = medians[number]!;
  }
  return columns;
}
