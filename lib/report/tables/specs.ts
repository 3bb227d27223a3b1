/** Which tables a scenario wants its cells to be shown in: as its file says, or by its name in files from before. */
import type { TableKind, TableSpec } from '../../bench/plan/table-spec.js';
import type { CellResult, ResultDocument, ScenarioResult } from '../../bench/result/result.js';

/** Shows anything: what a file from before gets for a scenario that is not listed here. */
const ANY: readonly TableSpec[] = [{ kind: 'plain' }, { kind: 'ratios' }];

/** Scenarios in files from before they said their tables. No scenario is ever added here. */
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

/** Cells of all scenarios that want a table of one of these kinds, in the order of the run. */
export function cellsShownAs(result: ResultDocument, ...kinds: readonly TableKind[]): CellResult[] {
  const wanted = result.scenarios.filter((scenario) =>
    tablesOf(result, scenario).some(({ kind }) => kinds.includes(kind)),
  );
  const names = new Set(wanted.map(({ name }) => name));
  return result.results.filter(({ scenario }) => names.has(scenario));
}
