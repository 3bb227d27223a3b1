import { describe, expect, it } from '@jest/globals';
import type { CapturedLoad } from '../../../lib/capture/load/captured-load.js';
import type { HoldGroup, HoldTimes } from '../../../lib/capture/load/hold-times.js';
import { assumptionsOf } from '../../../lib/capture/sizing/assumptions.js';
import type { PoolSizing, SizedLoad, SizingNoteCode } from '../../../lib/capture/sizing/pool-sizing.js';
import { KIB, MIB } from '../../../lib/units.js';

const load = (floor: number, holds: HoldTimes | null = null, given: Partial<SizedLoad> = {}): SizedLoad => ({
  name: 'a.trace',
  mappings: 1,
  bytes: 1,
  tooLarge: 0,
  largestBytes: 1,
  durationNs: 1,
  heldToEnd: 0,
  cpus: 1,
  floor,
  floorFrom: floor === 0 ? null : 'given',
  holds,
  capture: null,
  told: null,
  ...given,
});

function holdsOf(groups: readonly HoldGroup[], ifHeld: HoldTimes['ifHeld'] = []): HoldTimes {
  const untold = groups.reduce((sum, { mappings }) => sum + mappings, 0);
  const { source, holdNs } = groups[0] ?? { source: null, holdNs: null };
  return { told: 9, untold, source, holdNs, groups, given: [], missing: null, ifHeld };
}

function textOf(code: SizingNoteCode, found: Partial<PoolSizing>, captures: readonly CapturedLoad[] = []) {
  const given = { loads: [load(0)], flows: null, ...found } as PoolSizing;
  return assumptionsOf(given, captures).find((note) => note.code === code)?.text;
}

describe('assumptionsOf', () => {
  it.each([
    ['given', 'as given'],
    ['median', 'the median'],
    ['fitted', 'io_tlb_used_hiwater'],
    ['assumed', 'so give --hold: with 100 µs at most 7 slots are in use beside the floor'],
  ] as const)('tells a hold time that is %s', (source, words) => {
    const ifHeld = [{ holdNs: 1e5, mostSlots: 7 }];
    const text = textOf('assumed-hold', {
      loads: [load(0, holdsOf([{ source, device: null, holdNs: 2.5e6, mappings: 9 }], ifHeld))],
    });
    expect(text).toContain('when 9 of its mappings end: each is taken to be held for 2.5 ms');
    expect(text).toContain(words);
  });

  it('tells none where all ends are told', () => {
    expect(textOf('assumed-hold', { loads: [load(0, holdsOf([]))] })).toBeUndefined();
  });

  it('tells each time where there are several, the true one of each', () => {
    const groups = ['a', 'b', 'c', 'd', null].map(
      (device, at): HoldGroup => ({ source: 'given', device, holdNs: (at + 1) * 1e6, mappings: 9 - at }),
    );
    const text = textOf('assumed-hold', { loads: [load(0, holdsOf(groups))] });
    expect(text).toContain('9 of a for 1 ms, as given; 8 of b for 2 ms, as given;');
    expect(text).toMatch(/; 5 of other devices likewise$/);
    const [last] = groups.slice(-1);
    expect(textOf('assumed-hold', { loads: [load(0, holdsOf([groups[0]!, last!]))] })).toContain(
      '5 without a time of their device for 5 ms',
    );
  });

  it('tells how many mappings are held to the end', () => {
    const loads = [load(0, holdsOf([]), { heldToEnd: 7 })];
    expect(textOf('assumed-held-to-end', { loads })).toBe(
      '7 mappings of a.trace do not end before it does: they are held to the end',
    );
    expect(textOf('assumed-held-to-end', {})).toBeUndefined();
  });

  it('says that a floor is that of after the capture, and counts one slot as one', () => {
    const loads = [load(510, null, { floorFrom: 'after' })];
    const texts = assumptionsOf({ loads, flows: null } as unknown as PoolSizing, [])
      .filter(({ code }) => code === 'assumed-floor')
      .map(({ text }) => text);
    expect(texts).toEqual([
      expect.stringContaining('510 slots are held from before'),
      expect.stringContaining('what was in use after it is taken: 510'),
    ]);
    expect(textOf('assumed-floor', { loads: [load(1)] })).toMatch(/^1 slot is held from before/);
    expect(textOf('assumed-floor', { loads: [load(0, null, { floorFrom: 'before' })] })).toBeUndefined();
  });

  it('asks for a floor where there is none, and says how one lies', () => {
    expect(textOf('assumed-floor', {})).toContain('give --floor');
    expect(textOf('assumed-floor', { loads: [load(3), load(500)] })).toMatch(/^3 to 500 slots are held from before/);
  });

  it('says that what fails is gone, and that what failed is tried', () => {
    expect(textOf('assumed-drop', {})).not.toContain('recorded');
    expect(textOf('assumed-drop', {}, [{ mappings: { failed: 2 } } as CapturedLoad])).toContain('2 that failed');
  });

  it('says what flows are', () => {
    const flows = {
      flows: 10,
      sendBufferBytes: MIB,
      bitsPerSecond: 1e9,
      cpus: 4,
      packetBytes: 64 * KIB,
      inDeviceBytes: 125_000,
      allBufferBytes: 10 * MIB,
      reachesRate: true,
    };
    expect(textOf('assumed-flows', { flows })).toContain('64 KiB');
    expect(textOf('assumed-flows', { flows })).toContain('122 KiB are in it on average');
    expect(textOf('assumed-flows', { flows: { ...flows, reachesRate: false } })).toContain('too small for it');
    expect(textOf('send-buffers', { flows })).toContain('10 MiB');
    expect(textOf('pages', { flows })).toContain('is not mapped');
    expect(textOf('pages', {})).toContain('worst case');
  });
});
