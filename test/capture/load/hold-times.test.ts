import { describe, expect, it } from '@jest/globals';
import { mostHeld } from '../../../lib/capture/load/fitted-hold.js';
import { ASSUMED_HOLD_NS, withHolds } from '../../../lib/capture/load/hold-times.js';
import { NOT_TOLD } from '../../../lib/capture/load/pool-load.js';
import { loadOf } from './loads.js';

const UNTOLD = loadOf(Array.from({ length: 100 }, (_, at) => ({ timeNs: at * 1000, heldNs: NOT_TOLD })));

describe('withHolds', () => {
  it('changes nothing where all ends are told', () => {
    const load = loadOf([{ heldNs: 5 }, { heldNs: Number.POSITIVE_INFINITY }]);
    expect(withHolds(load, { highWater: 100 })).toEqual({
      load,
      times: { told: 1, untold: 0, source: null, holdNs: null, groups: [], given: [], missing: null, ifHeld: [] },
    });
  });

  it('takes the time that is given, of the device before all others', () => {
    const load = loadOf([{ heldNs: NOT_TOLD }, { heldNs: NOT_TOLD, device: 1 }, { heldNs: 7 }], ['e', 'nvme']);
    const given = { defaultNs: 50, byDevice: new Map([['nvme', 90]]) };
    const { load: held, times } = withHolds(load, { given, highWater: 100 });
    expect([...held.heldNs]).toEqual([50, 90, 7]);
    expect(times).toEqual({
      told: 1,
      untold: 2,
      source: 'given',
      holdNs: 90,
      groups: [
        { source: 'given', device: 'nvme', holdNs: 90, mappings: 1 },
        { source: 'given', device: null, holdNs: 50, mappings: 1 },
      ],
      given: [
        { device: 'nvme', mappings: 1, untold: 1 },
        { device: null, mappings: 2, untold: 1 },
      ],
      missing: null,
      ifHeld: [],
    });
    expect([...load.heldNs]).toEqual([Number.NaN, Number.NaN, 7]);
  });

  it('takes the median of the same device, if enough of its mappings tell their end', () => {
    const told = Array.from({ length: 21 }, (_, at) => ({ heldNs: at }));
    const load = loadOf([...told, { heldNs: NOT_TOLD }, { heldNs: NOT_TOLD, device: 1 }], ['e', 'nvme']);
    const { load: held, times } = withHolds(load);
    expect([held.heldNs[21], held.heldNs[22]]).toEqual([10, ASSUMED_HOLD_NS]);
    expect(times.groups).toEqual([
      { source: 'median', device: 'e', holdNs: 10, mappings: 1 },
      { source: 'assumed', device: null, holdNs: ASSUMED_HOLD_NS, mappings: 1 },
    ]);
    expect(withHolds(loadOf([...told, { heldNs: NOT_TOLD }])).times).toMatchObject({
      source: 'median',
      holdNs: 10,
    });
  });

  it('fits the time to the high-water mark above the floor', () => {
    const { load, times } = withHolds(UNTOLD, { highWater: 27, floor: 20 });
    expect(times.source).toBe('fitted');
    expect(mostHeld(UNTOLD, times.holdNs!)).toBe(7);
    expect(times.holdNs! / 6000).toBeCloseTo(1, 5);
    expect(load.heldNs[0]).toBe(times.holdNs);
  });

  it('tells beside a guess what a tenth and ten times as much would be', () => {
    const rows = Array.from({ length: 100 }, (_, at) => ({ timeNs: at * ASSUMED_HOLD_NS, heldNs: NOT_TOLD }));
    expect(withHolds(loadOf(rows)).times.ifHeld).toEqual([
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
    expect(withHolds(UNTOLD, { highWater: mark, floor }).times).toMatchObject({
      source: 'assumed',
      holdNs: ASSUMED_HOLD_NS,
    });
  });

  it('fits the time of all other devices where one has a time that is given', () => {
    const rows = Array.from({ length: 200 }, (_, at) => ({ timeNs: at * 1000, heldNs: NOT_TOLD, device: at % 2 }));
    const given = { defaultNs: null, byDevice: new Map([['nvme', 4000]]) };
    const { load, times } = withHolds(loadOf(rows, ['nvme', 'e']), { given, highWater: 10 });
    expect(times).toMatchObject({
      groups: [
        { source: 'given', device: 'nvme', holdNs: 4000, mappings: 100 },
        { source: 'fitted', device: null, mappings: 100 },
      ],
    });
    // Of those held for 4 µs two are in use at a time, so eight of the others are.
    expect(load.heldNs[1]! / 14_000).toBeCloseTo(1, 2);
  });

  it('says what became of times that were given for devices that there are not, or whose ends are told', () => {
    const load = loadOf([{ heldNs: NOT_TOLD }, { device: 1 }], ['e', 'nvme']);
    const byDevice = new Map([
      ['nvme', 5],
      ['nvme0', 6],
    ]);
    expect(withHolds(load, { given: { defaultNs: null, byDevice } }).times).toMatchObject({
      source: 'assumed',
      given: [
        { device: 'nvme', mappings: 1, untold: 0 },
        { device: 'nvme0', mappings: 0, untold: 0 },
      ],
    });
  });

  it('takes ends of which none was seen as not told', () => {
    const load = loadOf(Array.from({ length: 30 }, (_, at) => ({ timeNs: at * 1000, heldNs: Infinity })));
    const { times } = withHolds(load, { isEndSeen: false, highWater: 5 });
    expect(times).toMatchObject({ told: 0, untold: 30, source: 'fitted', missing: 'none-ended' });
  });
});
