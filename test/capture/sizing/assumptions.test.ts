import { describe, expect, it } from '@jest/globals';
import type { CapturedLoad } from '../../../lib/capture/load/captured-load.js';
import type { HoldTimes } from '../../../lib/capture/load/hold-times.js';
import { assumptionsOf } from '../../../lib/capture/sizing/assumptions.js';
import type { PoolSizing, SizingNoteCode } from '../../../lib/capture/sizing/pool-sizing.js';
import { KIB, MIB } from '../../../lib/units.js';

const load = (floor: number, holds: HoldTimes | null = null) => ({
  name: 'a.trace',
  mappings: 1,
  bytes: 1,
  tooLarge: 0,
  largestBytes: 1,
  durationNs: 1,
  heldToEnd: 0,
  cpus: 1,
  floor,
  holds,
});

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
    const text = textOf('assumed-hold', { loads: [load(0, { told: 0, untold: 9, source, holdNs: 2.5e6, ifHeld })] });
    expect(text).toContain('when 9 of its mappings end: each is taken to be held for 2.5 ms');
    expect(text).toContain(words);
  });

  it('tells none where all ends are told', () => {
    const holds = { told: 9, untold: 0, source: null, holdNs: null, ifHeld: [] };
    expect(textOf('assumed-hold', { loads: [load(0, holds)] })).toBeUndefined();
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
