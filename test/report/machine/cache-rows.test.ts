import { describe, expect, it } from '@jest/globals';
import type { CacheFacts, HostFacts } from '../../../lib/bench/facts/host-schema.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { cacheHeading, cacheRows } from '../../../lib/report/machine/cache-rows.js';
import { hostTree, X86_GUEST } from '../../bench/fixtures/host-tree.js';

const guest = hostFacts({ root: hostTree(X86_GUEST), arch: 'x64' });
const L3: CacheFacts = {
  level: 3,
  type: 'Unified',
  bytes: 8 << 20,
  lineBytes: 64,
  sharedBy: Array.from({ length: 16 }, (_, n) => [2 * n, 2 * n + 1]),
  instances: 16,
  sharingUnknown: [],
  toldBy: 'host',
};
const rows = (cache: Partial<CacheFacts>, more: Partial<HostFacts> = {}) =>
  cacheRows({ ...guest, caches: [{ ...L3, ...cache }], ...more }).filter(([, value]) => value !== null);
const text = (cache: Partial<CacheFacts>) => rows(cache)[0]![1];

describe('cacheRows', () => {
  it('counts instances, and shortens long lists of them', () => {
    const some = 'CPUs 0-1 | 2-3 | 4-5 | 6-7 | 8-9 | ... 11 more';
    expect(rows({})).toEqual([['L3 unified', `8 MiB × 16, line 64 B, ${some}`]]);
  });

  it('says what is not known of a cache', () => {
    const sizeless = { bytes: null, lineBytes: null, sharedBy: [[0, 1]], instances: 1 };
    expect(text(sizeless)).toBe('size unknown × 1, CPUs 0-1');
    const some = { sharedBy: [[0, 1]], instances: null, sharingUnknown: [2, 3] };
    expect(text(some)).toBe('8 MiB × at least 1, line 64 B, CPUs 0-1, who shares it is unknown of CPUs 2-3');
    expect(text({ sharedBy: [], instances: null, sharingUnknown: [0] })).toMatch(/^8 MiB, line 64 B, who shares/);
  });

  it('names CPUs without caches', () => {
    expect(rows({}, { cachesIncomplete: [30, 31] })[1]).toEqual(['not told', 'of CPUs 30-31']);
    expect(rows({}, { cachesIncomplete: [] })).toHaveLength(1);
  });

  it('has measured sizes beside them, if they were measured', () => {
    const knee = { bytes: 1 << 20, low: 900_000, high: 1_200_000, beforeNs: 4.2, afterNs: 13.5 };
    expect(rows({}, { cacheKnees: [knee] })[1]).toEqual([
      'measured',
      'slower from 1.00 MiB [900000 B, 1.14 MiB]: 4.20 -> 13.5 ns',
    ]);
    expect(rows({}, { cacheKnees: [] })[1]![1]).toMatch(/^no size/);
    expect(rows({}, { cacheKnees: null })).toHaveLength(1);
  });
});

describe('cacheHeading', () => {
  it('marks what a hypervisor tells', () => {
    expect(cacheHeading({ caches: [L3] })).toBe('Caches');
    expect(cacheHeading({ caches: null })).toBe('Caches');
    expect(cacheHeading({ caches: [{ ...L3, toldBy: 'hypervisor' }] })).toMatch(/as the hypervisor tells them/);
  });
});
