import { describe, expect, it } from '@jest/globals';
import { type HandOver, IN_C, IN_JAVASCRIPT } from './hand-over.js';
import { AS_SPECIFIED, type Linking, remapped, transientPools } from './transient-pool.js';
import { verdicts, witness } from './verdicts.js';

const BENIGN = ['U: in pool 1', 'U: no address yet'];

describe.each([...IN_C, ...IN_JAVASCRIPT])('O6: transient pools with %s', (_name, protocol) => {
  it('two CPUs make one at the same time: never', () => {
    expect(verdicts(transientPools(protocol, AS_SPECIFIED, 2))).toEqual(BENIGN);
  });

  it('linked after the address is given: found', () => {
    const linking: Linking = { ...AS_SPECIFIED, when: 'after' };
    expect(witness(transientPools(protocol, linking, 1), 'U: in no pool')).toBeDefined();
  });

  it('linked without the lock, so that one is lost: found', () => {
    const linking: Linking = { ...AS_SPECIFIED, isLocked: false };
    expect(witness(transientPools(protocol, linking, 2), 'U: in no pool')).toBeDefined();
  });

  it('linked by a relaxed store, to whoever walks past: found', () => {
    const linking: Linking = { ...AS_SPECIFIED, order: 'relaxed' };
    expect(witness(transientPools(protocol, linking, 2), 'U: garbage, without an address')).toBeDefined();
  });
});

describe.each(IN_C)('O6: transient pools with %s, one thing changed', (_name, protocol) => {
  it.each<[string, Partial<HandOver>]>([
    ['no fence in M', { mapFence: 'none' }],
    ['no fence in U', { lookFence: 'none' }],
    ['the address before the flag', { mapOrder: 'address, fence, flag' }],
    ['the flag before the address', { lookOrder: 'flag, fence, address' }],
  ])('%s: found', (_change, change) => {
    const found = verdicts(transientPools({ ...protocol, ...change }, AS_SPECIFIED, 1));
    expect(found).toEqual(expect.arrayContaining(['U: in no pool', 'U: not bounced']));
  });
});

describe('O7: an address that was unmapped and is mapped again', () => {
  it.each([...IN_C, ...IN_JAVASCRIPT])('is never found in the pool that is gone, with %s', (_name, protocol) => {
    expect(verdicts(remapped(protocol))).toEqual(['U: in pool 2', 'U: no address yet']);
  });

  it.each(IN_C)('is found there without a fence, with %s otherwise', (_name, protocol) => {
    expect(verdicts(remapped({ ...protocol, mapFence: 'none' }))).toContain('U: in pool 1');
    expect(verdicts(remapped({ ...protocol, lookFence: 'none' }))).toContain('U: in pool 1');
  });
});
