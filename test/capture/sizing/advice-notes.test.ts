import { describe, expect, it } from '@jest/globals';
import { memoryNotes, roomNotes, targetNotes, thereNotes } from '../../../lib/capture/sizing/advice-notes.js';
import type { Found } from '../../../lib/capture/sizing/assumptions.js';
import type { Recommendation, SizingNote, TriedPool } from '../../../lib/capture/sizing/pool-sizing.js';

const LITTLE = ['it should last 10 s at least'];
const found = (given: Partial<Recommendation> | null, others: Partial<Found> = {}): Found => {
  const usual = { slots: 4096, areas: 4, enoughSlots: 2048, headroom: 2, askedHeadroom: 2, mayShrink: true };
  const recommended = given === null ? null : { ...usual, ...given };
  return { recommended, compared: [], memoryBytes: null, ...others } as unknown as Found;
};
const texts = (notes: readonly SizingNote[]) => notes.map(({ code, text }) => `${code}: ${text}`);
const have = (isEnough: boolean) => ({ compared: [{ name: 'have', isEnough }] as unknown as Found['compared'] });
const pool = (slots: number) => ({ slots }) as TriedPool;

describe('thereNotes', () => {
  it('says that nothing changes where slots and areas are what there is', () => {
    expect(texts(thereNotes(found({}), { slots: 4096, areas: 4 }, []))).toEqual([
      expect.stringMatching(/^same: .*nothing changes/),
    ]);
    expect(texts(thereNotes(found({ areas: 1 }), { slots: 4096, areas: 4 }, []))).toEqual([
      expect.stringMatching(/^same: .*in 4 areas: by this advice there are 1/),
    ]);
  });

  it('says what could be given back, if the load says enough', () => {
    const there = { slots: 32_768, areas: 4 };
    expect(texts(thereNotes(found({}), there, []))).toEqual([
      expect.stringMatching(/^give-back: .*56 MiB could be given back/),
    ]);
    expect(texts(thereNotes(found({ mayShrink: false }), there, LITTLE))).toEqual([
      expect.stringMatching(/^little-evidence: .*too little to make a pool smaller by it: it should last 10 s/),
    ]);
  });

  it('says so, too, where it is not known what there is, unless no less than the default is recommended', () => {
    expect(texts(thereNotes(found({ mayShrink: false }), null, LITTLE))).toEqual([
      expect.stringMatching(/^little-evidence/),
    ]);
    expect(thereNotes(found({ mayShrink: false, slots: 32_768 }), null, LITTLE)).toEqual([]);
    expect(thereNotes(found({}), null, [])).toEqual([]);
    expect(thereNotes(found(null), { slots: 1024, areas: 1 }, LITTLE)).toEqual([]);
  });

  it('says that a smaller pool is enough with less headroom, if it is', () => {
    const there = { slots: 2048, areas: 4 };
    expect(texts(thereNotes(found({}, have(true)), there, []))).toEqual([
      expect.stringMatching(/^same: .*is enough, with less headroom than 2/),
    ]);
    expect(thereNotes(found({}, have(false)), there, [])).toEqual([]);
  });
});

describe('roomNotes', () => {
  it('tells a headroom that is too much', () => {
    const large = { slots: 2 ** 19, enoughSlots: 2 ** 19, headroom: 1, askedHeadroom: 4 };
    expect(texts(roomNotes(found(large), pool(2 ** 19), false))).toEqual([
      expect.stringMatching(/^less-headroom: a headroom of 4 is too much: .*no pool above 1 GiB.*it is 1$/),
    ]);
    const small = found({ ...large, slots: 32_768 }, { memoryBytes: 256 * 2 ** 20 });
    expect(texts(roomNotes(small, pool(32_768), false))).toEqual([
      expect.stringContaining('no pool above 1/4 of the memory is (256 MiB)'),
    ]);
    expect(roomNotes(found({}), pool(2048), false)).toEqual([]);
  });

  it('tells whether no pool is enough, or there is no room for one that is', () => {
    expect(texts(roomNotes(found(null), null, false))).toEqual([expect.stringMatching(/^none-enough/)]);
    const small = found(null, { memoryBytes: 256 * 2 ** 20 });
    expect(texts(roomNotes(small, pool(131_072), false))).toEqual([
      expect.stringMatching(/^no-room: 131072 slots \(256 MiB\) would be enough, .*1\/4 of the memory \(256 MiB\)/),
    ]);
    expect(roomNotes(found(null), null, true)).toEqual([]);
  });
});

describe('targetNotes', () => {
  it('tells a target that the load cannot support', () => {
    const low = found({}, { target: { asked: 1e-9, applied: 0.001 }, seen: 3000 });
    expect(texts(targetNotes(low))).toEqual([expect.stringContaining('3000000000 mappings would be needed')]);
    expect(targetNotes(found({}, { target: { asked: 0.01, applied: 0.01 } }))).toEqual([]);
  });
});

describe('memoryNotes', () => {
  it('warns of memory below 4 GiB for large pools only', () => {
    expect(texts(memoryNotes(found({ slots: 2 ** 19 })))).toEqual([expect.stringContaining('SEV-SNP is reported')]);
    expect(memoryNotes(found({}))).toEqual([]);
  });
});
