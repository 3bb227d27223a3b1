import { describe, expect, it } from '@jest/globals';
import { cellId } from '../../../lib/bench/plan/scenario.js';

describe('cellId', () => {
  it('is a path: heads as they are, the rest by name, in the order given', () => {
    expect(cellId(['tx-designs', 'bounce'], { senders: 2, queues: 1 })).toBe('tx-designs/bounce/senders=2/queues=1');
    expect(cellId(['a'], { z: true, b: 'x' })).toBe('a/z=true/b=x');
    expect([cellId(['a'], {}), cellId([], { n: 0 })]).toEqual(['a', 'n=0']);
  });
});
