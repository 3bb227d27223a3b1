import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fittedHold, mostHeld, slotsOfKnown } from '../../../lib/capture/load/fitted-hold.js';
import { EARLIER, NOT_TOLD } from '../../../lib/capture/load/pool-load.js';
import { loadOf } from './loads.js';

describe('slotsOfKnown', () => {
  it('counts mappings until they end, and takes off those of before', () => {
    const rows = [
      { timeNs: 0, heldNs: 10, bytes: 4096 },
      { timeNs: 5, heldNs: Number.POSITIVE_INFINITY },
      { timeNs: 7, heldNs: NOT_TOLD },
      { timeNs: 10, heldNs: 1 },
      { timeNs: 20, heldNs: EARLIER, bytes: 3 * 2048 },
    ];
    expect([...slotsOfKnown(loadOf(rows))]).toEqual([2, 3, 3, 2, -2]);
  });

  it('has, of mappings that are all held as long, what mostHeld has', () => {
    const row = fc.record({ waitNs: fc.nat(20), bytes: fc.integer({ min: 1, max: 300_000 }), offset: fc.nat(4095) });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 100 }), (steps, holdNs) => {
        let timeNs = 0;
        const rows = steps.map(({ waitNs, ...one }) => {
          timeNs += waitNs;
          return { ...one, timeNs };
        });
        const known = slotsOfKnown(loadOf(rows.map((one) => ({ ...one, heldNs: holdNs }))));
        const untold = loadOf(rows.map((one) => ({ ...one, heldNs: NOT_TOLD })));
        expect(Math.max(...known)).toBe(mostHeld(untold, holdNs));
      }),
    );
  });
});

describe('fittedHold', () => {
  const rows = Array.from({ length: 100 }, (_, at) => ({ timeNs: at * 1000, heldNs: NOT_TOLD }));

  it('is the shortest time with which as many slots are in use', () => {
    expect(fittedHold(loadOf(rows), 7)! / 6000).toBeCloseTo(1, 5);
  });

  it('is none where no time does it, and where what is known does it alone', () => {
    const full = [{ heldNs: Number.POSITIVE_INFINITY, bytes: 7 * 2048 }, ...rows];
    expect([fittedHold(loadOf(rows), 101), fittedHold(loadOf(rows), 0), fittedHold(loadOf(full), 7)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe('mostHeld', () => {
  it('counts as a list of open mappings does, and never less for a longer time', () => {
    const step = fc.record({ waitNs: fc.nat(20), bytes: fc.integer({ min: 1, max: 300_000 }), offset: fc.nat(4095) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 100 }), (steps, hold) => {
        let now = 0;
        const rows = steps.map(({ waitNs, ...row }) => {
          now += waitNs;
          return { ...row, timeNs: now, heldNs: NOT_TOLD };
        });
        const slotsOf = ({ bytes, offset }: { bytes: number; offset: number }) =>
          bytes + (offset % 2048) > 262144 ? 0 : Math.ceil((bytes + (offset % 2048)) / 2048);
        const most = Math.max(
          ...rows.map(({ timeNs }, last) =>
            rows
              .slice(0, last + 1)
              .filter((row) => row.timeNs + hold > timeNs)
              .reduce((sum, row) => sum + slotsOf(row), 0),
          ),
        );
        const load = loadOf(rows);
        expect(mostHeld(load, hold)).toBe(most);
        expect(mostHeld(load, hold + 5)).toBeGreaterThanOrEqual(most);
      }),
    );
  });
});
