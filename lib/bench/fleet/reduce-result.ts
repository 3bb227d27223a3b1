/**
 * Reduces a result file to what a fleet keeps of it: a thousand documents do not fit in memory, and their numbers do.
 * What is returned is small when it is posted to another thread: rows are posted once, numbers as arrays.
 */
import type { CopytaxError } from '../../errors.js';
import { keyOf, type Row, RowTable, type RunFacts, runsOf } from '../compare/run-facts.js';
import type { Environment } from '../host/environment.js';
import type { ResultDocument } from '../result/result.js';
import { readResult } from '../result/result-file.js';

/** A row with the parameters of its cell, as JSON; `{}` for a ratio. */
export interface PostedRow {
  readonly row: Row;
  readonly params: string;
}

export interface PostedRun extends Omit<RunFacts, 'numbers' | 'machine' | 'distances'> {
  /** The facts of the host as JSON: hosts of a fleet often have the same. */
  readonly machine: string;
  readonly version: string;
  readonly commit: string | null;
  readonly node: string;
  /** The copy kernel that the run was told to use. */
  readonly copyKernel: string;
  /** By index: the numbers of the rows in the order in which their reducer has first seen them. */
  readonly rows: Uint32Array<ArrayBuffer>;
  readonly medians: Float64Array<ArrayBuffer>;
  /** NaN: the number has no interval. */
  readonly spreads: Float64Array<ArrayBuffer>;
}

/** A file that is not part of the fleet. */
export interface FleetFailure {
  readonly source: string;
  readonly code: string;
  /** What was wrong and where: one line, without the remedy. */
  readonly message: string;
}

/** What is kept of a file. */
export interface PostedFile {
  /** Rows that this reducer had not seen before. */
  readonly newRows: readonly PostedRow[];
  readonly runs: readonly PostedRun[];
}

/** What became of a file. */
export type Posted = { readonly file: PostedFile } | { readonly failure: FleetFailure };

/** Reduces files one after the other. Any thread; rows are numbered by each for itself. */
export class Reducer {
  readonly #rows = new Map<string, number>();

  /** Returns a failure for a file that cannot be read, or is no result. */
  reduce(path: string): Posted {
    try {
      return { file: this.#file(path) };
    } catch (error) {
      return { failure: failureOf(path, error) };
    }
  }

  #file(path: string): PostedFile {
    const document = readResult(path);
    const documents = (document.runs?.length ? document.runs : [document]) as readonly ResultDocument[];
    const newRows: PostedRow[] = [];
    // Rows of files that mean different things by an id are told apart where the files come together.
    const runs = runsOf(document, path, new RowTable()).map((facts, at) => {
      const run = documents[at]!;
      return { ...this.#posted(facts, run, newRows), ...programOf(run.environment), copyKernel: run.settings.kernel };
    });
    return { newRows, runs };
  }

  #posted({ numbers, machine, distances: _perRound, ...facts }: RunFacts, run: ResultDocument, newRows: PostedRow[]) {
    const params = new Map(run.results.map((cell) => [cell.id, JSON.stringify(cell.params)]));
    const rows = new Uint32Array(numbers.size);
    const medians = new Float64Array(numbers.size);
    const spreads = new Float64Array(numbers.size);
    let at = 0;
    for (const { row, median, spread } of numbers.values()) {
      rows[at] = this.#indexOf({ row, params: params.get(row.id) ?? '{}' }, newRows);
      medians[at] = median;
      spreads[at] = spread ?? Number.NaN;
      at++;
    }
    return { ...facts, machine: JSON.stringify(machine), rows, medians, spreads };
  }

  #indexOf(posted: PostedRow, newRows: PostedRow[]): number {
    const { row, params } = posted;
    const key = [keyOf(row), row.unit, row.higherIsBetter, params].join('\n');
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    newRows.push(posted);
    this.#rows.set(key, this.#rows.size);
    return this.#rows.size - 1;
  }
}

function programOf({ version, commit, node }: Environment): Pick<PostedRun, 'version' | 'commit' | 'node'> {
  return { version, commit, node };
}

/** Errors that say nothing of the file are thrown. */
function failureOf(source: string, error: unknown): FleetFailure {
  if ((error as { name?: string }).name !== 'CopytaxError') throw error;
  const { code, message } = error as CopytaxError;
  return { source, code, message: message.replaceAll(/\s+/g, ' ') };
}
