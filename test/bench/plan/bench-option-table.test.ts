import { describe, expect, it } from '@jest/globals';
import { BENCH_OPTIONS, CELL_PARAMS } from '../../../lib/bench/plan/bench-option-table.js';
import type { OptionRow } from '../../../lib/bench/plan/option-row.js';
import { defaultSettings, EFFORTS, sweepSettings } from '../../../lib/bench/plan/settings.js';

const rows = Object.values(BENCH_OPTIONS) as OptionRow[];

/** Is `value` one that the option of the row takes? */
function takes({ values }: OptionRow, value: unknown): boolean {
  if (values.kind === 'word') return Object.hasOwn(values.meanings, String(value));
  if (values.kind === 'scenario') return typeof value === 'string';
  if (values.kind === 'CPU') return Number.isInteger(value);
  return typeof value === 'number' && value >= values.min && value <= values.max;
}

describe('the table of options', () => {
  it('has an option, a parameter and a sentence of help once each', () => {
    for (const column of [rows.map(({ option }) => option), CELL_PARAMS.map(({ name }) => name)]) {
      expect(new Set(column).size).toBe(column.length);
    }
    for (const { help } of rows) expect(help).toMatch(/\w+ \w+|scenarios/);
  });

  it.each([...EFFORTS.map((effort) => defaultSettings(effort, [0, 1], 7)), sweepSettings([0, 1], 7)])(
    'has defaults that its options take, in plan %#',
    (settings) => {
      for (const [key, row] of Object.entries(BENCH_OPTIONS)) {
        const setting = settings[key as keyof typeof BENCH_OPTIONS];
        if (setting === null) expect(row.amount).toBe('one or none');
        else
          for (const value of [setting].flat())
            expect({ key, value, taken: takes(row, value) }).toMatchObject({ taken: true });
      }
    },
  );

  it('has usual values that its options take, where ids leave them out', () => {
    for (const row of rows) {
      if (row.cell?.inId !== 'unless usual') continue;
      expect({ name: row.cell.name, taken: takes(row, row.cell.usual) }).toMatchObject({ taken: true });
    }
  });

  it('has words for each value in a sentence', () => {
    const label = (name: string, text: string) => CELL_PARAMS.find((param) => param.name === name)!.label(text);
    expect(['1', '2'].map((text) => label('senders', text))).toEqual(['1 sender', '2 senders']);
    expect(['0', '1 ms'].map((text) => label('ackDelayNs', text))).toEqual([
      'acknowledged at once',
      'acknowledged after 1 ms',
    ]);
    expect(['none', 'pools'].map((text) => label('growth', text))).toEqual(['no growth', 'growth by pools']);
    expect(['design', 'typed-folio'].map((text) => label('freeDispatch', text))).toEqual([
      'pages freed as designed',
      'pages freed by typed-folio',
    ]);
    expect(['retire', 'of another version'].map((text) => label('device', text))).toEqual([
      'a device that completes at the doorbell',
      'device of another version',
    ]);
    for (const { label: words } of CELL_PARAMS) expect(words('x')).toContain('x');
  });
});
