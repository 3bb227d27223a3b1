/**
 * Reads the files of a comparison. One file is in memory at a time; what is kept of its runs is a hundredth of it. A
 * run that stands twice in a group is no second run, and counts once.
 */
import { createHash } from 'node:crypto';
import { CopytaxError } from '../../errors.js';
import type { ResultDocument } from '../result/result.js';
import { readResult } from '../result/result-file.js';
import { RowTable, type RunFacts, runsOf } from './run-facts.js';
import type { Group } from './unlike.js';

/** Files under a name. */
export interface FileGroup {
  readonly name: string;
  /** At least one. */
  readonly files: readonly string[];
}

/** Two sources that hold the same run. */
export interface SameRun {
  readonly source: string;
  readonly as: string;
}

export interface LoadedGroups {
  readonly groups: readonly Group[];
  /** Runs that were left out, because their group has them already. */
  readonly repeated: readonly SameRun[];
  /** Runs that another group before has, too. */
  readonly shared: readonly SameRun[];
  /** All groups have the same runs, so that there is nothing to compare. */
  readonly isSame: boolean;
}

interface LoadedRun {
  readonly facts: RunFacts;
  /** Of what was measured, and when: no two runs have the same. */
  readonly digest: string;
}

function digestOf({ environment, results }: Pick<ResultDocument, 'environment' | 'results'>): string {
  const measured = results.map(({ id, samples }) => [id, samples]);
  return createHash('sha256')
    .update(JSON.stringify([environment.created, measured]))
    .digest('base64');
}

function runsOfFile(file: string, table: RowTable): LoadedRun[] {
  const document = readResult(file);
  const { runs } = document;
  const single = runs === undefined || runs.length === 0 ? [document] : runs;
  return runsOf(document, file, table).map((facts, at) => ({ facts, digest: digestOf(single[at]!) }));
}

/** Returns the first error, which also names the other files that are refused. */
function refusal(errors: readonly CopytaxError[], files: readonly string[]): CopytaxError {
  const [first] = errors;
  if (files.length === 1) return first!;
  const message = `${first!.message}; also refused: ${files.slice(1).join(', ')}`;
  return new CopytaxError(first!.code, message, { ...first!.details, files }, first);
}

/** Reads all files, and what each holds, or throws: a comparison without some of them would be another one. */
function readAll(files: readonly string[], table: RowTable): LoadedRun[][] {
  const errors: CopytaxError[] = [];
  const refused: string[] = [];
  const loaded = files.map((file) => {
    try {
      return runsOfFile(file, table);
    } catch (error) {
      if ((error as { name?: string }).name !== 'CopytaxError') throw error;
      errors.push(error as CopytaxError);
      refused.push(file);
      return [];
    }
  });
  if (errors.length > 0) throw refusal(errors, refused);
  return loaded;
}

/**
 * Reads groups of files. Rows are shared by all runs.
 * @throws ERR_RESULT_FILE, ERR_RESULT_SCHEMA, and ERR_COMPARE if files mean something else by the same id
 */
export function readGroups(given: readonly FileGroup[]): LoadedGroups {
  const table = new RowTable();
  const files = given.flatMap((group) => group.files);
  const loaded = readAll(files, table);
  const [repeated, shared]: [SameRun[], SameRun[]] = [[], []];
  const seen = new Map<string, { group: number; source: string }>();
  let next = 0;
  const groups = given.map(({ name, files: own }, group): Group => {
    const runs: RunFacts[] = [];
    const here = new Map<string, string>();
    for (const { facts, digest } of own.flatMap(() => loaded[next++]!)) {
      const { source } = facts;
      const [again, elsewhere] = [here.get(digest), seen.get(digest)];
      if (again !== undefined) {
        repeated.push({ source, as: again });
        continue;
      }
      here.set(digest, source);
      if (elsewhere !== undefined) shared.push({ source, as: elsewhere.source });
      else seen.set(digest, { group, source });
      runs.push(facts);
    }
    return { name, runs };
  });
  const others = groups.slice(1);
  const isEqual = others.every(({ runs }) => runs.length === groups[0]!.runs.length);
  const isSame = isEqual && shared.length === others.reduce((sum, { runs }) => sum + runs.length, 0);
  return { groups, repeated, shared, isSame };
}
