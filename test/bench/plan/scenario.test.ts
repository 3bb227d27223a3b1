import { describe, expect, it } from '@jest/globals';
import { cellId } from '../../../lib/bench/plan/scenario.js';

describe('cellId', () => {
  it('returns a path of the heads, and then of the parameters with their names, in the order given', () => {
    expect(cellId(['tx-designs', 'bounce'], { senders: 2, queues: 1 })).toBe('tx-designs/bounce/senders=2/queues=1');
    expect(cellId(['a'], { z: true, b: 'x' })).toBe('a/z=true/b=x');
    expect(cellId(['a'], {})).toBe('a');
    expect(cellId([], { n: 0 })).toBe('n=0');
  });
});
