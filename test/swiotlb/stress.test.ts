import { describe, expect, it } from '@jest/globals';
import { stressStatic } from './stress-runs.js';

const OPERATIONS = 1_000_000;

describe('a slot pool under several threads', () => {
  it('gives no slot to two of them, accounts for all that they hold, and has all back in the end', async () => {
    const { operations, refused, heldSlots, used } = await stressStatic(OPERATIONS);
    expect(operations).toBe(OPERATIONS);
    expect(refused).toBeGreaterThan(0); // the pool was full now and then
    expect(refused).toBeLessThan(OPERATIONS / 2);
    expect(heldSlots).toBeGreaterThan(100);
    expect(used).toBe(0);
  });
});
