import { describe, expect, it } from '@jest/globals';
import type { Difference } from '../../../lib/bench/compare/compare-groups.js';
import type { Row } from '../../../lib/bench/compare/run-facts.js';
import { factor, ratioText, valueText, verdictWord, whatOf } from '../../../lib/report/compare/row-words.js';
import { differenceOf } from './fixtures/differences.js';

const row = (kind: Row['kind'], unit: string) => ({ kind, unit });

describe('a number of a comparison', () => {
  it('has its unit', () => {
    expect([
      valueText(333.4, row('value', 'Gbit/s')),
      valueText(1420, row('value', 'ns')),
      valueText(1.764, row('cost', 'cores per 100 Gbit/s')),
      valueText(1.834, row('ratio', '')),
      valueText(15.74, row('worth', 'copies')),
    ]).toEqual(['333 Gbit/s', '1.42 µs', '1.76 cores', '1.83', '15.7 copies']);
  });

  it('is said to be a rate, a time, a value or what its kind is', () => {
    expect([
      whatOf(row('value', 'Gbit/s')),
      whatOf(row('value', 'ns')),
      whatOf(row('value', 'slots')),
      whatOf(row('bounce copy', 'cores per 100 Gbit/s')),
      whatOf(row('worth', 'copies')),
    ]).toEqual(['rate', 'time', 'value', 'bounce copy', 'in copies']);
  });
});

describe('a factor', () => {
  it('has two digits behind the point, and small and large ones three significant digits', () => {
    expect([0.95, 1, 12.345, 0.00123, 1234.5].map(factor)).toEqual(['0.95', '1.00', '12.35', '0.00123', '1235']);
  });

  it('stands after ~ where it is not significant, and after ? where that cannot be told', () => {
    const texts = (more: Partial<Difference>) => ratioText(differenceOf({ ratio: 1.2, low: 1.1, high: 1.3, ...more }));
    expect([
      texts({ significant: true }),
      texts({ significant: false }),
      texts({ untold: 'CPUs elsewhere' }),
      texts({ untold: 'no interval' }),
    ]).toEqual(['1.20 [1.10, 1.30]', '~ 1.20 [1.10, 1.30]', '? 1.20 [1.10, 1.30]', '? 1.20']);
  });

  it('is better or worse by what its row counts, and more or less where no side is better', () => {
    const wordOf = (ratio: number, higherIsBetter: boolean | null, significant = true) =>
      verdictWord(differenceOf({ ratio, significant }, { higherIsBetter }));
    expect([wordOf(2, true), wordOf(0.5, true), wordOf(2, false), wordOf(0.5, false)]).toEqual([
      'better',
      'worse',
      'worse',
      'better',
    ]);
    expect([wordOf(2, null), wordOf(0.5, null), wordOf(2, true, false)]).toEqual(['more', 'less', '']);
  });
});
