import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_SKB_BYTES } from '../../lib/model-limits.js';
import { moveFrags } from '../../lib/net/lifetime.js';
import { HEADER_ROOM, MAX_FRAGS, MAX_MARK, SKB_OVERHEAD, SkbTable } from '../../lib/net/skb.js';
import { inArena } from '../smp/fixtures/cpus.js';

function skbTable(count = 4): SkbTable {
  const skbs = inArena((arena) => new SkbTable(arena, count, 0x10000));
  skbs.reset();
  return skbs;
}

const frags = (skbs: SkbTable, skb: number) =>
  Array.from({ length: skbs.frags(skb) }, (_, at) => [
    skbs.fragPfn(skb, at),
    skbs.fragOffset(skb, at),
    skbs.fragBytes(skb, at),
  ]);

describe('SkbTable', () => {
  it('keeps records apart, with all their fragments', () => {
    const fragment = fc.tuple(fc.nat(2 ** 31 - 1), fc.nat(32767), fc.integer({ min: 1, max: 32768 }));
    const record = fc.record({
      socket: fc.nat(1000),
      bytes: fc.nat(MAX_SKB_BYTES),
      crc: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      arrivesAt: fc.double({ min: 0, max: 1e15, noNaN: true }),
      fragments: fc.array(fragment, { maxLength: MAX_FRAGS }),
    });
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 4, maxLength: 4 }),
        fc.shuffledSubarray([0, 1, 2, 3]),
        (made, order) => {
          const skbs = skbTable();
          for (const skb of order) {
            const { socket, bytes, crc, arrivesAt, fragments } = made[skb]!;
            skbs.init(skb, socket);
            skbs.setArrivesAt(skb, arrivesAt);
            for (const [pfn, offset, length] of fragments) skbs.addFrag(skb, pfn, offset, length);
            skbs.addBytes(skb, bytes);
            skbs.setCrc(skb, crc);
          }
          for (const skb of order) {
            const { socket, bytes, crc, arrivesAt, fragments } = made[skb]!;
            expect({
              socket: skbs.socket(skb),
              bytes: skbs.bytes(skb),
              crc: skbs.crc(skb),
              arrivesAt: skbs.arrivesAt(skb),
              dataref: skbs.dataref(skb),
            }).toEqual({ socket, bytes, crc, arrivesAt, dataref: 1 });
            expect(skbs.charge(skb)).toBe(bytes + SKB_OVERHEAD);
            expect(frags(skbs, skb)).toEqual(fragments);
          }
        },
      ),
    );
  });

  it('extends the last fragment only at its end and in its own page', () => {
    const skbs = skbTable();
    skbs.init(1, 0);
    expect(skbs.coalesce(1, 7, 0, 10)).toBe(false); // no fragment yet
    skbs.addFrag(1, 7, 100, 50);
    expect({
      coalesceOf1_8_150_5: skbs.coalesce(1, 8, 150, 5),
      coalesceOf1_7_149_5: skbs.coalesce(1, 7, 149, 5),
      coalesceOf1_7_151_5: skbs.coalesce(1, 7, 151, 5),
    }).toEqual({ coalesceOf1_8_150_5: false, coalesceOf1_7_149_5: false, coalesceOf1_7_151_5: false });
    expect(skbs.coalesce(1, 7, 150, 5)).toBe(true);
    expect(skbs.coalesce(1, 7, 155, 6)).toBe(true);
    expect(frags(skbs, 1)).toEqual([[7, 100, 61]]);
    skbs.addFrag(1, 9, 0, 1);
    expect(skbs.coalesce(1, 7, 161, 5)).toBe(false); // no longer the last
  });

  it('has room in an skb until its bytes or its fragments are used up', () => {
    const skbs = skbTable();
    skbs.init(0, 0);
    skbs.addBytes(0, MAX_SKB_BYTES - 1);
    expect(skbs.hasRoom(0)).toBe(true);
    skbs.addBytes(0, 1);
    expect(skbs.hasRoom(0)).toBe(false);
    skbs.init(1, 0);
    for (let frag = 0; frag < MAX_FRAGS; frag++) {
      expect(skbs.hasRoom(1)).toBe(true);
      skbs.addFrag(1, frag, 0, 1);
    }
    expect(skbs.hasRoom(1)).toBe(false);
  });

  it('keeps an skb until the last reference to its data is dropped', () => {
    const skbs = skbTable();
    expect(skbs.isFree(2)).toBe(true);
    skbs.init(2, 0);
    skbs.clone(2);
    expect({ isFree: skbs.isFree(2), dataref: skbs.dataref(2) }).toEqual({ isFree: false, dataref: 2 });
    expect([skbs.putDataref(2), skbs.putDataref(2)]).toEqual([false, true]);
    expect(skbs.isFree(2)).toBe(false); // its fragments are still to be released
    skbs.recycle(2);
    expect(skbs.isFree(2)).toBe(true);
  });

  it('makes an skb empty, whatever its record was before', () => {
    const skbs = skbTable();
    skbs.init(3, 8);
    skbs.addFrag(3, 1, 2, 3);
    skbs.addBytes(3, 3);
    skbs.setCrc(3, 99);
    skbs.init(3, 9);
    expect({ socket: skbs.socket(3), frags: skbs.frags(3), bytes: skbs.bytes(3), crc: skbs.crc(3) }).toEqual({
      socket: 9,
      frags: 0,
      bytes: 0,
      crc: 0,
    });
  });

  it('divides no fragment where its payload is moved from the end of one on', () => {
    const skbs = skbTable();
    for (const skb of [0, 1]) skbs.init(skb, 0);
    for (const pfn of [5, 6, 7]) skbs.addFrag(0, pfn, 0, 100);
    skbs.addBytes(0, 300);
    expect(moveFrags(skbs, 0, 1, 200)).toBe(false);
    expect([frags(skbs, 0), frags(skbs, 1), skbs.bytes(0), skbs.bytes(1)]).toEqual([
      [
        [5, 0, 100],
        [6, 0, 100],
      ],
      [[7, 0, 100]],
      200,
      100,
    ]);
  });

  it('takes nothing more once it is sealed, keeps seal and mark apart, and has neither when it is made again', () => {
    const skbs = skbTable();
    skbs.init(1, 0);
    skbs.setMark(1, 5);
    expect({ mark: skbs.mark(1), hasRoom: skbs.hasRoom(1) }).toEqual({ mark: 5, hasRoom: true });
    skbs.seal(1);
    expect({ mark: skbs.mark(1), hasRoom: skbs.hasRoom(1) }).toEqual({ mark: 5, hasRoom: false });
    skbs.setMark(1, MAX_MARK);
    expect({ mark: skbs.mark(1), hasRoom: skbs.hasRoom(1) }).toEqual({ mark: MAX_MARK, hasRoom: false });
    skbs.init(1, 0);
    expect({ mark: skbs.mark(1), hasRoom: skbs.hasRoom(1) }).toEqual({ mark: 0, hasRoom: true });
  });

  it('gives each skb a linear part of its own', () => {
    const skbs = skbTable();
    expect([0, 1, 3].map((skb) => skbs.header(skb))).toEqual([
      0x10000,
      0x10000 + HEADER_ROOM,
      0x10000 + 3 * HEADER_ROOM,
    ]);
  });
});
