import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SizingDocument } from '../../../lib/capture/files/sizing-schema.js';
import { chartTable } from '../../../lib/report/html/chart-series.js';
import { sizingCharts, sizingPlots } from '../../../lib/report/plots/sizing-plot.js';
import { sizingOfCapture, sizingOfFlows } from '../fixtures/sizing.js';

const [overflowed, flows] = [await sizingOfCapture(), await sizingOfFlows()];
const pointsOf = (sizing: SizingDocument) =>
  sizingCharts(sizing).flatMap(({ option }) =>
    (option.series as { name: string; data: readonly (readonly number[])[] }[]).map(({ name, data }) => ({
      name,
      data,
    })),
  );

describe('the picture of sizes of a slot pool', () => {
  it('has the share that failed in each size, and its upper limit, without pages and with', () => {
    expect(pointsOf(overflowed).map(({ name }) => name)).toEqual([
      'failed',
      'upper limit',
      'failed, with pages, 50 %',
      'upper limit, with pages, 50 %',
    ]);
    const [failed, limit] = pointsOf(overflowed);
    const most = overflowed.pools.filter(({ percent, areas, slots }) => percent === 0 && areas === 4 && slots === 2048);
    expect(failed!.data.find(([size]) => size === 2048 * 2048)![1]).toBeCloseTo(most[0]!.failures!.probability, 4);
    expect(limit!.data.length).toBeGreaterThan(failed!.data.length);
    const [head, ...rows] = [
      chartTable(sizingCharts(overflowed)[0]!).head,
      ...chartTable(sizingCharts(overflowed)[0]!).rows,
    ];
    expect(head[0]).toBe('size of the slot pool');
    expect(rows.map(([size]) => size)).toContain('64 MiB');
  });

  it('marks what is asked about, and what is recommended, once for each size', () => {
    const [plot, ...others] = sizingPlots({ ...overflowed, target: { asked: 1e-5, applied: 1e-5 } });
    expect([plot!.file, others]).toEqual(['pool-size.svg', []]);
    const texts = ['what there is', '64 MiB', '6 % of memory', '1 GiB', 'recommended', 'asked for'];
    expect(texts.filter((text) => !plot!.svg.includes(`>${text}<`))).toEqual([]);
    const same = { ...overflowed.recommended!, bytes: overflowed.compared[0]!.pool.bytes };
    const [joined] = sizingPlots({ ...overflowed, recommended: same });
    expect(joined!.svg.includes('>what there is, recommended<')).toBe(true);
    expect(joined!.svg.includes('>asked for<')).toBe(false);
  });

  it('says which pools hold less than is held, and draws nothing without a pool', () => {
    const says = (sizing: SizingDocument) => sizingPlots(sizing)[0]!.svg.includes('hold less than is held');
    const pools = overflowed.pools.map((pool) =>
      pool.slots > 512 ? pool : { ...pool, failures: null, holdsFloor: false },
    );
    expect([says({ ...overflowed, pools }), says(overflowed)]).toEqual([true, false]);
    expect(sizingPlots({ ...overflowed, pools: [] })).toEqual([]);
  });

  it('has only points that a logarithmic axis has a place for', () => {
    const share = fc.constantFrom(0, 1e-300, 0.003, 1);
    const pool = fc.tuple(share, share).map(([probability, high]) => {
      const [first] = flows.pools;
      return { ...first!, failures: { ...first!.failures!, probability, high } };
    });
    fc.assert(
      fc.property(fc.array(pool), (pools) => {
        for (const { data } of pointsOf({ ...flows, pools })) {
          for (const point of data) expect(point.every((value) => value > 0 && value < Infinity)).toBe(true);
        }
      }),
    );
  });
});
