import { describe, expect, it } from '@jest/globals';
import { factsOf, variancePage, varianceReport, varianceTables } from '../../../dev/variance/tables.js';
import { exampleData, simulatedData, turnOf } from './fixtures/example-data.js';

const data = simulatedData(3);
const tables = varianceTables(data);

describe('factsOf', () => {
  it('counts turns, processes, generations and samples that were starved or failed', () => {
    const facts = factsOf(
      exampleData([
        turnOf([
          [0, 0, 50, 1, 77, 0.3],
          [2, 5, 9, null, 77, 0.3],
        ]),
        turnOf(
          [
            [0, 60_000, 50, 0.5, 314, 0.3],
            [1, 90_000, null, null, null, null],
          ],
          { threads: 1, memory: 1 },
        ),
        turnOf([], { process: 1 }),
      ]),
    );
    expect(facts).toEqual([
      '3 turns within 1.5 minutes on 2 CPUs of example, samples of 60 ms.',
      '2 processes, 3 generations of threads, 3 of memory.',
      '2 of 3 samples of designs had less than 95 % of their CPUs, or failed.',
      'A cache line took 77 to 77 ns between the CPUs and back (10th and 90th percentile).',
    ]);
  });
});

describe('varianceTables', () => {
  it('shows the component that a design has, and the ratio that shares it, in percent', () => {
    const [all] = tables;
    const memory = all!.head.indexOf('memory');
    const shown = (id: string) => Number.parseFloat(all!.rows.find(([name]) => name === id)![memory]!);
    expect(all!.rows.map(([id]) => id)).toEqual(['direct', 'bounce', 'direct : bounce', 'copy hot']);
    expect({ isShown: shown('direct') > 5 && shown('direct') < 11, bounce: shown('bounce') < 1.5 }).toEqual({
      isShown: true,
      bounce: true,
    });
    expect(shown('direct : bounce')).toBeGreaterThan(5);
    for (const row of all!.rows)
      for (const cell of row.slice(1)) expect(cell).toMatch(/^\d+\.\d \[\d+\.\d, \d+\.\d\]$/);
  });

  it('says what follows for a run: fresh memory narrows what varies by memory', () => {
    const plans = tables.at(-1)!;
    const of = plans.head.indexOf('direct');
    const [kept, fresh] = ['rounds over 50 s, one memory', 'over 50 s, fresh memory for each round'].map((name) =>
      Number.parseFloat(plans.rows.find(([row]) => row === name)![of]!),
    );
    expect(fresh! * 2).toBeLessThan(kept!);
  });

  it('has no components of turns that are too few', () => {
    expect(varianceTables(exampleData([]))).toEqual([]);
    expect(varianceTables(exampleData(data.turns.slice(0, 20)))).toEqual([]);
    expect(varianceReport(exampleData([])).at(-1)).toMatch(/^Too few turns/);
  });
});

describe('variancePage', () => {
  it('is facts and tables of Markdown with as many cells in each row', () => {
    const [facts, ...rest] = variancePage(data).split('\n\n');
    expect(facts).toBe(factsOf(data).join(' '));
    const shown = rest.filter((text) => text.startsWith('|')).map((text) => text.split('\n'));
    expect(shown.length).toBe(tables.length);
    for (const [head, line, ...rows] of shown) {
      const width = head!.split('|').length;
      expect(line).toMatch(/^\| --- \|( --: \|)+$/);
      for (const row of [line!, ...rows]) expect(row.split('|').length).toBe(width);
    }
  });
});
