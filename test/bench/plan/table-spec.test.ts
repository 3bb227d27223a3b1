import { describe, expect, it } from '@jest/globals';
import { SCENARIOS } from '../../../benchmarks/index.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { defaultSettings } from '../../../lib/bench/plan/settings.js';
import { type TableSpec, tableSpecSchema } from '../../../lib/bench/plan/table-spec.js';

describe('tableSpecSchema', () => {
  it('takes the tables of every scenario, and changes nothing in them', async () => {
    const context = { host: hostFacts() };
    for (const { name, load } of SCENARIOS) {
      const { tables } = await (await load())(defaultSettings('quick', [0], 1), context);
      expect({ name, tables: tables.map((table) => tableSpecSchema().parse(table)) }).toEqual({ name, tables });
    }
  });

  it.each<[string, unknown]>([
    ['a kind that there is not', { kind: 'pie' }],
    ['pairs without the parameter that they differ in', { kind: 'pairs' }],
    ['a column that shows nothing', { kind: 'columns', columns: [{ head: 'x' }] }],
    ['a unit that there is not', { kind: 'columns', columns: [{ head: 'x', param: 'a', unit: 'furlongs' }] }],
  ])('refuses %s', (_what, table) => {
    expect(tableSpecSchema().safeParse(table).success).toBe(false);
  });

  it('makes a misspelt ledger key in a column an error of the compiler', () => {
    // @ts-expect-error there is no such key
    const spec: TableSpec = { kind: 'columns', columns: [{ head: 'x', ledger: 'gpbs' }] };
    expect(spec.kind).toBe('columns');
  });
});
