import { describe, expect, it } from '@jest/globals';
import type { CapturedLoad } from '../../../lib/capture/load/captured-load.js';
import { type Found, type NotesInput, notesOf } from '../../../lib/capture/sizing/notes.js';
import type { Recommendation, SizingNoteCode } from '../../../lib/capture/sizing/pool-sizing.js';
import { GIB, MIB } from '../../../lib/units.js';

const RECOMMENDED: Recommendation = {
  slots: 4096,
  bytes: 8 * MIB,
  areas: 4,
  token: 'swiotlb=4096,4',
  enoughSlots: 2048,
  high: 0.001,
  headroom: 2,
  percent: 50,
  moreBytes: null,
  inEncryptedGuest: null,
  inEncryptedGuestInstead: null,
};
const FOUND: Found = {
  schema: 'copytax.size/1',
  copytax: '0',
  loads: [],
  flows: null,
  cpus: 4,
  memoryBytes: null,
  seed: 1,
  seen: 3000,
  target: { asked: null, applied: 0.001 },
  pools: [],
  percents: [],
  compared: [],
  recommended: RECOMMENDED,
};
const INPUT: NotesInput = { captures: [], there: null, bootParam: undefined, isStopped: false };

function textOf(code: SizingNoteCode, found: Partial<Found>, input: Partial<NotesInput> = {}): string | undefined {
  return notesOf({ ...FOUND, ...found }, { ...INPUT, ...input }).find((note) => note.code === code)?.text;
}

describe('notesOf', () => {
  it.each([
    ['64', '32768'],
    ['512,4,force', '262144'],
  ])('warns of units at swiotlb=%s', (bootParam, slots) => {
    expect(textOf('units', {}, { bootParam })).toContain(`swiotlb=${slots}`);
    expect(textOf('units', {}, { bootParam })).toContain('counts megabytes, or pages of 128 KiB');
  });

  it.each([['1024'], ['32768,4'], ['force'], [',4'], ['']])('does not at swiotlb=%s', (bootParam) => {
    expect(textOf('units', {}, { bootParam })).toBeUndefined();
  });

  it('says when advice is what there is, and what could be given back', () => {
    expect(textOf('same', {}, { there: { slots: 4096, areas: 4 } })).toContain('nothing changes');
    expect(textOf('give-back', {}, { there: { slots: 32_768, areas: 4 } })).toContain('56 MiB could be given back');
    expect(textOf('give-back', {}, { there: { slots: 2048, areas: 4 } })).toBeUndefined();
    expect(textOf('same', {}, { there: { slots: 2048, areas: 4 } })).toBeUndefined();
  });

  it('says that a pool has grown, unless an architecture may have chosen its size', () => {
    const there = { slots: 4096, areas: 4 };
    expect(textOf('grown', {}, { there, bootParam: '2048,4,force' })).toContain('it was booted with 2048 slots');
    expect(textOf('grown', {}, { there, bootParam: '4096' })).toBeUndefined();
    expect(textOf('grown', {}, { there })).toBeUndefined();
    const large = { slots: 2 ** 19, areas: 4 };
    expect(textOf('grown', {}, { there: large, bootParam: 'force' })).toBeUndefined();
    expect(textOf('grown', {}, { there: large, bootParam: '32768' })).toBeUndefined();
  });

  it('names mappings that no pool helps', () => {
    const facts = { name: 'x', mappings: 1, bytes: 1, largestBytes: 1, durationNs: 1, heldToEnd: 0, cpus: 1 };
    const loads = [{ ...facts, tooLarge: 7, floor: 0, holds: null }];
    expect(textOf('too-large', { loads })).toMatch(/^7 mappings .* no pool of any size/);
  });

  it('warns of memory below 4 GiB for large pools only', () => {
    const large = { ...RECOMMENDED, slots: 2 ** 19, bytes: GIB };
    expect(textOf('low-memory', { recommended: large })).toContain('SEV-SNP is reported');
    expect(textOf('low-memory', {})).toBeUndefined();
  });

  it('tells what an encrypted guest makes of the default', () => {
    const instead = { inEncryptedGuest: 65_536, inEncryptedGuestInstead: 'swiotlb=32640' };
    const recommended = { ...RECOMMENDED, slots: 32_768, ...instead };
    expect(textOf('default-of-guest', { recommended })).toContain('makes 65536 slots of it (128 MiB');
    expect(textOf('default-of-guest', { recommended })).toContain('swiotlb=32640, which it rounds up again');
    expect(textOf('default-of-guest', { recommended: { ...recommended, inEncryptedGuest: 32_768 } })).toBeUndefined();
  });

  it('tells of captures that are not whole', () => {
    const capture = { lostEvents: 5, lostUncounted: 0 } as CapturedLoad['capture'];
    const one = { load: { name: 'a.trace' }, dropped: 9, capture, mappings: { failed: 0 } } as CapturedLoad;
    expect(textOf('dropped-windows', {}, { captures: [one] })).toContain('9 of its mappings are left out');
    expect(textOf('lost-events', {}, { captures: [one] })).toContain('a.trace has lost 5 events');
    const uncounted = { ...one, dropped: 0, capture: { ...capture, lostEvents: 0, lostUncounted: 2 } };
    expect(textOf('lost-events', {}, { captures: [uncounted] })).toContain('an unknown number');
    expect(textOf('dropped-windows', {}, { captures: [uncounted] })).toBeUndefined();
  });

  it('always says that a pool of 64 MiB is not to be taken for granted', () => {
    expect(textOf('other-defaults', {})).toContain('io_tlb_nslabs');
  });
});
