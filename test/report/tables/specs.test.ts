import { describe, expect, it } from '@jest/globals';
import { cellsShownAs, tablesOf } from '../../../lib/report/tables/specs.js';
import { copyCells, designCells, resultOf } from '../fixtures/result.js';

const result = resultOf(designCells(), copyCells());
const named = (name: string) => ({ name, question: 'Why?', seconds: 1, warmUpRounds: 1, rounds: [] });
const kinds = (of: typeof result, name: string) => tablesOf(of, named(name)).map(({ kind }) => kind);

describe('tablesOf', () => {
  it('returns the tables that a file says, whatever the scenario is called', () => {
    const said = { ...named('copy-cost'), tables: [{ kind: 'plain' as const }] };
    expect(tablesOf(result, said)).toEqual([{ kind: 'plain' }]);
  });

  it('goes by the name of the scenario and the settings of a sweep in older files', () => {
    expect(kinds(result, 'tx-designs')).toEqual(['designs']);
    expect(kinds({ ...result, settings: { ...result.settings, sweep: true } }, 'tx-designs')).toEqual(['sweep']);
    expect(kinds(result, 'copy-cost')).toEqual(['copy-rates', 'ratios']);
    expect(tablesOf(result, named('free-dispatch'))).toContainEqual({ kind: 'pairs', by: 'dispatch' });
    expect(tablesOf(result, named('slot-pool'))).toContainEqual({ kind: 'pairs', by: 'allocator' });
    expect(kinds(result, 'never-heard-of')).toEqual(['plain', 'ratios']);
  });
});

describe('cellsShownAs', () => {
  it('returns only the cells of scenarios that have a table of such a kind', () => {
    const scenarios = (...wanted: Parameters<typeof cellsShownAs>[1][]) =>
      new Set(cellsShownAs(result, ...wanted).map(({ scenario }) => scenario));
    expect(scenarios('designs', 'sweep')).toEqual(new Set(['tx-designs']));
    expect(scenarios('copy-rates')).toEqual(new Set(['copy-cost']));
    expect(scenarios('pool-exhaustion')).toEqual(new Set());
  });
});
