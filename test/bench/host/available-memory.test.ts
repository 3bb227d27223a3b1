import { describe, expect, it } from '@jest/globals';
import { availableMemory } from '../../../lib/bench/host/available-memory.js';

describe('availableMemory', () => {
  it('returns what Node tells', () => {
    expect(availableMemory(7, () => 3)).toBe(7);
    expect(availableMemory()).toBeGreaterThan(0);
  });

  it('does not take what Node cannot tell for no memory', () => {
    expect(availableMemory(0, () => 3)).toBe(3);
  });
});
