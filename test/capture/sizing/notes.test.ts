import { describe, expect, it } from '@jest/globals';
import type { Found } from '../../../lib/capture/sizing/assumptions.js';
import { type NotesInput, notesOf } from '../../../lib/capture/sizing/notes.js';
import type { Recommendation, SizingNoteCode } from '../../../lib/capture/sizing/pool-sizing.js';
import { MIB } from '../../../lib/units.js';

const RECOMMENDED: Recommendation = {
  slots: 4096,
  bytes: 8 * MIB,
  areas: 4,
  token: 'swiotlb=4096,4',
  enoughSlots: 2048,
  high: 0.001,
  headroom: 2,
  askedHeadroom: 2,
  mayShrink: true,
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
const INPUT: NotesInput = {
  captures: [],
  enough: null,
  little: [],
  there: null,
  bootParam: undefined,
  isStopped: false,
};

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

  it('has none of units where so little is enough', () => {
    const compared = [{ name: 'have', isEnough: true } as Found['compared'][number]];
    expect(textOf('units', { compared }, { bootParam: '512' })).toBeUndefined();
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

  it('tells what an encrypted guest makes of the default', () => {
    const instead = { inEncryptedGuest: 65_536, inEncryptedGuestInstead: 'swiotlb=32640' };
    const recommended = { ...RECOMMENDED, slots: 32_768, ...instead };
    expect(textOf('default-of-guest', { recommended })).toContain('makes 65536 slots of it (128 MiB');
    expect(textOf('default-of-guest', { recommended })).toMatch(
      /swiotlb=32640, which it rounds up again, .*without areas/,
    );
    expect(textOf('default-of-guest', { recommended: { ...recommended, inEncryptedGuest: 32_768 } })).toBeUndefined();
  });

  it('always says that a pool of 64 MiB is not to be taken for granted', () => {
    expect(textOf('other-defaults', {})).toContain('io_tlb_nslabs');
  });
});
