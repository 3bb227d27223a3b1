import { describe, expect, it } from '@jest/globals';
import { ownRights } from '../../lib/tracefs/rights.js';

describe('ownRights', () => {
  it('reads the capabilities of a process', () => {
    expect(ownRights('CapEff:\t000001fffeffffff\n', null).isAdmin).toBe(true);
    expect(ownRights('CapEff:\t00000000a80425fb\n', null).isAdmin).toBe(false);
    expect(ownRights(null, null).isAdmin).toBe(false);
    expect(ownRights(null, null).isRoot).toBe(process.geteuid?.() === 0);
  });

  it.each([
    ['         0          0 4294967295', false],
    ['0 1000 1', true],
    ['0 0 1', true],
    ['0 100000 65536\n65536 0 1', true],
    [null, false],
  ])('tells by the map of users %j whether it is in a user namespace', (map, expected) => {
    expect(ownRights(null, map).isInUserNamespace).toBe(expected);
  });
});
