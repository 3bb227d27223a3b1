import { describe, expect, it } from '@jest/globals';
import { ascendingSizes, autoBySize, copiedOf, movedOf, partOf } from '../../../lib/report/speed/surface-lines.js';
import { autoCell, SIZES, sizeCells } from '../fixtures/surface.js';

describe('cells of a copy surface', () => {
  it('have bytes copied by their time, and bytes moved as the scenario said', () => {
    for (const cell of sizeCells()) {
      expect(copiedOf(cell)).toBeCloseTo(cell.ledger.gigabytesPerSecond!, 9);
      expect(movedOf(cell)).toBe(cell.ledger['own:movedGigabytesPerSecond']);
      expect(movedOf({ ...cell, ledger: {} })).toBeNull();
    }
    expect(ascendingSizes(sizeCells().reverse())).toEqual(SIZES);
  });
});

describe('auto beside the best copy kernel', () => {
  it('is compared with the one in times of which it takes most', () => {
    const [one] = autoBySize([...autoCell(64, 1.5, 0.01, 'nt-avx2'), ...sizeCells()]);
    expect(one!.best.params.kernel).toBe('libc');
    const chosen = [{ kernel: 5, rounds: 1 }];
    expect({ size: one!.size, chosen: one!.chosen, holds: one!.holds }).toEqual({ size: 64, chosen, holds: 'no' });
  });

  it('tells what was chosen in how many rounds, the most frequent first; nothing where no number is told', () => {
    const chosenOf = (ledgerSamples: Record<string, (number | null)[]>, ledger = {}) =>
      autoBySize(autoCell(64, 1, 0.01).map((cell) => ({ ...cell, ledger, ledgerSamples }))).map(({ chosen }) => chosen);
    expect(chosenOf({ 'own:chosen': [2, 1, null, 1] })).toEqual([
      [
        { kernel: 1, rounds: 2 },
        { kernel: 2, rounds: 1 },
      ],
    ]);
    expect([chosenOf({}), chosenOf({ 'own:chosen': [null] })]).toEqual([[[]], [[]]]);
  });

  it('has what a result tells of which one choice was told, as of older ones', () => {
    const [cell] = autoCell(64, 1, 0.01, 'nt-avx2');
    const chosen = (sampled: object) => autoBySize([{ ...cell!, ...sampled }])[0]!.chosen;
    expect(chosen({})).toEqual([{ kernel: cell!.ledger['own:chosen'], rounds: 1 }]);
    // What was told of each round is not the median of it.
    expect(chosen({ ledgerSamples: { 'own:chosen': [0, 2, 2] } })).toEqual([
      { kernel: 2, rounds: 2 },
      { kernel: 0, rounds: 1 },
    ]);
  });

  it.each([
    [1.0, 0.01, 'yes'],
    [1.0, 0.05, 'undecided'],
    [1.1, 0.05, 'no'],
    [1.03, 0.02, 'undecided'],
  ])('is within 2 %% only if its whole interval is: %d with ±%d: %s', (times, width, holds) => {
    expect(autoBySize(autoCell(64, times, width)).map((one) => one.holds)).toEqual([holds]);
  });

  it('is within 2 % only beside every copy kernel, for any of them may be the best one', () => {
    const beside = (times: number, width: number) =>
      autoBySize([...autoCell(64, 1, 0.01), ...autoCell(64, times, width, 'movsb')]).map((one) => one.holds);
    expect({ wide: beside(0.9, 0.3), behind: beside(0.9, 0.01), ahead: beside(1.1, 0.01) }).toEqual({
      wide: ['undecided'],
      behind: ['yes'],
      ahead: ['no'],
    });
  });

  it('is undecided of a single sample, and nothing without cells', () => {
    const [cell] = autoCell(64, 1, 0.01);
    const single = { ...cell!, summary: { ...cell!.summary, low: 1, high: 1, confidence: 0 } };
    expect(autoBySize([single]).map(({ holds }) => holds)).toEqual(['undecided']);
    expect(autoBySize(partOf(sizeCells(), 'auto'))).toEqual([]);
  });
});
