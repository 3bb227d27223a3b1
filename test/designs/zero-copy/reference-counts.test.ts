import { describe, expect, it } from '@jest/globals';
import {
  increment,
  liveOwners,
  ownerReferences,
  requireCounts,
} from '../../../lib/designs/zero-copy/reference-counts.js';
import { sendingRig, USER } from './fixtures/sending-rig.js';

function rig() {
  const parts = sendingRig();
  const { skbs, sends, ranges } = parts;
  const id = sends.create(0, 0);
  skbs.init(0, 0);
  skbs.setMark(0, id + 1);
  ranges.hang(0, USER, 10_000);
  sends.take(id, USER, 4000);
  sends.take(id, USER + 4000, 5000);
  return { ...parts, id };
}

const wrong = (counts: ReturnType<typeof ownerReferences>) =>
  counts.filter(({ refs, expected }) => refs !== expected).map(({ what }) => what);

describe('ownerReferences', () => {
  it('finds fragments that no memory of the owner covers', () => {
    const { skbs, sends, id } = rig();
    expect(wrong(ownerReferences(skbs, sends))).toEqual(['memory that no owner covers']);
    sends.take(id, USER + 9000, 1000);
    expect(wrong(ownerReferences(skbs, sends))).toEqual([]);
  });

  it('asks for no memory of an owner whose payload was copied', () => {
    const { skbs, sends, id } = rig();
    sends.entries.noteCopied(id);
    expect(wrong(ownerReferences(skbs, sends))).toEqual([]);
  });

  it('finds references that no skb has, and skbs that have none', () => {
    const { skbs, sends, id, cpu } = rig();
    sends.take(id, USER + 9000, 1000);
    sends.owners.get(id);
    expect(wrong(ownerReferences(skbs, sends))).toEqual([`owner ${id}`]);
    expect(liveOwners(sends)).toEqual([id]);
    sends.discard(cpu, id);
    sends.discard(cpu, id);
    expect(wrong(ownerReferences(skbs, sends))).toEqual([`owner ${id}`]);
    expect(liveOwners(sends)).toEqual([]);
    skbs.recycle(0);
    expect(ownerReferences(skbs, sends)).toEqual([{ what: 'memory that no owner covers', refs: 0, expected: 0 }]);
  });
});

describe('requireCounts', () => {
  it('throws at the first count that is not as it should be, and names it', () => {
    const right = { what: 'a', refs: 2, expected: 2 };
    requireCounts([right]);
    expect(() => requireCounts([right, { what: 'page 3', refs: 1, expected: 0 }])).toThrow(
      expect.objectContaining({ code: 'ERR_UNBALANCED', message: 'references of page 3: 1 instead of 0' }),
    );
  });
});

describe('increment', () => {
  it('counts from 0 for each key', () => {
    const counts = new Map<number, number>();
    for (const key of [5, 7, 5]) increment(counts, key);
    expect([...counts]).toEqual([
      [5, 2],
      [7, 1],
    ]);
  });
});
