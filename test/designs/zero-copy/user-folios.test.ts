import { describe, expect, it } from '@jest/globals';
import { sendingRig, USER } from './fixtures/sending-rig.js';

const FIRST = USER / 4096;

describe('UserFolios', () => {
  it.each([
    [4096, 0],
    [65536, 4],
  ])('makes folios of %d bytes of the memory of users, each with one reference', (pageBytes, order) => {
    const { folios, pages } = sendingRig(pageBytes);
    expect(folios.heads()).toEqual(Array.from({ length: 256 >> order }, (_, at) => FIRST + (at << order)));
    for (const head of folios.heads()) expect([pages.order(head), pages.refs(head)]).toEqual([order, 1]);
    expect(pages.headOf(FIRST - 1)).toBe(-1);
  });

  it('counts the pages of ranges by folio', () => {
    const { folios } = sendingRig(16_384);
    const counts = new Map<number, number>();
    folios.countPages(counts, USER + 100, 4096);
    folios.countPages(counts, USER + 12_288, 8192);
    expect([...counts]).toEqual([
      [FIRST, 3],
      [FIRST + 4, 1],
    ]);
  });
});
