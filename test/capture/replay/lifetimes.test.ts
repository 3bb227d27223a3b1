import { describe, expect, it } from '@jest/globals';
import { Lifetimes } from '../../../lib/capture/replay/lifetimes.js';
import { mappingOf } from '../mapping-of.js';

const MS = 1e6;

function ended(lifetimes: Lifetimes, times: readonly number[], direction: 'to-device' | 'from-device' = 'to-device') {
  for (const ns of times) lifetimes.ended(mappingOf({ direction }), ns);
}

describe('Lifetimes', () => {
  it('tells median, ninth tenth and longest of a device and a direction', () => {
    const lifetimes = new Lifetimes();
    ended(lifetimes, [...Array(80).fill(1 * MS), ...Array(19).fill(10 * MS), 64 * MS]);
    ended(lifetimes, [0], 'from-device');
    const [most, other] = lifetimes.table();
    expect(most).toMatchObject({ device: 'e', direction: 'to-device', ended: 100, longestNs: 64 * MS });
    expect(Math.abs(most!.medianNs / MS - 1)).toBeLessThan(0.1);
    expect(Math.abs(most!.p90Ns / (10 * MS) - 1)).toBeLessThan(0.1);
    expect(other).toEqual({ device: 'e', direction: 'from-device', ended: 1, medianNs: 0, p90Ns: 0, longestNs: 0 });
  });

  it('finds mappings that are held for far longer than any that ended, of devices of which enough ended', () => {
    const lifetimes = new Lifetimes();
    ended(lifetimes, Array(19).fill(1 * MS));
    const live = [
      mappingOf({ direction: 'to-device', timeNs: 0, slot: 0x8000, size: 4096 }),
      mappingOf({ direction: 'to-device', timeNs: 5 * MS, slot: 0x9800, size: 1 }),
      mappingOf({ direction: 'to-device', timeNs: 6 * MS, slot: 0xa000 }), // for four times as long, not longer
      mappingOf({ direction: 'from-device', timeNs: 0, slot: 0xb000 }),
    ];
    expect(lifetimes.overdue(live, 10 * MS)).toEqual([]);
    ended(lifetimes, [1 * MS]);
    expect(lifetimes.overdue(live, 10 * MS)).toEqual([
      { device: 'e', direction: 'to-device', mappings: 2, slots: 3, heldNs: 10 * MS, longestNs: 1 * MS },
    ]);
  });
});
