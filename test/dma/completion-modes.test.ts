import { describe, expect, it } from '@jest/globals';
import { COMPLETION_MODES } from '../../lib/dma/completion-modes.js';

describe('COMPLETION_MODES', () => {
  it('are the ways in which a device completes packets, which a program cannot add to', () => {
    expect(COMPLETION_MODES).toEqual(['retire', 'line-rate', 'read']);
    expect(Object.isFrozen(COMPLETION_MODES)).toBe(true);
  });
});
