import { describe, expect, it } from '@jest/globals';
import { headlineChoice, headlineOf } from '../../../lib/report/compare/headline.js';
import { comparisonOf, FIVE, times } from './fixtures/differences.js';

const comparison = comparisonOf([
  { name: 'a', speeds: FIVE },
  { name: 'b', speeds: times(0.8) },
]);

describe('the rows for few lines', () => {
  it('are those of the transmit designs: rates, the cost and the second copy of bouncing', () => {
    expect(headlineOf(comparison)).toMatchObject({ scenario: 'tx-designs', params: { senders: 2, message: 65536 } });
    expect(headlineChoice(comparison, 6).map(({ name }) => name)).toEqual([
      'bounce',
      'bounce-pages',
      'direct',
      'bounce cost',
      'bounce, second copy',
      'bounce-pages cost',
    ]);
    expect(headlineChoice(comparison, 2)).toHaveLength(2);
  });

  it('are those that differ where no design was measured', () => {
    const [one] = comparison.compared;
    const differences = one!.differences
      .filter(({ row }) => row.scenario === 'copy-cost')
      .map((difference, at) => ({ ...difference, significant: at === 3 }));
    const copies = { ...comparison, compared: [{ ...one!, differences }] };
    expect(headlineOf(copies)).toBeNull();
    const chosen = headlineChoice(copies, 2).map(({ row }) => row);
    expect(chosen[0]).toBe(differences[3]!.row);
  });
});
