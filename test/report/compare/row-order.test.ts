import { describe, expect, it } from '@jest/globals';
import { inOrder, nameIn, sectionsOf } from '../../../lib/report/compare/row-order.js';
import { rowOf } from './fixtures/differences.js';

describe('the rows of a comparison', () => {
  it('begin with the designs and their costs, and end with copies and single calls', () => {
    const rows = [
      rowOf('control-cost/slots=1'),
      rowOf('copy-cost/libc/hot/size=64'),
      rowOf('own-question/x'),
      rowOf('tx-designs/bounce', { kind: 'cost' }),
      rowOf('tx-designs/direct'),
      rowOf('design-prices/bounce'),
      rowOf('tx-designs/bounce'),
    ];
    expect(inOrder(rows).map(({ id, kind }) => `${kind} ${id}`)).toEqual([
      'value tx-designs/direct',
      'value tx-designs/bounce',
      'cost tx-designs/bounce',
      'value design-prices/bounce',
      'value own-question/x',
      'value copy-cost/libc/hot/size=64',
      'value control-cost/slots=1',
    ]);
  });

  it('are told by scenario, without what their ids have in common', () => {
    const [section] = sectionsOf([
      rowOf('tx-designs/direct/senders=2/queues=1'),
      rowOf('tx-designs/bounce/senders=2/queues=2'),
    ]);
    expect(section).toMatchObject({ scenario: 'tx-designs', common: ['senders=2'] });
    expect(section!.rows.map((row) => nameIn(section!, row))).toEqual(['direct/queues=1', 'bounce/queues=2']);
  });

  it('keep their ids where nothing would be left of them', () => {
    const row = rowOf('own-question');
    expect(nameIn(sectionsOf([row])[0]!, row)).toBe('own-question');
  });
});
