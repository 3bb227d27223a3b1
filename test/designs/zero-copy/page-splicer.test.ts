import { describe, expect, it } from '@jest/globals';
import { PageSplicer } from '../../../lib/designs/zero-copy/page-splicer.js';
import { sendingRig, USER } from './fixtures/sending-rig.js';

const FIRST = USER / 4096;

function rig(isDatagram: boolean, pageBytes = 4096) {
  const parts = sendingRig(pageBytes);
  const { skbs, pages, ranges } = parts;
  skbs.init(0, 0);
  const filler = new PageSplicer(skbs, pages, ranges, isDatagram);
  const fill = (from: number, bytes: number) => filler.fill(0, parts.frag, USER + from, bytes);
  return { ...parts, filler, fill };
}

describe('PageSplicer', () => {
  it('takes a reference to a page for each new fragment', () => {
    const { fill, filler, pages } = rig(false);
    expect(fill(100, 5000)).toBe(5000);
    expect(fill(5100, 100)).toBe(100);
    expect(fill(20, 10)).toBe(10);
    filler.endSend(0);
    expect([0, 1, 2].map((page) => pages.refs(FIRST + page))).toEqual([3, 2, 1]);
  });

  it('takes references to the folio where pages are larger', () => {
    const { fill, pages } = rig(false, 16_384);
    fill(5000, 20_000);
    expect([0, 4].map((page) => pages.refs(FIRST + page))).toEqual([2, 2]);
  });

  it('takes what an skb has room for, and of a datagram all or nothing', () => {
    expect(rig(false).fill(1, 100_000)).toBe(65_536);
    const { fill, skbs, pages } = rig(true);
    expect([fill(1, 100_000), skbs.frags(0), pages.refs(FIRST)]).toEqual([0, 0, 1]);
    expect(fill(1, 65_507)).toBe(65_507);
  });
});
