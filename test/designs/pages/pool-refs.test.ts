import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_SKB_BYTES } from '../../../lib/model-limits.js';
import { shareData, splitData } from '../../../lib/net/lifetime.js';
import { FRAGMENT_BIAS } from '../../../lib/page/pool/netmem-table.js';
import { Cpu } from '../../../lib/smp/cpu.js';
import { type PoolRig, poolRig } from '../fixtures/pool-rig.js';

let rig: PoolRig;
afterEach(() => rig.machine.close());

function use(given: Parameters<typeof poolRig>[0] = {}): PoolRig {
  rig = poolRig(given);
  return rig;
}

describe('PoolRefs', () => {
  it('takes one piece of a page for each fragment, and none for an append', () => {
    const { append, fill, pageOf, netmem, pages, frag } = use();
    const [first, second] = [append(), append()];
    for (const skb of [first, first, second]) fill(skb, 1000);
    const pfn = pageOf(first);
    expect([pageOf(second), frag.pieces, netmem.fragments(pfn), pages.refs(pfn)]).toEqual([pfn, 2, FRAGMENT_BIAS, 1]);
  });

  it('returns a page to its page pool when its last piece is released, and takes it again', () => {
    const { append, fill, release, pageOf, frag, cpu, pagePool, isPooled, countsOf } = use();
    const skb = append();
    fill(skb, 20_000);
    const pfn = pageOf(skb);
    frag.drop(cpu);
    release(skb);
    expect([pagePool.cycle.cachedPages(), isPooled(pfn), countsOf()]).toEqual([
      [pfn],
      true,
      { releasedRefcnt: 0, recycled: 1 },
    ]);
    const next = append();
    fill(next, 1);
    expect(pageOf(next)).toBe(pfn);
  });

  it('puts the page of a task into the cache on the CPU of its page pool, and into the ring on another one', () => {
    const { append, fill, release, frag, cpu, pagePool, system } = use({ cpus: { count: 2 } });
    const where: number[][] = [];
    for (const dropper of [cpu, new Cpu(1, system.cpus, system.copyLedger)]) {
      const skb = append();
      fill(skb, 100);
      release(skb);
      frag.drop(dropper);
      where.push([pagePool.cycle.cached, pagePool.cycle.ring.count]);
    }
    expect(where).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  it('fills a page again from its start when none of its pieces is left, without asking the page pool', () => {
    const { append, fill, release, skbs, pagePool } = use();
    const addresses = [0, 0, 0].map(() => {
      const skb = append();
      fill(skb, 20_000);
      const address = skbs.fragAddress(skb, 0);
      release(skb);
      return address;
    });
    expect(new Set(addresses).size).toBe(1);
    expect(pagePool.counters.valueOf('fast') + pagePool.counters.valueOf('slowHighOrder')).toBe(1);
  });

  it('puts ordinary pages and those of page pools into different skbs', () => {
    const { append, fill, pageOf, isPooled, system, skbs } = use({ slotPool: { pagePercent: 5 } });
    const all: number[] = [];
    for (let at = 0; at < 4; at++) {
      const skb = append();
      all.push(skb);
      fill(skb, MAX_SKB_BYTES);
    }
    expect(system.freeing.counters.overLimit).toBeGreaterThan(0);
    const kinds = all.map(
      (skb) => new Set(Array.from({ length: skbs.frags(skb) }, (_, at) => isPooled(pageOf(skb, at)))),
    );
    expect(kinds.every((kind) => kind.size === 1)).toBe(true);
    expect(new Set(kinds.flatMap((kind) => [...kind]))).toEqual(new Set([true, false]));
  });

  it('counts one piece more for a copy of an array of fragments, so that the page is recycled all the same', () => {
    const { append, fill, release, pageOf, frag, cpu, skbs, lifetime, pages, countsOf, pagePool } = use();
    const [skb, copy] = [append(), append(1)];
    fill(skb, 20_000);
    const pfn = pageOf(skb);
    shareData(cpu, skb, copy, skbs, lifetime);
    expect(pages.refs(pfn)).toBe(1);
    frag.drop(cpu);
    release(skb);
    expect(countsOf()).toEqual({ releasedRefcnt: 0, recycled: 0 });
    release(copy);
    expect([countsOf(), pagePool.held.inFlight]).toEqual([{ releasedRefcnt: 0, recycled: 1 }, 1]);
  });

  it('counts one piece more where a fragment is divided, and none elsewhere', () => {
    const { append, fill, release, frag, cpu, skbs, lifetime, countsOf } = use();
    const [skb, half, rest] = [append(), append(1), append(1)];
    fill(skb, 60_000);
    splitData(cpu, skb, half, 40_000, skbs, lifetime);
    splitData(cpu, half, rest, skbs.bytes(half), skbs, lifetime);
    frag.drop(cpu);
    for (const one of [half, skb, rest]) release(one);
    expect(countsOf()).toEqual({ releasedRefcnt: 0, recycled: 2 });
  });

  it('lets a page go for which a plain reference was taken instead, and only a counter tells', () => {
    const { append, fill, release, pageOf, frag, cpu, pages, system, state, isPooled, countsOf, pagePool } = use();
    const skb = append();
    fill(skb, 20_000);
    const pfn = pageOf(skb);
    pages.get(pfn); // what code does that knows nothing of page pools, for a second skb
    frag.drop(cpu);
    release(skb);
    expect([countsOf(), isPooled(pfn), pagePool.held.inFlight]).toEqual([{ releasedRefcnt: 1, recycled: 0 }, false, 0]);
    expect(system.swiotlb.used()).toBe(16);
    // The second skb does not say that it recycles: the page goes back to the slot pool, not to the page allocator.
    const other = append(1);
    system.skbs.addFrag(other, pfn, 0, 20_000);
    release(other);
    expect([system.swiotlb.used(), pages.refs(pfn), state.blocks()]).toEqual([0, 0, []]);
  });

  it('holds ordinary pages by references', () => {
    const { append, fill, release, pageOf, frag, cpu, pages, skbs, lifetime, system } = use({
      sockets: { learn: 'transmit' },
    });
    const free = system.systemPages.freePages;
    const [skb, copy, half] = [append(), append(1), append(1)];
    fill(skb, 20_000);
    shareData(cpu, skb, copy, skbs, lifetime);
    splitData(cpu, skb, half, 10_000, skbs, lifetime);
    expect(pages.refs(pageOf(skb))).toBe(4);
    frag.drop(cpu);
    for (const one of [skb, copy, half]) release(one);
    expect(system.systemPages.freePages).toBe(free);
  });

  it('loses no page and frees none early, in any order of sends, copies, splits and releases', () => {
    const step = fc.record({
      kind: fc.constantFrom('send', 'share', 'split', 'release', 'drop'),
      which: fc.nat(),
      bytes: fc.integer({ min: 1, max: 40_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.constantFrom(5, 90), (steps, pagePercent) => {
        const { append, fill, release, frag, cpu, skbs, lifetime, state, system, machine, pages } = poolRig({
          slotPool: { pagePercent },
          sockets: { sendBufferBytes: 4 << 20 },
        });
        const free = system.systemPages.freePages;
        const live: number[] = [];
        for (const { kind, which, bytes } of steps) {
          const one = live[which % Math.max(1, live.length)];
          if (kind === 'send') {
            const skb = append();
            if (fill(skb, bytes) > 0) live.push(skb);
            else release(skb);
          } else if (kind === 'drop') frag.drop(cpu);
          else if (one === undefined) continue;
          else if (kind === 'release') {
            live.splice(live.indexOf(one), 1);
            release(one);
          } else {
            const to = append(1);
            if (kind === 'share') shareData(cpu, one, to, skbs, lifetime);
            else splitData(cpu, one, to, bytes % skbs.bytes(one), skbs, lifetime);
            live.push(to);
          }
          const expected = state.pageReferences([frag.pfn]);
          for (const [pfn, refs] of expected) expect([pfn, pages.refs(pfn)]).toEqual([pfn, refs]);
        }
        frag.drop(cpu);
        for (const skb of live) release(skb);
        expect(state.all.map(({ counters }) => counters.valueOf('releasedRefcnt'))).toEqual(state.all.map(() => 0));
        state.close(cpu);
        expect([system.swiotlb.used(), system.systemPages.freePages]).toEqual([0, free]);
        machine.close();
      }),
      { numRuns: 40 },
    );
    use();
  });
});
