import { describe, expect, it } from '@jest/globals';
import { cellSchema, ratioSchema } from '../../../lib/bench/result/cell-schema.js';

const CELL = {
  id: 'a',
  scenario: 's',
  params: { size: 1, kernel: 'libc', exact: true },
  unit: 'ns',
  higherIsBetter: false,
  batch: 1,
  samples: [1, null, 3],
  durationsMs: [1, 1, 1],
  summary: { median: 2, low: 1, high: 3, confidence: 0.5 },
  ledger: { bytes: 1, 'of a later version': 2 },
  warnings: [],
};

describe('the schema of a cell', () => {
  it('takes cells from before samples had times and pulses, and keeps keys of other versions', () => {
    expect(cellSchema().parse(CELL)).toEqual(CELL);
  });

  it('takes samples in which nothing moved, with times and a pulse for each CPU', () => {
    const cell = {
      ...CELL,
      startedMs: [1, 2, 3],
      pulsesNs: [[1], [1, 2], []],
      atFullSpeed: { samples: 0, summary: null },
    };
    expect(cellSchema().parse(cell)).toEqual(cell);
  });

  it('refuses samples that are no numbers', () => {
    expect(cellSchema().safeParse({ ...CELL, samples: ['1'] }).success).toBe(false);
    expect(cellSchema().safeParse({ ...CELL, pulsesNs: [1] }).success).toBe(false);
  });
});

describe('the schema of a ratio', () => {
  it('takes what the rounds at full speed say, or that there was none', () => {
    const ratio = {
      id: 'r',
      scenario: 's',
      of: 'a',
      to: 'b',
      median: 1,
      low: 1,
      high: 1,
      rounds: 6,
      significant: false,
    };
    const { id: _id, scenario: _scenario, of: _of, to: _to, ...fast } = ratio;
    for (const atFullSpeed of [fast, null]) {
      expect(ratioSchema().parse({ ...ratio, atFullSpeed })).toEqual({ ...ratio, atFullSpeed });
    }
    expect(ratioSchema().parse(ratio)).toEqual(ratio);
  });
});
