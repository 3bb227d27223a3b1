import { describe, expect, it } from '@jest/globals';
import { OwnerRings } from '../../lib/owner/owner-rings.js';
import { Arena } from '../../lib/smp/arena.js';
import { inArena } from '../smp/fixtures/cpus.js';

function rings(perSocket = 4) {
  const made = inArena((arena) => new OwnerRings(arena, 2, perSocket));
  made.reset();
  const live = new Set<number>();
  const records = { isLive: (id: number) => live.has(id) };
  const use = (socket: number) => {
    const id = made.next(socket);
    made.advance(socket);
    live.add(id);
    return id;
  };
  return { rings: made, live, records, use };
}

describe('OwnerRings', () => {
  it('uses the records of each socket in turn', () => {
    const { use } = rings();
    expect([0, 0, 1, 0, 0, 0, 1].map(use)).toEqual([0, 1, 4, 2, 3, 0, 5]);
  });

  it('counts from the oldest record in use, whichever later ones are free', () => {
    const { rings: made, live, records, use } = rings();
    expect(made.span(0, records)).toBe(0);
    const [first, second, third] = [use(0), use(0), use(0)] as [number, number, number];
    live.delete(second);
    expect([made.span(0, records), made.before(0, 3)]).toEqual([3, first]);
    live.delete(first);
    expect([made.span(0, records), made.before(0, 1)]).toEqual([1, third]);
    live.delete(third);
    expect(made.span(0, records)).toBe(0);
  });

  it('counts each record once when the ring has come round without being asked', () => {
    const { rings: made, live, records, use } = rings();
    for (let round = 0; round < 9; round++) live.delete(use(0));
    for (let owner = 0; owner < 4; owner++) use(0);
    expect(made.span(0, records)).toBe(4);
  });

  it('has a power of two of records', () => {
    expect(() => Arena.for((arena) => new OwnerRings(arena, 1, 12))).toThrow(
      expect.objectContaining({ code: 'ERR_NOT_POWER_OF_TWO' }),
    );
  });
});
