import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CompletionTable } from '../../lib/owner/completions.js';
import { inArena, testCpu } from '../smp/fixtures/cpus.js';

function table(perSocket = 8, sockets = 2) {
  const completions = inArena((arena) => new CompletionTable(arena, sockets, perSocket));
  completions.reset();
  const cpu = testCpu();
  /** Reads what waits. */
  const read = (socket: number) => {
    const notes: [number, number, boolean][] = [];
    while (completions.take(cpu, socket)) notes.push([completions.lo, completions.hi, completions.wasCopied]);
    return notes;
  };
  return { completions, cpu, read };
}

describe('CompletionTable', () => {
  it('merges consecutive sends into one notification', () => {
    const { completions, cpu, read } = table();
    const sends = [0, 1, 2, 3].map(() => completions.begin(1));
    expect(sends).toEqual([0, 1, 2, 3]);
    for (const send of sends) completions.complete(cpu, 1, send, 1, false);
    expect(completions.waiting(1)).toBe(1);
    expect(read(1)).toEqual([[0, 3, false]]);
    expect(read(1)).toEqual([]);
    expect({ outstanding: completions.outstanding(1), unread: completions.unread(1) }).toEqual({
      outstanding: 0,
      unread: 0,
    });
  });

  it('merges at most 2^31 - 1 sends into one notification', () => {
    const { completions, cpu, read } = table();
    const most = 2 ** 31 - 1;
    completions.complete(cpu, 0, 0, most - 1, false);
    completions.complete(cpu, 0, most - 1, 1, false);
    completions.complete(cpu, 0, most, 1, false);
    expect(read(0)).toEqual([
      [0, most - 1, false],
      [most, most, false],
    ]);
  });

  it('does not merge what was copied after all with what was not', () => {
    const { completions, cpu, read } = table();
    for (const copied of [false, true, true, false]) completions.complete(cpu, 0, completions.begin(0), 1, copied);
    expect(read(0)).toEqual([
      [0, 0, false],
      [1, 2, true],
      [3, 3, false],
    ]);
  });

  it('merges with the newest notification only, so that datagrams complete out of order', () => {
    const { completions, cpu, read } = table();
    for (let send = 0; send < 5; send++) completions.begin(0);
    for (const send of [0, 3, 4, 1, 2]) completions.complete(cpu, 0, send, 1, false);
    expect(read(0)).toEqual([
      [0, 0, false],
      [3, 4, false],
      [1, 2, false],
    ]);
  });

  it('completes an owner of several sends at once', () => {
    const { completions, cpu, read } = table(1);
    const first = completions.begin(0);
    completions.extend(0);
    completions.extend(0);
    expect(completions.outstanding(0)).toBe(3);
    completions.complete(cpu, 0, first, 3, true);
    expect(completions.unread(0)).toBe(3);
    expect(read(0)).toEqual([[0, 2, true]]);
  });

  it('has no room for more owners than notifications, and room again when they are read', () => {
    const { completions, cpu, read } = table(2);
    completions.begin(0);
    completions.begin(0);
    expect(completions.hasRoom(0)).toBe(false);
    expect(() => completions.begin(0)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    expect(completions.hasRoom(1)).toBe(true);
    completions.complete(cpu, 0, 1, 1, false);
    expect(completions.hasRoom(0)).toBe(false);
    read(0);
    expect(completions.hasRoom(0)).toBe(true);
  });

  it('has room again for what was merged', () => {
    const { completions, cpu } = table(2);
    completions.begin(0);
    completions.begin(0);
    completions.complete(cpu, 0, 0, 1, false);
    expect(completions.hasRoom(0)).toBe(false);
    completions.complete(cpu, 0, 1, 1, false);
    expect(completions.hasRoom(0)).toBe(true);
  });

  it('refuses completions of sends that had not begun, once there is no room for their notification', () => {
    const { completions, cpu } = table(1);
    completions.begin(0);
    completions.complete(cpu, 0, 0, 1, false);
    const twice = () => completions.complete(cpu, 0, 0, 1, false);
    expect(twice).toThrow(expect.objectContaining({ code: 'ERR_INVARIANT' }));
    expect(twice).toThrow(expect.objectContaining({ code: 'ERR_INVARIANT' }));
  });

  it('gives numbers back of sends that did not take place', () => {
    const { completions, cpu, read } = table(1);
    completions.begin(0);
    completions.undo(0, true);
    expect(completions.begin(0)).toBe(0);
    completions.extend(0);
    completions.undo(0, false);
    completions.complete(cpu, 0, 0, 1, false);
    expect({ sends: completions.sends(0), read: read(0) }).toEqual({ sends: 1, read: [[0, 0, false]] });
  });

  it('numbers sends modulo 2^32, and merges across the wrap', () => {
    const { completions, cpu, read } = table(4, 1);
    for (let send = 0; send < 32; send++) completions.undo(0, false);
    for (let send = 0; send < 31; send++) completions.complete(cpu, 0, completions.begin(0), 1, false);
    const last = completions.begin(0);
    const next = completions.begin(0);
    expect([last, next]).toEqual([2 ** 32 - 1, 0]);
    completions.complete(cpu, 0, last, 1, false);
    completions.complete(cpu, 0, next, 1, false);
    expect(read(0)).toEqual([[2 ** 32 - 32, 0, false]]);
    expect(completions.unread(0)).toBe(0);
  });

  it('knows whether the sender was told of each send once', () => {
    const { completions, cpu, read } = table(4, 1);
    expect(completions.isToldOfAll(0)).toBe(true);
    for (let send = 0; send < 3; send++) completions.begin(0);
    completions.complete(cpu, 0, 0, 1, false);
    completions.complete(cpu, 0, 2, 1, false);
    completions.complete(cpu, 0, 1, 1, false);
    expect(completions.isToldOfAll(0)).toBe(false);
    read(0);
    expect(completions.isToldOfAll(0)).toBe(true);
    for (let send = 0; send < 2; send++) completions.begin(0);
    completions.complete(cpu, 0, 3, 1, false);
    completions.complete(cpu, 0, 3, 1, false);
    read(0);
    expect(completions.isToldOfAll(0)).toBe(false);
  });

  it('refuses a room that is not a power of two', () => {
    expect(() => table(3)).toThrow(expect.objectContaining({ code: 'ERR_NOT_POWER_OF_TWO' }));
  });

  it('tells of every send once, in whatever order owners complete and whenever the sender reads', () => {
    const step = fc.record({ kind: fc.constantFrom('begin', 'extend', 'complete', 'read'), which: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.constantFrom(1, 2, 8), (steps, perSocket) => {
        const { completions, cpu } = table(perSocket);
        let owners: { first: number; sends: number; copied: boolean }[] = [];
        const told = new Map<number, boolean>();
        const expected = new Map<number, boolean>();
        const complete = (owner: (typeof owners)[number]) => {
          completions.complete(cpu, 0, owner.first, owner.sends, owner.copied);
          owners = owners.filter((one) => one !== owner);
        };
        const take = () => {
          if (!completions.take(cpu, 0)) return false;
          for (let send = completions.lo; send <= completions.hi; send++) {
            expect(told.has(send)).toBe(false);
            told.set(send, completions.wasCopied);
          }
          return true;
        };
        for (const { kind, which } of steps) {
          const newest = owners.at(-1);
          const owner = owners[which % Math.max(1, owners.length)];
          if (kind === 'begin' && completions.hasRoom(0)) {
            const copied = which % 3 === 0;
            owners.push({ first: completions.begin(0), sends: 1, copied });
            expected.set(owners.at(-1)!.first, copied);
          } else if (
            kind === 'extend' &&
            newest?.first !== undefined &&
            newest.first + newest.sends === expected.size
          ) {
            expected.set(completions.extend(0), newest.copied);
            newest.sends++;
          } else if (kind === 'complete' && owner !== undefined) complete(owner);
          else if (kind === 'read') take();
          expect(completions.outstanding(0)).toBe(owners.reduce((sum, { sends }) => sum + sends, 0));
          expect(completions.waiting(0)).toBeLessThanOrEqual(perSocket);
        }
        while (owners.length > 0) complete(owners[0]!);
        while (take());
        expect([...told].sort(([a], [b]) => a - b)).toEqual([...expected]);
        expect(completions.isToldOfAll(0)).toBe(true);
      }),
    );
  });
});
