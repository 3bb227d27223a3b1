import { afterEach, describe, expect, it } from '@jest/globals';
import { MAX_SKB_BYTES } from '../../../lib/model-limits.js';
import { TX_BUF_TYPE } from '../../../lib/owner/tx-buf.js';
import { NO_PAGE } from '../../../lib/page/page-table.js';
import { type OwnerRig, ownerRig } from '../fixtures/owner-rig.js';

const BLOCK = 32768;
let rig: OwnerRig;
afterEach(() => rig.machine.close());

function use(given: Parameters<typeof ownerRig>[0] = {}): OwnerRig {
  rig = ownerRig(given);
  return rig;
}

const isBounce = (skb: number, frag: number) => rig.system.swiotlb.pool.contains(rig.skbs.fragAddress(skb, frag));

describe('OwnerFiller', () => {
  it('copies the bytes of the user into blocks of the slot pool, end to end', () => {
    const { append, fill, contents, bytes, user, skbs } = use();
    const skb = append();
    expect(fill(skb, 50_000)).toBe(50_000);
    expect(contents(skb).equals(bytes.subarray(user, user + 50_000))).toBe(true);
    expect([skbs.bytes(skb), skbs.frags(skb), isBounce(skb, 0), isBounce(skb, 1)]).toEqual([50_000, 2, true, true]);
  });

  it('takes one reference for each skb and none for each fragment or append', () => {
    const { append, fill, owners, ownerOf, skbs } = use();
    const skb = append();
    for (let at = 0; at < 10; at++) fill(skb, 5000);
    expect([skbs.frags(skb), owners.refs(ownerOf(skb))]).toEqual([2, 2]); // the skb and the socket
    const next = append();
    fill(next, 100);
    expect([ownerOf(next), owners.refs(ownerOf(skb))]).toEqual([ownerOf(skb), 3]);
  });

  it('takes the blocks of an owner together, and goes on in a successor when they are full', () => {
    const { append, fill, owners, ownerOf, system } = use({ owners: { buffers: 2 } });
    const [first, second] = [append(), append()];
    fill(first, MAX_SKB_BYTES);
    expect(system.swiotlb.used()).toBe(2 * 16);
    fill(second, 1);
    expect(system.swiotlb.used()).toBe(4 * 16);
    expect(owners.next(ownerOf(first))).toBe(ownerOf(second));
    expect([owners.refs(ownerOf(first)), owners.refs(ownerOf(second))]).toEqual([1, 3]);
  });

  it('holds the successor of an skb that reaches into it', () => {
    const { append, fill, release, owners, ownerOf, contents, bytes, user } = use({ owners: { buffers: 1 } });
    const [first, second] = [append(), append()];
    fill(first, BLOCK - 100);
    fill(second, 200, user + 7);
    const [begins, goesOn] = [ownerOf(second), owners.next(ownerOf(second))];
    expect([begins, owners.end(begins)]).toEqual([ownerOf(first), owners.start(goesOn)]);
    release(first);
    expect(owners.refs(goesOn)).toBe(2);
    expect(contents(second).equals(bytes.subarray(user + 7, user + 207))).toBe(true);
    release(second);
    expect([owners.isLive(begins), owners.refs(goesOn)]).toEqual([false, 1]);
  });

  it('begins again at the first byte of an owner once nothing in it is needed', () => {
    const { append, fill, release, owners, ownerOf, skbs, system } = use();
    const first = append();
    fill(first, 1000);
    const id = ownerOf(first);
    const address = skbs.fragAddress(first, 0);
    const second = append();
    fill(second, 10);
    release(first);
    const third = append();
    fill(third, 10);
    expect(skbs.fragAddress(third, 0)).toBe(address + 1010);
    release(second);
    release(third);
    const used = system.swiotlb.used();
    const fourth = append();
    fill(fourth, 10);
    expect([ownerOf(fourth), skbs.fragAddress(fourth, 0), owners.start(id)]).toEqual([id, address, 1020]);
    expect(system.swiotlb.used()).toBe(used);
  });

  it('takes ordinary pages when the slot pool has no block left, in the same owner and the same skb', () => {
    const { append, fill, skbs, system, owners, ownerOf } = use({
      slotPool: { pagePercent: 10 },
      owners: { buffers: 16 },
    });
    const [first, second] = [append(), append()];
    fill(first, MAX_SKB_BYTES);
    fill(second, MAX_SKB_BYTES);
    const kinds = [first, second].flatMap((skb) =>
      Array.from({ length: skbs.frags(skb) }, (_, frag) => isBounce(skb, frag)),
    );
    expect(kinds).toEqual([true, true, true, false]);
    expect([ownerOf(second), owners.device(ownerOf(second))]).toEqual([ownerOf(first), 1]);
    expect(system.freeing.counters.overLimit).toBe(1);
  });

  it('takes ordinary pages for datagrams, for private payload, and where the device is not known', () => {
    for (const sockets of [
      { traffic: 'datagram', messageBytes: 1000 },
      { privateSenders: 1 },
      { learn: 'transmit' },
      { zeroCopySenders: 1 },
    ] as const) {
      const { append, fill, machine } = use({ sockets });
      const skb = append();
      fill(skb, 100);
      expect(isBounce(skb, 0)).toBe(false);
      machine.close();
    }
    use();
  });

  it('writes private payload to the slot pool in faithful, which a check refuses', () => {
    const { append, fill } = use({ flavour: 'faithful', sockets: { privateSenders: 1 } });
    expect(() => fill(append(), 100)).toThrow(expect.objectContaining({ code: 'ERR_EXPOSED' }));
  });

  it('in hardened, gives up an owner whose device the socket does not transmit to any more', () => {
    const { append, fill, release, ownerOf, owners, system, skbs } = use();
    const first = append();
    fill(first, 100);
    system.devices.percentLimit.percent = 0;
    fill(first, 100);
    const [begins, goesOn] = [ownerOf(first), owners.next(ownerOf(first))];
    expect([skbs.frags(first), isBounce(first, 0), isBounce(first, 1), owners.refs(goesOn)]).toEqual([
      2,
      true,
      false,
      2,
    ]);
    release(first);
    expect([owners.isLive(begins), system.swiotlb.used()]).toEqual([false, 0]);
    system.devices.percentLimit.percent = 90;
    const second = append();
    fill(second, 100);
    expect([isBounce(second, 0), owners.isLive(goesOn)]).toEqual([true, false]);
  });

  it('in faithful, fills the memory that it holds whatever the socket would ask for', () => {
    const { append, fill, system, skbs } = use({ flavour: 'faithful' });
    const first = append();
    fill(first, 100);
    system.devices.percentLimit.percent = 0;
    fill(first, 100);
    expect([skbs.frags(first), isBounce(first, 0)]).toEqual([1, true]);
  });

  it('stops when the skb is full, and copies nothing when there is no memory', () => {
    const { append, fill, system, cpu, skbs } = use({ sockets: { learn: 'transmit' } });
    const skb = append();
    expect([fill(skb, MAX_SKB_BYTES + 5), fill(skb, 5)]).toEqual([MAX_SKB_BYTES, 0]);
    for (const order of [3, 0]) while (system.systemPages.alloc(cpu, order) !== NO_PAGE);
    const full = append(1);
    expect([fill(full, 100), skbs.frags(full), skbs.mark(full)]).toEqual([0, 0, 0]);
  });

  it('gives no owner up while several are in flight, so that a socket can always fill what it may send', () => {
    const { append, fill, owners, ownerOf, system, cpu } = use({
      owners: { buffers: 1 },
      sockets: { messageBytes: 1000 },
      slotPool: { bytes: 8 << 20 },
    });
    const began = new Set<number>();
    const send = (bytes: number) => {
      const skb = append();
      expect(fill(skb, bytes)).toBe(bytes);
      began.add(ownerOf(skb));
    };
    for (let at = 0; at < 40; at++) {
      system.devices.percentLimit.percent = at % 2 === 0 ? 90 : 0;
      send(10); // which nothing acknowledges
    }
    expect(began.size).toBe(4);
    // Memory is in pieces from now on.
    system.devices.percentLimit.percent = 0;
    const pieces: number[] = [];
    for (const order of [3, 0]) {
      for (
        let pfn = system.systemPages.alloc(cpu, order);
        pfn !== NO_PAGE;
        pfn = system.systemPages.alloc(cpu, order)
      ) {
        if (order === 3) pieces.push(pfn);
      }
    }
    for (const pfn of pieces) {
      system.pages.split(pfn);
      for (let page = pfn; page < pfn + 8; page += 2) {
        system.pages.compound(page, 0);
        system.systemPages.free(cpu, page);
      }
    }
    for (let bytes = 0; bytes < 128 << 10; bytes += MAX_SKB_BYTES) send(MAX_SKB_BYTES);
    expect(owners.span(0)).toBeLessThan(owners.perSocket);
  });

  it('adds no byte while the ring of owners is full, and goes on when one is freed', () => {
    const { append, fill, release, owners, system, cpu } = use();
    const held = Array.from({ length: owners.perSocket }, () => owners.alloc(0, TX_BUF_TYPE.buffered, 0));
    const skb = append();
    expect([fill(skb, 10), system.swiotlb.used()]).toEqual([0, 0]);
    owners.release(cpu, held[0]!, { destroy: () => {} });
    expect(fill(skb, 10)).toBe(10);
    release(skb);
  });
});
