/** Faults of page pools for transmit: stock that nothing takes back, and pieces that are held by page references. */
import { PagePools } from '../../designs/page-pools.js';
import { Dma, MAPPING_ERROR } from '../../dma/map.js';
import { CopytaxError } from '../../errors.js';
import { mergeOptions } from '../../machine/build/config.js';
import { referencesAreAccounted, slotsAreAccounted } from '../../machine/check/memory-invariants.js';
import { NO_PAGE_POOL } from '../../page/pool/netmem-table.js';
import { SITE } from '../../smp/copy-ledger.js';
import { PAGE_SIZE, SLOTS_PER_PAGE } from '../../units.js';
import { COPES, type Fault, FINDING } from '../scene/fault.js';
import { expectThat, intercept, type Scene } from '../scene/scene.js';

const SENT_AND_IDLE = {
  design: 'page-pool',
  sockets: { sendBufferBytes: 512 << 10, messagesPerSender: 100, learn: 'told', userBufferBytes: 1 << 20 },
  slotPool: { bytes: 1 << 20 },
} as const;

function pagePoolsOf({ system }: Scene): PagePools {
  if (system.designState instanceof PagePools) return system.designState;
  throw new CopytaxError('ERR_OUT_OF_RANGE', 'the machine of this fault must have page pools');
}

/** Bounces ordinary memory for the device, page by page, until there are `enough` mappings. Returns their addresses. */
function mapPages({ system, machine }: Scene, enough: number): number[] {
  const [{ cpu }] = machine.runners as [(typeof machine.runners)[number]];
  const dma = new Dma(system.swiotlb, system.designState.sharedMemory(), machine.ram.id);
  const device = system.devices.all[0]!;
  const got: number[] = [];
  for (let at = 0; at < enough; at++) {
    cpu.list.reset();
    const address = dma.map(cpu, device, system.layout.users, PAGE_SIZE, SITE.bounce);
    if (address === MAPPING_ERROR) break;
    got.push(address);
  }
  cpu.list.reset();
  return got;
}

/** Stops the senders, and takes turns until all that they have sent is acknowledged. */
function letArrive(scene: Scene): void {
  for (const runner of scene.machine.runners) runner.exitSenders();
  scene.system.cpus.drain();
  scene.until('everything has arrived', () => scene.system.isDrained());
}

export const PAGE_POOL_FAULTS: readonly Fault[] = [
  {
    name: 'stock-of-page-pools',
    about: 'sockets that have sent everything leave page pools that keep their pages in stock, and a device maps',
    source: ['docs/spec/tx-path.md#exhaustion-and-hoarding'],
    machine: mergeOptions(SENT_AND_IDLE, { network: { ackDelayNs: 1e12 } }),
    play: (scene) => {
      const { swiotlb } = scene.system;
      scene.turns(100);
      letArrive(scene);
      const stock = swiotlb.used();
      const wanted = Math.floor(swiotlb.slots / SLOTS_PER_PAGE);
      const watchAgain = scene.unwatch(slotsAreAccounted);
      const mapped = mapPages(scene, wanted);
      const cpu = scene.machine.runners[0]!.cpu;
      for (const address of mapped) swiotlb.free(cpu, scene.system.devices.all[0]!, address);
      watchAgain();
      const details = { mapped: mapped.length, wanted, stock };
      expectThat('a device can map all of a slot pool that no payload is in', mapped.length === wanted, details);
      scene.machine.drain();
      return `page pools had ${stock} slots in stock, and gave them back when a device needed them`;
    },
    expected: FINDING,
  },
  {
    name: 'piece-held-by-reference',
    about: 'code that knows nothing of page pools takes page references to fragments, as a packet tap does',
    source: ['docs/spec/tx-path.md#what-transmit-adds-to-a-page-pool'],
    machine: mergeOptions(SENT_AND_IDLE, { slotPool: { bytes: 4 << 20 }, network: { ackDelayNs: 1e6 } }),
    play: (scene) => {
      const { pages, skbs, freeing } = scene.system;
      const state = pagePoolsOf(scene);
      const watchAgain = scene.unwatch(referencesAreAccounted);
      const tapped = new Set<number>();
      // A tap that keeps the page of each packet's first fragment until the end.
      const end = intercept(skbs, 'clone', (clone) => (skb) => {
        clone(skb);
        const pfn = skbs.fragPfn(skb, 0);
        if (state.netmem.poolOf(pfn) === NO_PAGE_POOL || tapped.has(pfn)) return;
        pages.get(pfn);
        tapped.add(pfn);
      });
      scene.until('everything is sent', () => scene.machine.runners.every((runner) => runner.finished));
      letArrive(scene);
      end();
      const cpu = scene.machine.runners[0]!.cpu;
      const gone = [...tapped].filter((pfn) => state.netmem.poolOf(pfn) === NO_PAGE_POOL).length;
      for (const pfn of tapped) state.dropReference(cpu, pfn);
      watchAgain();
      const told = state.all.reduce((sum, { counters }) => sum + counters.valueOf('releasedRefcnt'), 0);
      expectThat('a counter tells of each page that was not recycled', told === gone && gone > 0, { told, gone });
      const taken = freeing.counters.allocated;
      scene.machine.drain();
      return `nothing failed, but ${gone} of ${taken} pages were let go instead of recycled: only releasedRefcnt tells`;
    },
    expected: COPES,
  },
];
