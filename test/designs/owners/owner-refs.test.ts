import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import {
  blocksAreWellFormed,
  referencesAreAccounted,
  slotsAreAccounted,
} from '../../../lib/machine/check/memory-invariants.js';
import { shareData, splitData } from '../../../lib/net/lifetime.js';
import { Buffers } from '../../../lib/owner/buffers.js';
import { type OwnerRig, ownerRig } from '../fixtures/owner-rig.js';

const BLOCK = 32768;
let rig: OwnerRig;
afterEach(() => rig.machine.close());

function use(given: Parameters<typeof ownerRig>[0] = {}): OwnerRig {
  rig = ownerRig(given);
  return rig;
}

/** Records of socket 1 for skbs outside the ring of socket 0. */
const outside = (): number => rig.sockets.append(1, rig.skbs);

/** An skb that a split at its first byte leaves empty, and that is filled again. */
const FILLED_AGAIN: [{ buffers: number; freesEarly: boolean }, { do: 'send' | 'split' | 'append'; value: number }[]] = [
  { buffers: 1, freesEarly: false },
  [
    { do: 'send', value: 1 },
    { do: 'split', value: 0 },
    { do: 'append', value: 1 },
  ],
];

describe('OwnerRefs', () => {
  it('takes one reference for a copy of an array of fragments, however many there are', () => {
    const { append, fill, release, owners, ownerOf, cpu, skbs, lifetime } = use({ owners: { buffers: 4 } });
    const skb = append();
    fill(skb, 65536);
    const copy = outside();
    shareData(cpu, skb, copy, skbs, lifetime);
    expect([ownerOf(copy), owners.refs(ownerOf(skb))]).toEqual([ownerOf(skb), 3]);
    release(skb);
    release(copy);
    expect(owners.refs(ownerOf(skb))).toBe(1);
  });

  it('begins a copy of an array of fragments where the skb begins, so that it can be split, too', () => {
    const { append, fill, release, owners, ownerOf, cpu, skbs, lifetime } = use({ owners: { buffers: 2 } });
    const [before, skb] = [append(), append()];
    fill(before, 50_000);
    fill(skb, 50_000);
    const [copy, rest] = [outside(), outside()];
    shareData(cpu, skb, copy, skbs, lifetime);
    splitData(cpu, copy, rest, 20_000, skbs, lifetime);
    const [first, second] = [ownerOf(skb), owners.next(ownerOf(skb))];
    expect([ownerOf(before), ownerOf(copy), ownerOf(rest)]).toEqual([first, first, second]);
    for (const one of [before, skb, copy, rest]) release(one);
  });

  it('takes the reference of a second half where it begins', () => {
    const { append, fill, release, owners, ownerOf, cpu, skbs, lifetime } = use({ owners: { buffers: 1 } });
    const skb = append();
    fill(skb, 65536);
    const [first, second] = [ownerOf(skb), owners.next(ownerOf(skb))];
    const [inFirst, inSecond] = [outside(), outside()];
    splitData(cpu, skb, inSecond, 40_000, skbs, lifetime);
    splitData(cpu, skb, inFirst, 1000, skbs, lifetime);
    expect([ownerOf(inFirst), ownerOf(inSecond)]).toEqual([first, second]);
    expect([owners.refs(first), owners.refs(second)]).toEqual([2, 3]);
    release(skb);
    release(inFirst);
    expect([owners.isLive(first), owners.refs(second)]).toEqual([false, 2]);
    release(inSecond);
  });

  it('takes none for a half that is empty, and releases none of an skb without fragments', () => {
    const { append, fill, release, owners, ownerOf, cpu, skbs, lifetime } = use();
    const [skb, empty, another] = [append(), outside(), outside()];
    fill(skb, 100);
    splitData(cpu, skb, empty, 100, skbs, lifetime);
    shareData(cpu, empty, another, skbs, lifetime);
    for (const one of [empty, another]) release(one);
    expect(owners.refs(ownerOf(skb))).toBe(2);
  });

  it('frees whole buffers early that lie below what any skb of the stream has', () => {
    const { append, fill, release, cpu, system, lifetime, skbs } = use({ owners: { buffers: 4 } });
    const ring = [append(), append(), append()] as [number, number, number];
    for (const skb of ring) fill(skb, BLOCK);
    skbs.clone(ring[0]); // is transmitted once more while it is acknowledged
    const used = () => {
      lifetime.acknowledged!(cpu, 0);
      return system.swiotlb.used() / 16;
    };
    release(ring[0]);
    release(ring[1]);
    expect(used()).toBe(4);
    release(ring[0]);
    expect(used()).toBe(2); // the block of the third, and one that is still to be filled
    release(ring[2]);
    expect(used()).toBe(2);
  });

  it('frees nothing early that an skb outside the ring may have', () => {
    const { append, fill, release, cpu, system, lifetime, skbs } = use({ owners: { buffers: 4 } });
    const [first, second, copy] = [append(), append(), outside()];
    fill(first, BLOCK + 10);
    fill(second, BLOCK);
    shareData(cpu, first, copy, skbs, lifetime);
    release(first);
    lifetime.acknowledged!(cpu, 0);
    expect(system.swiotlb.used() / 16).toBe(4);
    release(copy);
    lifetime.acknowledged!(cpu, 0);
    expect(system.swiotlb.used() / 16).toBe(3);
  });

  it('frees each buffer once, although another CPU drops the last reference to the owner meanwhile', () => {
    const { append, fill, release, cpu, system, lifetime, skbs, machine } = use({ owners: { buffers: 2 } });
    const [first, second, copy] = [append(), append(), outside()];
    fill(first, 2 * BLOCK);
    shareData(cpu, first, copy, skbs, lifetime);
    fill(second, 100);
    release(first);
    const { isShared } = Buffers.prototype;
    const looks: boolean[] = [];
    const look = jest.spyOn(Buffers.prototype, 'isShared').mockImplementation(function (this: Buffers, id) {
      if (looks.length === 0) release(copy);
      looks.push(isShared.call(this, id));
      return looks.at(-1)!;
    });
    try {
      lifetime.acknowledged!(cpu, 0);
    } finally {
      look.mockRestore();
    }
    expect([looks, system.swiotlb.used() / 16]).toEqual([[false], 2]); // those of the second skb
    machine.assertInvariants([blocksAreWellFormed, slotsAreAccounted, referencesAreAccounted]);
  });

  it.each([{ flavour: 'faithful' }, { owners: { freesEarly: false } }] as const)(
    'frees nothing early where it does not: %j',
    (given) => {
      const { append, fill, release, cpu, system, lifetime } = use(given);
      const [first, second] = [append(), append()];
      fill(first, BLOCK);
      fill(second, BLOCK);
      release(first);
      lifetime.acknowledged!(cpu, 0);
      expect(system.swiotlb.used() / 16).toBe(4);
    },
  );

  it('keeps every byte of live skbs, whatever is shared, split, retransmitted and released when', () => {
    const step = fc.oneof(
      fc.record({
        do: fc.constantFrom('send' as const, 'append' as const),
        value: fc.integer({ min: 1, max: 40_000 }),
      }),
      fc.record({
        do: fc.constantFrom('share' as const, 'split' as const, 'transmit' as const, 'release' as const),
        value: fc.nat(10_000),
      }),
      fc.record({ do: fc.constant('acknowledge' as const), value: fc.integer({ min: 1, max: 3 }) }),
    );
    const given = fc.record({ buffers: fc.integer({ min: 1, max: 5 }), freesEarly: fc.boolean() });
    fc.assert(
      fc.property(given, fc.array(step, { maxLength: 40 }), (owners, steps) => {
        use({ owners, sockets: { sendBufferBytes: 1 << 20 }, slotPool: { pagePercent: 50 } });
        const { machine, cpu, skbs, sockets, lifetime, user, bytes, contents, state, system } = rig;
        const live = new Map<number, { data: Buffer; refs: number }>();
        let acked = 0;
        let from = 0;
        const release = (skb: number) => {
          rig.release(skb);
          const one = live.get(skb)!;
          if (--one.refs === 0) live.delete(skb);
        };
        try {
          for (const { do: what, value } of steps) {
            const pick = [...live.keys()][value % Math.max(1, live.size)];
            const last = sockets.skb(0, sockets.end(0) - 1);
            if (what === 'send' || (what === 'append' && live.get(last)?.refs === 1 && skbs.hasRoom(last))) {
              const skb = what === 'send' ? rig.append() : last;
              if (skb < 0) continue;
              from = (from + 977) % 20_000;
              const filled = rig.fill(skb, value, user + from);
              if (filled === 0 && skbs.bytes(skb) === 0) {
                sockets.takeBack(0, skb, skbs);
                continue;
              }
              sockets.addSent(0, filled);
              const data = Buffer.from(bytes.slice(user + from, user + from + filled));
              const before = what === 'send' ? Buffer.alloc(0) : live.get(skb)!.data;
              live.set(skb, { data: Buffer.concat([before, data]), refs: 1 });
            } else if (what === 'acknowledge') {
              let charge = 0;
              for (let count = 0; count < value && acked !== sockets.end(0); count++) {
                charge += skbs.charge(sockets.skb(0, acked));
                release(sockets.skb(0, acked));
                acked++;
              }
              lifetime.acknowledged!(cpu, 0);
              sockets.freed(0, acked, charge);
            } else if (pick === undefined) {
              continue;
            } else if (what === 'transmit') {
              skbs.clone(pick);
              live.get(pick)!.refs++;
            } else if (what === 'release') {
              // Only what the device had, or what is outside the ring: the socket's own goes with an acknowledgement.
              const isOutside = skbs.socket(pick) === 1;
              if (isOutside || live.get(pick)!.refs > 1) release(pick);
            } else {
              const to = outside();
              if (to < 0) continue;
              const { data } = live.get(pick)!;
              if (what === 'share') {
                shareData(cpu, pick, to, skbs, lifetime);
                live.set(to, { data, refs: 1 });
              } else {
                const at = value % (data.length + 1);
                splitData(cpu, pick, to, at, skbs, lifetime);
                live.get(pick)!.data = data.subarray(0, at);
                live.set(to, { data: data.subarray(at), refs: 1 });
              }
            }
            for (const [skb, { data }] of live) expect(contents(skb).equals(data)).toBe(true);
            machine.assertInvariants();
          }
          for (const [skb, { refs }] of [...live]) for (let ref = 0; ref < refs; ref++) release(skb);
          state.close(cpu);
          expect([system.swiotlb.used(), system.systemPages.freePages * 4096]).toEqual([0, system.layout.systemBytes]);
        } finally {
          machine.close();
        }
      }),
      { numRuns: 60, examples: [FILLED_AGAIN] },
    );
    use();
  });
});
