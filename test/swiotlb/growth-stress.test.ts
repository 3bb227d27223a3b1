import { describe, expect, it } from '@jest/globals';
import { stressGrowing } from './stress-runs.js';

const OPERATIONS = 420_000;

describe('an allocator that grows, used by several threads,', () => {
  it('gives each slot to one thread, finds every slot pool, and has all slots back at the end', async () => {
    const { refused, handedOver, transientPools, heldSlots } = await stressGrowing(OPERATIONS);
    expect(refused).toBeLessThan(OPERATIONS / 4);
    expect(handedOver).toBeGreaterThan(OPERATIONS / 50);
    expect(transientPools).toBeGreaterThan(500);
    expect(heldSlots).toBeGreaterThan(0);
  });
});
