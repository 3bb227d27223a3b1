import { describe, expect, it } from '@jest/globals';
import { occupancyBars } from '../../../lib/report/replay/occupancy-bars.js';

const parts = (...used: number[]) =>
  used.map((usedHigh, at) => ({ fromNs: at, usedLow: 0, usedHigh, bytes: 0, softirqBytes: 0 }));

describe('occupancyBars()', () => {
  it('draws each part by its share of the most', () => {
    expect(occupancyBars(parts(0, 1, 12, 13, 50, 99, 100), 100, 10, false)).toBe('▁▁▁▂▄██');
    expect(occupancyBars(parts(0, 13, 100), 100, 10, true)).toBe(' .#');
  });

  it('draws the most of the parts that share a column, and leaves out none', () => {
    expect(occupancyBars(parts(0, 8, 0, 0, 0, 0, 4, 0), 8, 4, false)).toBe('█▁▁▄');
    expect(occupancyBars(parts(...Array(99).fill(0), 8), 8, 7, false)).toBe('▁▁▁▁▁▁█');
  });

  it('draws nothing without parts, and the lowest bars for an empty pool', () => {
    expect(occupancyBars([], 8, 4, false)).toBe('');
    expect(occupancyBars(parts(0, 0), 0, 4, false)).toBe('▁▁');
  });
});
