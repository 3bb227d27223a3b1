import { describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../../lib/bench/facts/host-files.js';
import { readCounter, swiotlbCounters } from '../../../../lib/bench/facts/linux/swiotlb-counters.js';
import { hostTree } from '../../fixtures/host-tree.js';

const host = (files: Readonly<Record<string, string>>) => new HostFiles(hostTree(files));

describe('readCounter', () => {
  it.each([
    ['0', 0],
    ['32768', 32768],
    [`${Number.MAX_SAFE_INTEGER}`, Number.MAX_SAFE_INTEGER],
    ['9007199254740992', null], // more than a number holds
    ['9223372036854775808', null],
    ['18446744073709551615', null], // -1
    ['-1', null],
    ['12 34', null],
    ['', null],
    [null, null],
  ])('reads %j as %j', (text, value) => {
    expect(readCounter(text)).toBe(value);
  });
});

describe('swiotlbCounters', () => {
  const at = (path: string) => `sys/kernel/debug/swiotlb/${path}`;

  it('returns the counters of the slot pool of the system, then of those of devices', () => {
    const files = host({
      [at('io_tlb_nslabs')]: '64',
      [at('io_tlb_used')]: '3',
      [at('io_tlb_used_hiwater')]: '9',
      [at('wlan/io_tlb_used')]: '1',
      [at('a/io_tlb_nslabs')]: '8',
      [at('empty/other')]: '5',
    });
    expect(swiotlbCounters(files)).toEqual([
      { pool: '', slots: 64, used: 3, highWater: 9 },
      { pool: 'a', slots: 8, used: null, highWater: null },
      { pool: 'wlan', slots: null, used: 1, highWater: null },
    ]);
    expect(files.missing).toEqual([]);
  });

  it('returns null, and says how to see them, if debugfs is not visible', () => {
    const files = host({});
    expect(swiotlbCounters(files)).toBeNull();
    expect(files.missing).toMatchObject([{ fact: 'swiotlb', reason: expect.stringMatching(/needs root/) }]);
  });

  it('returns null with the reason if no counter is a number', () => {
    const files = host({ [at('io_tlb_nslabs')]: 'x' });
    expect(swiotlbCounters(files)).toBeNull();
    expect(files.missing).toEqual([{ fact: 'swiotlb', reason: 'nothing in /sys/kernel/debug/swiotlb says it' }]);
  });
});
