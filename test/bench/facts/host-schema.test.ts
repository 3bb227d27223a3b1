import { describe, expect, it } from '@jest/globals';
import { hostSchema } from '../../../lib/bench/facts/host-schema.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { hostTree, X86_GUEST } from '../fixtures/host-tree.js';

describe('the schema of the facts of a host', () => {
  const known = hostFacts({ root: hostTree(X86_GUEST), arch: 'x64' });
  const accepts = (change: object) => hostSchema().safeParse({ ...known, ...change }).success;

  it('accepts null for any fact that is not known', () => {
    const cpu = Object.fromEntries(Object.keys(known.cpu).map((name) => [name, null]));
    const memory = Object.fromEntries(Object.keys(known.memory).map((name) => [name, null]));
    const nothing = { caches: null, numaNodes: null, swiotlb: null };
    expect(accepts({ cpu, memory, ...nothing })).toBe(true);
  });

  it('refuses an object without one of the facts', () => {
    const { governor: _governor, ...cpu } = known.cpu;
    for (const change of [{ cpu }, { caches: undefined }, { missing: null }]) expect(accepts(change)).toBe(false);
  });

  it.each([
    { memory: { ...known.memory, memlockLimit: 'unlimited' } },
    { memory: { ...known.memory, memlockLimit: 65536 } },
  ])('accepts a limit in bytes and "unlimited": %j', (change) => {
    expect(accepts(change)).toBe(true);
  });

  it.each(['-1', '1.5', '1e30', '18446744073709551615', 'Infinity', '\u0001', ''])(
    'accepts what is read of a host whose files say %j for each number',
    (number) => {
      const tree = Object.entries(X86_GUEST).map(([path, text]) => [path, text.replace(/\d+/g, number)]);
      const facts = hostFacts({ root: hostTree(Object.fromEntries(tree)), arch: 'x64' });
      expect(hostSchema().safeParse(JSON.parse(JSON.stringify(facts))).error?.issues).toBeUndefined();
    },
  );

  it.each([
    { memory: { ...known.memory, memlockLimit: 'a lot' } },
    { memory: { ...known.memory, totalBytes: 0.5 } },
    { caches: [{ ...known.caches![0], sharedBy: [['0']] }] },
    { cpu: { ...known.cpu, flags: 'avx2' } },
  ])('refuses values of other types: %#', (change) => {
    expect(accepts(change)).toBe(false);
  });
});
