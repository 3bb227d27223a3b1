import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { releaseData, shareData, splitData } from '../../lib/net/lifetime.js';
import type { PageFrag } from '../../lib/page/page-frag.js';
import { netRig } from './fixtures/net-rig.js';

const rig = netRig();
afterAll(() => rig.ram.close());
const { cpu, system, pages, skbs, lifetime } = rig;

/** An skb with fragments of these sizes, each in a page of its own whose only references they are. */
function filled(skb: number, sizes: readonly number[]): number[] {
  skbs.init(skb, 0);
  return sizes.map((bytes) => {
    const pfn = system.alloc(cpu, 0);
    lifetime.acquire(skb, { pfn } as PageFrag);
    pages.put(pfn);
    skbs.addFrag(skb, pfn, 0, bytes);
    skbs.addBytes(skb, bytes);
    return pfn;
  });
}

const fragsOf = (skb: number) =>
  Array.from({ length: skbs.frags(skb) }, (_, frag) => [skbs.fragAddress(skb, frag), skbs.fragBytes(skb, frag)]);

describe('releaseData', () => {
  it('releases the fragments with the last reference to the data, and frees the record', () => {
    const before = system.freePages;
    filled(0, [100, 200]);
    skbs.clone(0);
    releaseData(cpu, 0, skbs, lifetime);
    expect({ free: skbs.isFree(0), pages: system.freePages }).toEqual({ free: false, pages: before - 2 });
    releaseData(cpu, 0, skbs, lifetime);
    expect({ free: skbs.isFree(0), pages: system.freePages }).toEqual({ free: true, pages: before });
  });
});

describe('the record of an skb', () => {
  it('is not free before its fragments are released, since its socket may fill it again then', () => {
    filled(0, [100]);
    const atRelease: boolean[] = [];
    const noted = Object.create(lifetime, {
      release: {
        value: (by: typeof cpu, skb: number) => {
          atRelease.push(skbs.isFree(skb));
          lifetime.release(by, skb);
        },
      },
    });
    releaseData(cpu, 0, skbs, noted);
    expect([atRelease, skbs.isFree(0)]).toEqual([[false], true]);
  });
});

describe('splitData', () => {
  it('divides the payload at any byte, and both skbs keep their pages until they are released', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 4096 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(sizes, fc.nat(), fc.boolean(), (given, at, firstGoesFirst) => {
        const before = system.freePages;
        const total = given.reduce((a, b) => a + b);
        const bytes = at % (total + 1);
        filled(0, given);
        const whole = fragsOf(0);
        skbs.init(1, 0);
        splitData(cpu, 0, 1, bytes, skbs, lifetime);
        expect({ first: skbs.bytes(0), second: skbs.bytes(1) }).toEqual({ first: bytes, second: total - bytes });
        const parts = [...fragsOf(0), ...fragsOf(1)];
        const joined = parts.reduce<number[][]>((list, [address, length]) => {
          const last = list.at(-1);
          if (last !== undefined && last[0]! + last[1]! === address) last[1] = last[1]! + length!;
          else list.push([address!, length!]);
          return list;
        }, []);
        const wholeJoined = whole.map((frag) => [...frag]);
        expect(joined.reduce((sum, [, length]) => sum + length!, 0)).toBe(total);
        for (const [address, length] of wholeJoined) {
          expect(joined.some(([from, bytes]) => from! <= address! && address! + length! <= from! + bytes!)).toBe(true);
        }
        const order = firstGoesFirst ? [0, 1] : [1, 0];
        releaseData(cpu, order[0]!, skbs, lifetime);
        for (const [address] of fragsOf(order[1]!)) expect(pages.refs(Math.floor(address! / 4096))).toBe(1);
        releaseData(cpu, order[1]!, skbs, lifetime);
        expect(system.freePages).toBe(before);
      }),
    );
  });
});

describe('shareData', () => {
  it('gives another skb the same fragments, which stay until both are released', () => {
    const before = system.freePages;
    filled(0, [10, 20, 30]);
    skbs.init(1, 0);
    shareData(cpu, 0, 1, skbs, lifetime);
    expect({ frags: fragsOf(1), bytes: skbs.bytes(1) }).toEqual({ frags: fragsOf(0), bytes: 60 });
    releaseData(cpu, 0, skbs, lifetime);
    expect(system.freePages).toBe(before - 3);
    releaseData(cpu, 1, skbs, lifetime);
    expect(system.freePages).toBe(before);
  });
});
