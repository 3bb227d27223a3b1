import { describe, expect, it } from '@jest/globals';
import { verdicts, witness } from './model/verdicts.js';
import { type HandOver, IN_C, IN_JAVASCRIPT } from './programs/hand-over.js';
import { AS_SPECIFIED, type Linking, remapped, transientPools } from './programs/transient-pool.js';

const BENIGN = ['U: in pool 1', 'U: no address yet'];

describe.each([...IN_C, ...IN_JAVASCRIPT])('a transient pool with %s (O6)', (_name, protocol) => {
  it('is always found if two CPUs make one at the same time', () => {
    expect(verdicts(transientPools(protocol, AS_SPECIFIED, 2))).toEqual(BENIGN);
  });

  it('can be missed if it is linked after its address is published', () => {
    const linking: Linking = { ...AS_SPECIFIED, when: 'after' };
    expect(witness(transientPools(protocol, linking, 1), 'U: in no pool')).toBeDefined();
  });

  it('can be lost if it is linked without the lock', () => {
    const linking: Linking = { ...AS_SPECIFIED, isLocked: false };
    expect(witness(transientPools(protocol, linking, 2), 'U: in no pool')).toBeDefined();
  });

  it('can be read half made, by a thread that walks past, if it is linked by a relaxed store', () => {
    const linking: Linking = { ...AS_SPECIFIED, order: 'relaxed' };
    expect(witness(transientPools(protocol, linking, 2), 'U: garbage, without an address')).toBeDefined();
  });
});

describe.each(IN_C)('a transient pool with %s (O6)', (_name, protocol) => {
  it.each<[string, Partial<HandOver>]>([
    ['M has no fence', { mapFence: 'none' }],
    ['U has no fence', { lookFence: 'none' }],
    ['M stores the address before the flag', { mapOrder: 'address, fence, flag' }],
    ['U loads the flag before the address', { lookOrder: 'flag, fence, address' }],
  ])('can be missed if %s', (_change, change) => {
    const found = verdicts(transientPools({ ...protocol, ...change }, AS_SPECIFIED, 1));
    expect(found).toEqual(expect.arrayContaining(['U: in no pool', 'U: not bounced']));
  });
});

describe('an address that was unmapped and is mapped again (O7)', () => {
  it.each([...IN_C, ...IN_JAVASCRIPT])('is never found in the removed pool, with %s', (_name, protocol) => {
    expect(verdicts(remapped(protocol))).toEqual(['U: in pool 2', 'U: no address yet']);
  });

  it.each(IN_C)('is found in the removed pool if a fence is missing, with %s otherwise', (_name, protocol) => {
    expect(verdicts(remapped({ ...protocol, mapFence: 'none' }))).toContain('U: in pool 1');
    expect(verdicts(remapped({ ...protocol, lookFence: 'none' }))).toContain('U: in pool 1');
  });
});
