import { describe, expect, it } from '@jest/globals';
import { pointsOf, rateOf } from '../../../lib/report/sweep/sweep-points.js';
import { conditions } from '../../../lib/report/tables/conditions.js';
import { pair, sweepOf, sweptCell } from '../fixtures/sweep.js';

describe('pointsOf', () => {
  const result = sweepOf([...pair(100, 1.5, { senders: 1 }), sweptCell('bounce', 100), sweptCell('direct', 300)]);
  const points = pointsOf(result, conditions(result));

  it('returns the conditions with both designs, and the measured ratio', () => {
    expect(points).toHaveLength(1);
    expect(points[0]).toMatchObject({
      senders: 1,
      queues: 1,
      message: 65536,
      gain: 1.5,
      gainText: '1.50 [1.50, 1.50]',
    });
    expect(rateOf(points[0]!.conventional)).toBe(100);
    expect(rateOf(points[0]!.alternative)).toBe(150);
  });

  it('returns no point if no round had both', () => {
    expect(pointsOf({ ...result, ratios: [] }, conditions(result))).toEqual([]);
  });
});
