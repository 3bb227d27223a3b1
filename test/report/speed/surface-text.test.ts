import { describe, expect, it } from '@jest/globals';
import { COPY_KERNEL_NAMES } from '../../../lib/memory/copy-kernels.js';
import { surfaceSentences, surfaceTables } from '../../../lib/report/speed/surface-text.js';
import { textReport } from '../../../lib/report/text.js';
import { KIB } from '../../../lib/units.js';
import { autoCell, otherCells, SIZES, sizeCells, surfaceResult } from '../fixtures/surface.js';

const ALL = [...sizeCells(), ...otherCells(), ...autoCell(64, 1, 0.01), ...autoCell(1500, 1.2, 0.01)];
const tables = surfaceTables(ALL, surfaceResult(ALL)) as string[];

describe('surfaceTables', () => {
  it('show bytes copied and bytes moved by size, one table for each pair of states', () => {
    expect(tables[0]!.split('\n')).toHaveLength(SIZES.length + 1);
    expect(tables[0]).toMatch(/^hot to hot, GB\/s +libc +nt-avx2$/m);
    expect(tables[0]).toMatch(/^64 KiB +32\.0 \/ 64\.0 +16\.0 \/ 32\.0$/m);
    expect(tables[1]).toMatch(/^64 MiB +8\.00 \/ 24\.0 +4\.00 \/ 8\.00$/m);
  });

  it('show the states of the source down and those of the destination across', () => {
    expect(tables[2]).toMatch(/^libc, 1500 B +first touch$/m);
    expect(tables[2]).toMatch(/^from other core +2\.00 \/ 6\.00$/m);
  });

  it('show alignments as ratios, page sizes as rates, and auto beside the best', () => {
    expect(tables[3]).toMatch(/^1500 B libc +2\.00$/m);
    expect(tables[4]).toMatch(/^1 MiB libc +3\.00 \/ 9\.00 +5\.00 \/ 15\.0$/m);
    expect(tables[5]).toMatch(/^64 B +libc +libc +1\.000 \[0\.990, 1\.010\] +yes$/m);
    expect(tables[5]).toMatch(/^1500 B +libc +libc +1\.200 .* no$/m);
  });

  it('show what auto chose most often, and in which percentage of the rounds that tell it', () => {
    const rowOf = (told: (number | null)[]) => {
      const cells = autoCell(64, 1, 0.01).map((cell) => ({ ...cell, ledgerSamples: { 'own:chosen': told } }));
      return (surfaceTables(cells, surfaceResult(cells)).findLast((one) => one !== null) ?? '').split('\n')[1];
    };
    const [libc, other] = ['libc', 'nt-avx2'].map((name) => (COPY_KERNEL_NAMES as readonly string[]).indexOf(name)) as [
      number,
      number,
    ];
    expect(rowOf([libc, other, other, null, other])).toMatch(/^64 B +nt-avx2 75 % +libc /);
    expect(rowOf([other, null, other])).toMatch(/^64 B +nt-avx2 +libc /);
    expect(rowOf([null])).toMatch(/^64 B +- +libc /);
  });

  it('leave out what was not measured', () => {
    expect(surfaceTables(sizeCells(), surfaceResult(sizeCells())).filter((one) => one !== null)).toHaveLength(2);
  });
});

describe('surfaceSentences', () => {
  it('say at which sizes auto is as fast as the best, and at which it is not', () => {
    const cells = [...autoCell(64, 1, 0.01), ...autoCell(1500, 1.2, 0.01), ...autoCell(64 * KIB, 1, 0.1)];
    expect(surfaceSentences(cells)).toEqual([
      'Whether auto is within 2 % of the best copy kernel: yes at 64 B; no at 1500 B; by these samples undecided at ' +
        '64 KiB.',
    ]);
    expect(surfaceSentences(autoCell(64, 1, 0.01))).toEqual([
      'Whether auto is within 2 % of the best copy kernel: yes at every measured size.',
    ]);
    expect(surfaceSentences(autoCell(64 * KIB, 1, 0.1))).toEqual([
      'Whether auto is within 2 % of the best copy kernel: by these samples undecided at 64 KiB.',
    ]);
  });

  it('say how wide the intervals are', () => {
    const [said] = surfaceSentences(sizeCells());
    expect(said).toBe('Of the intervals of times, half are within 2.00 % of their medians, nine tenths within 2.00 %.');
    expect(surfaceSentences([])).toEqual([]);
  });
});

describe('the report of a copy surface', () => {
  it('has the tables, the sentences and what was left out, and no line is too long', () => {
    const text = textReport(surfaceResult(ALL));
    for (const part of ['hot to hot, GB/s', 'Whether auto is within', 'Left out: nothing.'])
      expect(text).toContain(part);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(114);
  });
});
