/** The tables that show a scenario: those that its file says, or in older files those that its name stands for. */
import type { TableKind, TableSpec } from '../../bench/plan/table-spec.js';
import type { CellResult, ResultDocument, ScenarioResult } from '../../bench/result/result.js';

/** Tables that can show any scenario: for one in an older file that is not listed below. */
const ANY: readonly TableSpec[] = [{ kind: 'plain' }, { kind: 'ratios' }];

/** Scenarios in files from before scenarios said their tables. New scenarios never need a line here. */
const EARLIER: Readonly<Record<string, readonly TableSpec[]>> = {
  'tx-designs': [{ kind: 'designs' }],
  'copy-cost': [{ kind: 'copy-rates' }, { kind: 'ratios' }],
  'slot-pool': [{ kind: 'pairs', by: 'allocator' }, { kind: 'ratios' }],
  'free-dispatch': [{ kind: 'pairs', by: 'dispatch' }, { kind: 'ratios' }],
  'pool-exhaustion': [{ kind: 'pool-exhaustion' }],
};

export function tablesOf({ settings }: ResultDocument, { name, tables }: ScenarioResult): readonly TableSpec[] {
  if (tables !== undefined) return tables;
  if (name === 'tx-designs' && settings.sweep) return [{ kind: 'sweep' }];
  return EARLIER[name] ?? ANY;
}

/** Returns the cells of all scenarios that have a table of one of these kinds, in the order of the run. */
export function cellsShownAs(result: ResultDocument, ...kinds: readonly TableKind[]): CellResult[] {
  const wanted = result.scenarios.filter((scenario) =>
    tablesOf(result, scenario).some(({ kind }) => kinds.includes(kind)),
  );
  const names = new Set(wanted.map(({ name }) => name));
  return result.results.filter(({ scenario }) => names.has(scenario));
}

/** Returns the cells that tell what was copied how: a file from elsewhere may lack it, and shows no rate then. */
export const copyCells = (cells: readonly CellResult[]): CellResult[] =>
  cells.filter(({ params: { size, kernel, state } }) => {
    const hasSize = typeof size === 'number' && size > 0 && size <= Number.MAX_SAFE_INTEGER;
    return hasSize && kernel !== undefined && state !== undefined;
  });
