import { describe, expect, it } from '@jest/globals';
import { stressGrowing } from './stress-runs.js';

const OPERATIONS = 420_000;

describe('an allocator that grows, under several threads', () => {
  it('gives no slot to two of them, finds every pool, and has all back in the end', async () => {
    const { refused, handedOver, transientPools, heldSlots } = await stressGrowing(OPERATIONS);
    expect(refused).toBeLessThan(OPERATIONS / 4);
    expect(handedOver).toBeGreaterThan(OPERATIONS / 50);
    expect(transientPools).toBeGreaterThan(500);
    expect(heldSlots).toBeGreaterThan(0);
  });
});
