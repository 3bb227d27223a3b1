import { afterEach, describe, expect, it } from '@jest/globals';
import { referencesAreAccounted } from '../../lib/machine/check/memory-invariants.js';
import { NO_PAGE } from '../../lib/page/page-table.js';
import { PAGE_SIZE } from '../../lib/units.js';
import { type PoolRig, poolRig } from './fixtures/pool-rig.js';

let rig: PoolRig | null = null;
afterEach(() => rig?.machine.close());

function use(given: Parameters<typeof poolRig>[0] = {}): PoolRig {
  rig = poolRig(given);
  return rig;
}

describe('PagePools', () => {
  it('has a page pool for each CPU and device, which holds one reference to the device whatever it holds', () => {
    const { state, system, fill, append } = use({ cpus: { count: 2 }, devices: { count: 3, queues: 3 } });
    expect(state.all.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5]);
    const refs = () => system.devices.all.map(({ number }) => system.devices.table.refs(number));
    const before = refs();
    fill(append(), 60_000);
    expect([refs(), [1, 2, 3].map((device) => state.deviceReferences(device))]).toEqual([before, [2, 2, 2]]);
  });

  it('takes blocks of the CPU that sends, for the device that its socket has learned', () => {
    const { state, fill, append, pageOf, netmem } = use({ cpus: { count: 2 }, devices: { count: 2, queues: 2 } });
    const skb = append(1);
    fill(skb, 100);
    expect(netmem.poolOf(pageOf(skb))).toBe(2);
    expect(state.blocks()).toEqual([{ pfn: pageOf(skb), order: 3, device: 2 }]);
  });

  it('takes ordinary pages for datagrams, for private payload, and where the device is not known', () => {
    for (const sockets of [
      { traffic: 'datagram', messageBytes: 1000 },
      { privateSenders: 1 },
      { learn: 'transmit' },
    ] as const) {
      const { append, fill, pageOf, isPooled, machine } = use({ sockets });
      const skb = append();
      fill(skb, 100);
      expect(isPooled(pageOf(skb))).toBe(false);
      machine.close();
    }
    use();
  });

  it('writes private payload to a page pool in faithful, which a check refuses', () => {
    const { append, fill } = use({ flavour: 'faithful', sockets: { privateSenders: 1 } });
    expect(() => fill(append(), 100)).toThrow(expect.objectContaining({ code: 'ERR_EXPOSED' }));
  });

  it('has no block after a reset, whatever was out before', () => {
    const { append, fill, state, system, pageOf } = use();
    const skb = append();
    fill(skb, 100);
    const address = pageOf(skb) * PAGE_SIZE;
    expect([state.blocks().length, state.sharedMemory().holds(address)]).toEqual([1, true]);
    system.reset();
    expect([state.blocks(), state.sharedMemory().holds(address)]).toEqual([[], false]);
  });

  it('refuses to be closed while a page is out', () => {
    const { append, fill, state, cpu, frag, release } = use();
    const skb = append();
    fill(skb, 100);
    frag.drop(cpu);
    const message = '1 page pools are left; page pool 0 has 1 pages in flight';
    expect(() => state.close(cpu)).toThrow(expect.objectContaining({ code: 'ERR_UNBALANCED', message }));
    release(skb);
    state.all[0]!.retry(cpu);
    state.close(cpu);
    expect([state.deviceReferences(1), state.blocks()]).toEqual([0, []]);
  });

  it('expects a piece for each fragment of a page that no task is filling, and one kind of pages in an skb', () => {
    const { append, fill, state, cpu, frag, pageOf, netmem, skbs, machine } = use();
    const [skb, other] = [append(), append()];
    for (const one of [skb, other]) fill(one, 1000);
    frag.drop(cpu);
    const pfn = pageOf(skb);
    const mixed = { what: 'the other kind of pages in skbs', refs: 0, expected: 0 };
    const pooled = { what: 'page pools by pages', refs: 1, expected: 1 };
    expect(state.ownerReferences()).toEqual([
      mixed,
      pooled,
      { what: `the pieces of page ${pfn}`, refs: 2, expected: 2 },
    ]);
    machine.assertInvariants([referencesAreAccounted]);
    netmem.ref(pfn);
    expect(() => machine.assertInvariants([referencesAreAccounted])).toThrow(
      /I5 is broken: references of the pieces of page/,
    );
    netmem.unref(pfn, 1);
    skbs.setMark(skb, 0);
    expect(() => machine.assertInvariants([referencesAreAccounted])).toThrow(
      /I5 is broken: references of the other kind of pages in skbs/,
    );
  });

  it('gives no page of another order', () => {
    const { state, system, cpu } = use({ slotPool: { singleBouncePages: true, pagePercent: 1 } });
    const parts = state.partsOf(cpu, {
      copies: { copyKernel: 0, ramRegion: 0, check: false },
      refillTime: null as never,
    });
    expect([parts.pageFrag().pfn, system.freeing.counters.allocated]).toEqual([NO_PAGE, 0]);
  });
});
