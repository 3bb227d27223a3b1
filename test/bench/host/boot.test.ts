import { describe, expect, it } from '@jest/globals';
import { bootTokens, memoryEncryption, readCounter, swiotlbCounters } from '../../../lib/bench/host/boot.js';
import { HostFiles } from '../../../lib/bench/host/host-files.js';
import { hostTree } from '../fixtures/host-tree.js';

const host = (files: Readonly<Record<string, string>>) => new HostFiles(hostTree(files));

describe('bootTokens', () => {
  const tokens = (text: string) => bootTokens(host({ 'proc/cmdline': text }));

  it('returns the tokens about bouncing as they were written', () => {
    const all = 'swiotlb=force iommu=pt iommu.passthrough=1 intel_iommu=on,sm_on amd_iommu=off mem_encrypt=on swiotlb';
    expect(tokens(`ro ${all} quiet\n`)).toEqual(all.split(' '));
  });

  it.each([
    'swiotlb="a b"',
    'swiotlb=$(secret)',
    'xswiotlb=1',
    'swiotlb_x=1',
    'root=swiotlb=1',
    'note="see swiotlb=1 here"',
    'iommu.=1',
  ])('leaves out %s', (text) => {
    expect(tokens(text)).toEqual([]);
  });

  it('returns an empty list for an empty command line, and null without one', () => {
    expect(tokens('\n')).toEqual([]);
    const files = host({});
    expect(bootTokens(files)).toBeNull();
    expect(files.missing).toMatchObject([{ fact: 'kernel.bootTokens' }]);
  });
});

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

  it('returns an empty list if no counter is a number', () => {
    expect(swiotlbCounters(host({ [at('io_tlb_nslabs')]: 'x' }))).toEqual([]);
  });
});

describe('memoryEncryption', () => {
  it('returns what flags and device files of encrypted guests say, each once', () => {
    const files = host({ 'dev/sev-guest': '', 'dev/tdx_guest': '', 'sys/firmware/uv/prot_virt_guest': '1\n' });
    expect(memoryEncryption(files, ['sev', 'sev_snp'])).toEqual(['sev', 'sev_snp', 'tdx_guest', 'prot_virt_guest']);
    expect(memoryEncryption(files, null)).toEqual(['sev_snp', 'tdx_guest', 'prot_virt_guest']);
  });

  it('returns an empty list if the flags name none, and null without flags', () => {
    const files = host({ 'dev/null': '', 'sys/firmware/uv/prot_virt_guest': '0' });
    expect(memoryEncryption(files, [])).toEqual([]);
    expect(files.missing).toEqual([]);
    expect(memoryEncryption(files, null)).toBeNull();
    expect(files.missing).toMatchObject([{ fact: 'encryption' }]);
  });
});
