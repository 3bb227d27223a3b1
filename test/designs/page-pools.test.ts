import { afterEach, describe, expect, it } from '@jest/globals';
import { parametersOf } from '../../lib/designs/page-pools.js';
import { NO_PAGE } from '../../lib/page/page-table.js';
import { refusalOf } from '../../lib/page/pool/page-pool-parameters.js';
import { smallConfig } from '../machine/fixtures/small-system.js';
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

  it('gives no page of another order', () => {
    const { state, system, cpu } = use({ slotPool: { singleBouncePages: true, pagePercent: 1 } });
    const parts = state.partsOf(cpu, {
      copies: { copyKernel: 0, ramRegion: 0, check: false },
      refillTime: null as never,
    });
    expect([parts.pageFrag().pfn, system.freeing.counters.allocated]).toEqual([NO_PAGE, 0]);
  });
});

describe('the parameters of page pools', () => {
  const of = (given: Parameters<typeof smallConfig>[0], devices = 1) => {
    const { ringSlots, cachePages, ...all } = parametersOf(
      smallConfig({ design: 'page-pool', ...given }),
      devices,
      1 << 16,
    );
    expect(refusalOf({ ringSlots, cachePages, ...all })).toBe(0);
    return { ringSlots, cachePages };
  };

  it("are Linux's in faithful, whatever the size of the slot pool", () => {
    expect(of({ flavour: 'faithful' })).toEqual({ ringSlots: 0, cachePages: 128 });
  });

  it('keep the stock of all page pools within the slot pool in hardened', () => {
    for (const bytes of [1 << 20, 64 << 20, 512 << 20, 2 ** 31]) {
      for (const count of [1, 4, 16]) {
        for (const devices of [1, 3]) {
          const { ringSlots, cachePages } = of({ slotPool: { bytes }, cpus: { count } }, devices);
          const stock = (ringSlots + cachePages) * count * devices * 32768;
          expect(stock <= Math.max(0.9 * bytes, 2 * count * devices * 32768)).toBe(true);
          expect([ringSlots >= 1, ringSlots <= 1024, cachePages >= 1, cachePages <= 16]).toEqual([
            true,
            true,
            true,
            true,
          ]);
        }
      }
    }
  });

  it('are those of the configuration where it has some', () => {
    const pagePool = { ringSlots: 7, cachePages: 3 };
    expect([of({ pagePool }), of({ pagePool, flavour: 'faithful' })]).toEqual([pagePool, pagePool]);
  });
});
