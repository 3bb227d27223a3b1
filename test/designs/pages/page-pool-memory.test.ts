import { afterEach, describe, expect, it } from '@jest/globals';
import { Dma, MAPPING_ERROR } from '../../../lib/dma/map.js';
import { NOT_SHARED, STAYS_MAPPED } from '../../../lib/dma/shared-memory.js';
import { NO_PAGE } from '../../../lib/page/page-table.js';
import { ALL_BYTES } from '../../../lib/page/pool/page-cycle.js';
import { SITE } from '../../../lib/smp/copy-ledger.js';
import { Cpu } from '../../../lib/smp/cpu.js';
import { NO_ADDRESS } from '../../../lib/swiotlb/swiotlb.js';
import { PAGE_SIZE } from '../../../lib/units.js';
import { type PoolRig, poolRig } from '../fixtures/pool-rig.js';

let rig: PoolRig;
afterEach(() => rig.machine.close());

function use(given: Parameters<typeof poolRig>[0] = {}): PoolRig {
  rig = poolRig(given);
  return rig;
}

describe('PagePoolMemory', () => {
  it('stays mapped for the device of its page pool, to any byte, and is ordinary memory for others', () => {
    const { append, fill, state, system, skbs } = use({ devices: { count: 2, queues: 2 } });
    const skb = append();
    fill(skb, 20_000);
    const shared = state.sharedMemory();
    const [own, other] = system.devices.all;
    const address = skbs.fragAddress(skb, 0);
    const last = address + 19_999;
    expect([shared.sharing(own!, address, 20_000), shared.sharing(own!, last, 1), shared.holds(last)]).toEqual([
      STAYS_MAPPED,
      STAYS_MAPPED,
      true,
    ]);
    expect([shared.sharing(other!, address, 1), shared.holds(skbs.header(skb))]).toEqual([NOT_SHARED, false]);
  });

  it('is not bounced for its own device, and is for another, whose unmap leaves its slots alone', () => {
    const { append, fill, state, system, cpu, skbs, machine } = use({ devices: { count: 2, queues: 2 } });
    const skb = append();
    fill(skb, 4096);
    const dma = new Dma(system.swiotlb, state.sharedMemory(), machine.ram.id);
    const address = skbs.fragAddress(skb, 0);
    const [own, other] = system.devices.all;
    expect([dma.map(cpu, own!, address, 4096, SITE.bounce), dma.staysMapped]).toEqual([address, true]);
    const bounce = dma.map(cpu, other!, address, 4096, SITE.bounce);
    expect([bounce !== address, dma.staysMapped, system.swiotlb.used()]).toEqual([true, false, 18]);
    dma.unmap(cpu, other!, bounce);
    dma.unmap(cpu, other!, address);
    expect(system.swiotlb.used()).toBe(16);
  });

  it.each([
    ['hardened', true],
    ['faithful', false],
  ] as const)('in %s, gives up what page pools keep in stock when a mapping finds no slots: %s', (flavour, isGiven) => {
    const { system, state, cpu, pagePool, machine } = use({ flavour, pagePool: { ringSlots: 8, cachePages: 4 } });
    const taken: number[] = [];
    for (let pfn = pagePool.cycle.alloc(cpu); pfn !== NO_PAGE && taken.length < 12; pfn = pagePool.cycle.alloc(cpu))
      taken.push(pfn);
    for (const [at, pfn] of taken.entries()) pagePool.cycle.put(cpu, pfn, ALL_BYTES, at % 3 === 0);
    expect(pagePool.cycle.cached).toBe(4);
    const [device] = system.devices.all;
    while (system.swiotlb.alloc(cpu, device!, PAGE_SIZE, PAGE_SIZE, 0) !== NO_ADDRESS);
    const dma = new Dma(system.swiotlb, state.sharedMemory(), machine.ram.id);
    expect(dma.map(cpu, device!, PAGE_SIZE, PAGE_SIZE, SITE.bounce) !== MAPPING_ERROR).toBe(isGiven);
    expect([pagePool.cycle.cached, pagePool.cycle.ring.count]).toEqual(isGiven ? [0, 0] : [4, 8]);
    if (isGiven) expect(state.sharedMemory().reclaim!(cpu)).toBe(false);
  });

  it('takes from other CPUs what is in their rings, and leaves their caches alone', () => {
    const { state, system, cpu } = use({ cpus: { count: 2 } });
    const other = new Cpu(1, system.cpus, system.copyLedger);
    const { cycle } = state.all[1]!;
    const taken = [cycle.alloc(other), cycle.alloc(other), cycle.alloc(other)];
    for (const [at, pfn] of taken.entries()) cycle.put(other, pfn, ALL_BYTES, at === 0);
    expect([cycle.cached, cycle.ring.count]).toEqual([1, 2]);
    expect(state.sharedMemory().reclaim!(cpu)).toBe(true);
    expect([cycle.cached, cycle.ring.count]).toEqual([1, 0]);
    expect(state.sharedMemory().reclaim!(cpu)).toBe(false);
  });
});
