import { describe, expect, it } from '@jest/globals';
import { pointsOf, rateOf } from '../../../lib/report/sweep/sweep-points.js';
import { conditions } from '../../../lib/report/tables/conditions.js';
import { pair, sweepOf, sweptCell } from '../fixtures/sweep.js';

describe('pointsOf', () => {
  const result = sweepOf([...pair(100, 1.5, { senders: 1 }), sweptCell('bounce', 100), sweptCell('direct', 300)]);
  const points = pointsOf(result, conditions(result));

  it('are conditions with both designs, and the measured ratio', () => {
    expect(points).toHaveLength(1);
    expect(points[0]).toMatchObject({
      senders: 1,
      queues: 1,
      message: 65536,
      gain: 1.5,
      gainText: '1.50 [1.50, 1.50]',
    });
    expect([points[0]!.conventional, points[0]!.alternative].map(rateOf)).toEqual([100, 150]);
  });

  it('are none where no round had both', () => {
    expect(pointsOf({ ...result, ratios: [] }, conditions(result))).toEqual([]);
  });
});
