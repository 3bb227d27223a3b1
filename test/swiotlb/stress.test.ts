import { describe, expect, it } from '@jest/globals';
import { stressStatic } from './stress-runs.js';

const OPERATIONS = 1_000_000;

describe('a slot pool used by several threads', () => {
  it('gives each slot to one thread, accounts for all that are held, and has all back at the end', async () => {
    const { operations, refused, heldSlots, used } = await stressStatic(OPERATIONS);
    expect(operations).toBe(OPERATIONS);
    expect(refused).toBeGreaterThan(0); // the slot pool was full now and then
    expect(refused).toBeLessThan(OPERATIONS / 2);
    expect(heldSlots).toBeGreaterThan(100);
    expect(used).toBe(0);
  });
});
