import { afterEach, describe, expect, it } from '@jest/globals';
import { NOT_SHARED, SHARED } from '../../lib/dma/shared-memory.js';
import { type OwnerRig, ownerRig } from './fixtures/owner-rig.js';

let rig: OwnerRig;
afterEach(() => rig.machine.close());

function use(given: Parameters<typeof ownerRig>[0] = {}): OwnerRig {
  rig = ownerRig(given);
  return rig;
}

describe('OwnedBuffers', () => {
  it('lists its blocks, its ordinary pages and its references, for the invariants', () => {
    const { append, fill, state, system, machine, owners, ownerOf } = use({ slotPool: { pagePercent: 10 } });
    const skb = append();
    fill(skb, 65536);
    fill(append(1), 40_000);
    const blocks = state.blocks();
    expect(blocks.map(({ order, device }) => [order, device])).toEqual(new Array(3).fill([3, 1]));
    expect([...state.pageReferences([]).values()]).toEqual([1]);
    expect(state.deviceReferences(1)).toBe(2);
    expect(state.ownerReferences().map(({ refs, expected }) => [refs, expected])).toEqual([
      [2, 2],
      [2, 2],
    ]);
    system.pages.get([...state.pageReferences([]).keys()][0]!);
    expect(() => machine.assertInvariants()).toThrow(/I5 is broken: references of page/);
    owners.get(ownerOf(skb));
    expect(() => machine.assertInvariants()).toThrow(/I5 is broken: references of owner/);
  });

  it('shares its blocks with devices of the same allocator, to any byte', () => {
    const { append, fill, state, system, skbs } = use();
    const skb = append();
    fill(skb, 100);
    const shared = state.sharedMemory();
    const device = system.devices.all[0]!;
    const address = skbs.fragAddress(skb, 0);
    expect([shared.sharing(device, address, 100), shared.holds(address + 99)]).toEqual([SHARED, true]);
    expect([shared.sharing(device, skbs.header(skb), 66), shared.holds(skbs.header(skb))]).toEqual([NOT_SHARED, false]);
  });

  it('keeps a tail for each socket until it is closed, and then nothing', () => {
    const { append, fill, release, state, system, cpu } = use();
    const skbs = [append(0), append(1)];
    for (const skb of skbs) {
      fill(skb, 100);
      release(skb);
    }
    expect(system.swiotlb.used()).toBe(2 * 4 * 16);
    state.close(cpu);
    expect([system.swiotlb.used(), state.blocks(), state.ownerReferences()]).toEqual([0, [], []]);
  });

  it('refuses to be closed while an owner is held', () => {
    const { append, fill, state, cpu } = use();
    fill(append(), 100);
    expect(() => state.close(cpu)).toThrow(
      expect.objectContaining({ code: 'ERR_UNBALANCED', message: '1 owners are left; owner 0 has 1 references' }),
    );
  });

  it('has a ring of owners that holds a send buffer in single pages, and some more', () => {
    const perSocket = (buffers: number, sendBufferBytes: number) => {
      const { owners, machine } = use({ owners: { buffers }, sockets: { sendBufferBytes, messageBytes: 65536 } });
      machine.close();
      return owners.perSocket;
    };
    expect(perSocket(1, 4 << 20)).toBe(256); // 130 blocks
    expect(perSocket(16, 4 << 20)).toBe(128); // 66 times sixteen pages
    expect([perSocket(1, 4096), perSocket(16, 4096)]).toEqual([8, 8]);
    use();
  });
});
