import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ASSUMED_HOLD_NS, mostHeld, withHolds } from '../../../lib/capture/load/hold-times.js';
import { NOT_TOLD } from '../../../lib/capture/load/pool-load.js';
import { loadOf } from './loads.js';

const UNTOLD = loadOf(Array.from({ length: 100 }, (_, at) => ({ timeNs: at * 1000, heldNs: NOT_TOLD })));

describe('withHolds', () => {
  it('changes nothing where all ends are told', () => {
    const load = loadOf([{ heldNs: 5 }, { heldNs: Number.POSITIVE_INFINITY }]);
    expect(withHolds(load, null, 100, 0)).toEqual({
      load,
      times: { told: 1, untold: 0, source: null, holdNs: null, ifHeld: [] },
    });
  });

  it('takes the time that is given, of the device before all others', () => {
    const load = loadOf([{ heldNs: NOT_TOLD }, { heldNs: NOT_TOLD, device: 1 }, { heldNs: 7 }], ['e', 'nvme']);
    const given = { defaultNs: 50, byDevice: new Map([['nvme', 90]]) };
    const { load: held, times } = withHolds(load, given, 100, 0);
    expect([...held.heldNs]).toEqual([50, 90, 7]);
    expect(times).toEqual({ told: 1, untold: 2, source: 'given', holdNs: 50, ifHeld: [] });
    expect([...load.heldNs]).toEqual([Number.NaN, Number.NaN, 7]);
  });

  it('takes the median of the same device, if enough of its mappings tell their end', () => {
    const told = Array.from({ length: 21 }, (_, at) => ({ heldNs: at }));
    const load = loadOf([...told, { heldNs: NOT_TOLD }, { heldNs: NOT_TOLD, device: 1 }], ['e', 'nvme']);
    const { load: held, times } = withHolds(load, null, null, 0);
    expect([held.heldNs[21], held.heldNs[22], times.source]).toEqual([10, ASSUMED_HOLD_NS, 'assumed']);
    expect(withHolds(loadOf([...told, { heldNs: NOT_TOLD }]), null, null, 0).times).toMatchObject({
      source: 'median',
      holdNs: 10,
    });
  });

  it('fits the time to the high-water mark above the floor', () => {
    const { load, times } = withHolds(UNTOLD, null, 27, 20);
    expect(times.source).toBe('fitted');
    expect(mostHeld(UNTOLD, times.holdNs!)).toBe(7);
    expect(times.holdNs! / 6000).toBeCloseTo(1, 5);
    expect(load.heldNs[0]).toBe(times.holdNs);
  });

  it('tells beside a guess what a tenth and ten times as much would be', () => {
    const rows = Array.from({ length: 100 }, (_, at) => ({ timeNs: at * ASSUMED_HOLD_NS, heldNs: NOT_TOLD }));
    expect(withHolds(loadOf(rows), null, null, 0).times.ifHeld).toEqual([
      { holdNs: ASSUMED_HOLD_NS / 10, mostSlots: 1 },
      { holdNs: ASSUMED_HOLD_NS, mostSlots: 1 },
      { holdNs: ASSUMED_HOLD_NS * 10, mostSlots: 10 },
    ]);
  });

  it.each([
    [20, 20],
    [null, 0],
    [200, 20],
  ])('assumes a time if a mark of %p above %p slots cannot be fitted', (mark, floor) => {
    expect(withHolds(UNTOLD, null, mark, floor).times).toMatchObject({ source: 'assumed', holdNs: ASSUMED_HOLD_NS });
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
