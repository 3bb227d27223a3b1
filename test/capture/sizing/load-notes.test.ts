import { describe, expect, it } from '@jest/globals';
import type { CapturedLoad } from '../../../lib/capture/load/captured-load.js';
import type { HoldTimes, HoldUse } from '../../../lib/capture/load/hold-times.js';
import type { Found } from '../../../lib/capture/sizing/assumptions.js';
import { loadNotes } from '../../../lib/capture/sizing/load-notes.js';
import type { SizedLoad, SizingNoteCode } from '../../../lib/capture/sizing/pool-sizing.js';

const CAPTURE = { lostEvents: 0, lostUncounted: 0, unparsedLines: 0, unparsed: [], outOfOrder: 0 };
type Given = { capture?: object; told?: object; holds?: Partial<HoldTimes>; tooLarge?: number };

function textOf(code: SizingNoteCode, { capture, told = {}, holds, tooLarge = 0 }: Given): string | undefined {
  const load = { name: 'a.trace', tooLarge, capture: { ...CAPTURE, ...capture }, told, holds: holds ?? null };
  const found = { loads: [load as unknown as SizedLoad] } as unknown as Found;
  return loadNotes(found, []).find((one) => one.code === code)?.text;
}

function usesText(given: readonly HoldUse[], devices: readonly (string | null)[], dropped = 0): string[] {
  const one = { load: { name: 'a.trace', devices }, dropped, holds: { given } } as unknown as CapturedLoad;
  return loadNotes({ loads: [] } as unknown as Found, [one]).map(({ text }) => text);
}

describe('loadNotes', () => {
  it('names mappings that no pool helps, and none where there are none', () => {
    expect(textOf('too-large', { tooLarge: 7 })).toMatch(/^7 mappings .* no pool of any size/);
    expect(textOf('too-large', {})).toBeUndefined();
  });

  it.each([
    ['lost-events', { capture: { lostEvents: 5 } }, 'a.trace has lost 5 events'],
    ['lost-events', { capture: { lostUncounted: 2 } }, 'an unknown number'],
    ['unread-lines', { capture: { unparsedLines: 3, unparsed: [{ line: 7, text: 'x' }] } }, '3 lines that could'],
    [
      'unread-lines',
      { capture: { unparsedLines: 3, unparsed: [{ line: 7, text: 'x' }] } },
      'the first of which is line 7',
    ],
    ['out-of-order', { capture: { outOfOrder: 49 } }, '49 events of a CPU are earlier'],
    ['restarts', { told: { restarts: 2 } }, 'begin again 2 times'],
    ['doubled', { told: { doubled: 4 } }, '4 attempts twice in a row'],
    ['missing-ends', { holds: { missing: 'none-ended' } }, 'without a probe at swiotlb_tbl_unmap_single'],
    ['missing-ends', { holds: { missing: 'above-high-water' } }, 'than the host has counted'],
  ] as const)('tells %s of %j', (code, given, words) => {
    expect(textOf(code, given)).toContain(words);
    expect(textOf(code, { holds: { missing: null } })).toBeUndefined();
  });

  it('tells times that begin again once', () => {
    expect(textOf('out-of-order', { capture: { outOfOrder: 2 }, told: { restarts: 2 } })).toBeUndefined();
  });

  it('tells windows that are left out', () => {
    expect(usesText([], [], 9)).toEqual([expect.stringContaining('9 of its mappings are left out')]);
  });

  it('tells times that were given and change nothing', () => {
    const devices = ['0000:00:04.0', null];
    expect(usesText([{ device: 'nvme0', mappings: 0, untold: 0 }], devices)).toEqual([
      '--hold nvme0= changes nothing: no mapping is of that device: there are 0000:00:04.0',
    ]);
    expect(usesText([{ device: '0000:00:04.0', mappings: 3, untold: 0 }], devices)).toEqual([
      '--hold 0000:00:04.0= changes nothing: the ends of all its mappings are told',
    ]);
    expect(usesText([{ device: 'x', mappings: 0, untold: 0 }], [null])).toEqual([
      expect.stringContaining('no capture names devices'),
    ]);
    expect(usesText([{ device: 'x', mappings: 3, untold: 1 }], ['x'])).toEqual([]);
    expect(usesText([{ device: 'x', mappings: 0, untold: 0 }], ['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toEqual([
      expect.stringMatching(/there are a, b, c, d, e and 2 others$/),
    ]);
  });
});
