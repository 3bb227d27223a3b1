import { describe, expect, it } from '@jest/globals';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { hostSchema } from '../../../lib/bench/host/host-schema.js';
import { hostTree, X86_GUEST } from '../fixtures/host-tree.js';

describe('the schema of the facts of a host', () => {
  const known = hostFacts({ root: hostTree(X86_GUEST), arch: 'x64' });
  const accepts = (change: object) => hostSchema.safeParse({ ...known, ...change }).success;

  it('takes any fact that could not be had as null', () => {
    const cpu = Object.fromEntries(Object.keys(known.cpu).map((name) => [name, null]));
    const memory = Object.fromEntries(Object.keys(known.memory).map((name) => [name, null]));
    const nothing = { caches: null, numaNodes: null, swiotlb: null, encryption: null };
    expect(accepts({ cpu, memory, ...nothing })).toBe(true);
  });

  it('wants every fact to be there, if only as null', () => {
    const { governor: _governor, ...cpu } = known.cpu;
    expect([accepts({ cpu }), accepts({ caches: undefined }), accepts({ missing: null })]).toEqual([
      ...[false, false, false],
    ]);
  });

  it.each([
    { memory: { ...known.memory, memlockLimit: 'unlimited' } },
    { memory: { ...known.memory, memlockLimit: 65536 } },
  ])('knows limits in bytes and none: %j', (change) => {
    expect(accepts(change)).toBe(true);
  });

  it.each([
    { memory: { ...known.memory, memlockLimit: 'a lot' } },
    { memory: { ...known.memory, totalBytes: 0.5 } },
    { caches: [{ ...known.caches![0], sharedBy: [['0']] }] },
    { cpu: { ...known.cpu, flags: 'avx2' } },
  ])('refuses what is of another kind: %#', (change) => {
    expect(accepts(change)).toBe(false);
  });
});
