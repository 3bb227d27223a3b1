import { describe, expect, it } from '@jest/globals';
import { machinesLines } from '../../../lib/report/compare/machines.js';
import { type Change, comparisonOf } from './fixtures/differences.js';

/** Ratios have the ids that scenarios give them: `tx-designs/direct:bounce/senders=2`. */
const named: Change = (result) => ({
  ...result,
  ratios: result.ratios.map((ratio) => ({ ...ratio, id: ratio.of.replace(/^(\S+?\/[^/]+)/, '$1:bounce') })),
});
const SIDES = [
  { name: 'one', speeds: [1], change: named },
  { name: 'other', speeds: [1], change: named },
];

describe('machines beside each other', () => {
  it('are told by their copies, the bounce copy in these, and their caches', () => {
    const text = machinesLines(comparisonOf(SIDES, { mode: 'across machines' }))
      .join(' ')
      .replaceAll(/\s+/g, ' ');
    // 65536 bytes at 20 and at 10 bytes a nanosecond; 0.7 cores are 3670 ns per 64 KiB.
    expect(text).toMatch(/one: one 64 KiB copy \(\S+\) takes 3\.\d+ µs hot, and 6\.\d+ µs flushed from the caches;/);
    expect(text).toMatch(/the bounce copy of 64 KiB costs 1\.1\d copies' worth \(0\.5\d+ flushed ones\);/);
    expect(text).toMatch(/last-level cache of CPUs \S+: /);
  });

  it('have ratios of their ratios', () => {
    const text = machinesLines(comparisonOf(SIDES, { mode: 'across machines' }))
      .join(' ')
      .replaceAll(/\s+/g, ' ');
    expect(text).toMatch(/direct : bounce is 2\.08 on one and 2\.08 on other: 1\.00 \[.*?\] times as much \(~\)/);
  });

  it('are not told where there is only one', () => {
    expect(machinesLines(comparisonOf(SIDES, { mode: 'same machine' }))).toEqual([]);
  });
});
