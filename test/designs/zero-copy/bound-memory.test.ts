import { describe, expect, it } from '@jest/globals';
import { BoundMemory } from '../../../lib/designs/zero-copy/bound-memory.js';
import { networkDevice } from '../../../lib/dma/device.js';
import { NOT_SHARED, STAYS_MAPPED } from '../../../lib/dma/shared-memory.js';
import { bindingRig, USER } from './fixtures/binding-rig.js';

describe('BoundMemory', () => {
  it('stays mapped for the device that it is registered for, until its binding ends', () => {
    const { bindings, windows, ofUser } = bindingRig();
    const memory = new BoundMemory(bindings, windows);
    const [one, two] = [1, 2].map((number) => networkDevice(true, { number }));
    expect(memory.sharing(one!, USER + 100, 5000)).toBe(STAYS_MAPPED);
    expect(memory.sharing(two!, USER + 100, 5000)).toBe(NOT_SHARED);
    expect(memory.sharing(one!, USER - 1, 2)).toBe(NOT_SHARED);
    expect(memory.holds(USER)).toBe(false);
    bindings.unregister(ofUser);
    expect(memory.sharing(one!, USER + 100, 5000)).toBe(NOT_SHARED);
  });
});
