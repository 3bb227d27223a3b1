/** Faults of page pools for transmit: stock that nothing takes back, and pieces that are held by page references. */
import { PagePools } from '../../designs/page-pools.js';
import { Dma, MAPPING_ERROR } from '../../dma/map.js';
import { CopytaxError } from '../../errors.js';
import { type MachineOptions, mergeOptions } from '../../machine/build/config.js';
import { referencesAreAccounted, slotsAreAccounted } from '../../machine/check/memory-invariants.js';
import { NO_PAGE } from '../../page/page-table.js';
import { NO_PAGE_POOL } from '../../page/pool/netmem-table.js';
import { SITE } from '../../smp/copy-ledger.js';
import { PAGE_SIZE, SLOTS_PER_PAGE } from '../../units.js';
import { COPES, type Fault, FINDING } from '../scene/fault.js';
import { expectThat, intercept, type Scene, silence } from '../scene/scene.js';

const SENT_AND_IDLE = {
  design: 'page-pool',
  sockets: { sendBufferBytes: 512 << 10, messagesPerSender: 100, learn: 'told', userBufferBytes: 1 << 20 },
  slotPool: { bytes: 1 << 20 },
} as const;

const POOLED: MachineOptions = { design: 'page-pool', sockets: { learn: 'told' } };
const IN_FLIGHT = mergeOptions(POOLED, {
  sockets: { messagesPerSender: 400 },
  devices: { completion: 'line-rate', lineBitsPerSecond: 1e9 },
});

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
  {
    name: 'percent-lowered-with-a-stock',
    about: 'the percentage is set to 0 while page pools have blocks in stock, and senders go on',
    source: [
      'docs/spec/tx-path.md#exhaustion-and-hoarding',
      'docs/spec/tx-path.md#f3-stale-percentage-and-recycled-pages',
    ],
    machine: mergeOptions(POOLED, { sockets: { messagesPerSender: 400 } }),
    play: (scene) => {
      scene.turns(30);
      const { sent, bounced } = scene;
      scene.system.devices.percentLimit.percent = 0;
      scene.turns(100);
      const kept = scene.system.swiotlb.used();
      const recycled = scene.sent - sent - (scene.bounced - bounced);
      scene.machine.run();
      const stock = scene.system.designState.blocks().length;
      expectThat('blocks that were in stock are not filled any more', recycled <= 1 << 18, { recycled, kept, stock });
      return `${kept} slots stayed in stock, and what was sent later was bounced`;
    },
    expected: COPES,
  },
  {
    name: 'page-pool-ended-with-pages-out',
    about: 'a device is removed while a peer that never acknowledges keeps pages of its page pool',
    source: ['docs/spec/tx-path.md#page-pool-mechanics', 'docs/spec/tx-path.md#fault-device-removal'],
    machine: POOLED,
    play: (scene) => {
      const { machine, system } = scene;
      const { cpu } = machine.runners[0]!;
      const { table } = system.devices;
      const design = pagePoolsOf(scene);
      const pagePool = design.all[0]!;
      const undo = silence(scene, 0);
      scene.turns(50);
      for (const runner of machine.runners) runner.exitSenders();
      scene.turns(50);
      table.remove(1);
      pagePool.destroy(cpu);
      for (let second = 0; second < 130; second++) {
        scene.now += 1e9;
        scene.turns(1);
        pagePool.retry(cpu);
      }
      const [first, second] = design.stalls;
      const out = pagePool.held.inFlight;
      expectThat('it warns each minute of pages that are out', first?.seconds === 60 && second?.inFlight === out, {
        stalls: design.stalls,
      });
      expectThat('the device stays as long as they do', out > 0 && !table.isReleased(1));
      undo();
      system.cpus.drain();
      scene.until('all have come back', () => system.isDrained());
      pagePool.retry(cpu);
      expectThat('the page pool is gone with the last page', pagePool.held.inFlight === 0);
      machine.drain();
      table.runDeferred();
      expectThat('so is the device', table.isReleased(1), { refs: table.refs(1) });
      return `it warned after ${first!.seconds} s of ${out} pages that were out, and went with the last of them`;
    },
    expected: COPES,
  },
  {
    name: 'classes-alternate',
    about: 'every other request of a sender to its page pool is refused, in the middle of skbs',
    source: ['docs/spec/tx-path.md#exhaustion-and-hoarding', 'docs/spec/tx-path.md#page-pool-mechanics'],
    machine: POOLED,
    play: (scene) => {
      const { skbs } = scene.system;
      const design = pagePoolsOf(scene);
      const pagePool = design.all[0]!;
      let requests = 0;
      intercept(pagePool.cycle, 'alloc', (alloc) => (cpu) => (++requests % 2 === 0 ? NO_PAGE : alloc(cpu)));
      const seen = { recycling: 0, ordinary: 0, mixed: 0 };
      intercept(skbs, 'clone', (clone) => (skb) => {
        const isPooled = (frag: number) => design.netmem.poolOf(skbs.fragPfn(skb, frag)) !== NO_PAGE_POOL;
        const pooled = Array.from({ length: skbs.frags(skb) }, (_, frag) => isPooled(frag)).filter(Boolean).length;
        seen[pooled === 0 ? 'ordinary' : pooled === skbs.frags(skb) ? 'recycling' : 'mixed']++;
        clone(skb);
      });
      scene.machine.run();
      expectThat('no skb has pages of both classes', seen.mixed === 0, seen);
      expectThat('there are skbs of both', seen.recycling > 0 && seen.ordinary > 0, seen);
      return `${seen.recycling} skbs had recycling pages and ${seen.ordinary} ordinary ones, and none had both`;
    },
    expected: COPES,
  },
  {
    name: 'reserve-pages-recycled',
    about: 'every other block of a page pool comes from the emergency reserve, which has to get it back at once',
    source: ['docs/spec/tx-path.md#page-pool-mechanics'],
    machine: IN_FLIGHT,
    play: (scene) => {
      const pagePool = pagePoolsOf(scene).all[0]!;
      const isOfReserve = (pfn: number) => Math.floor(pfn / 8) % 2 === 0;
      intercept(pagePool.held.provider, 'isReserve', () => isOfReserve);
      scene.until('some came back', () => pagePool.counters.valueOf('releasedRefcnt') > 5);
      scene.until('everything is sent', () => scene.machine.runners.every((runner) => runner.finished));
      const kept = [...pagePool.cycle.ring.pages(), ...pagePool.cycle.cachedPages()];
      expectThat('no page of the reserve is in stock', !kept.some(isOfReserve), { kept });
      const given = pagePool.counters.valueOf('releasedRefcnt');
      scene.machine.drain();
      return `${given} times a page was given back to the reserve, and ${kept.length} blocks were recycled`;
    },
    expected: COPES,
  },
  {
    name: 'page-of-another-page-pool',
    about: 'a page of the page pool of one device is filled through a socket of another device, which has one as well',
    source: ['docs/spec/tx-path.md#what-transmit-adds-to-a-page-pool'],
    machine: mergeOptions(POOLED, {
      sockets: { senders: 2, messagesPerSender: 0 },
      devices: { count: 2, queues: 2, completion: 'line-rate', lineBitsPerSecond: 1e6 },
    }),
    play: (scene) => {
      const { devices, queues, layout } = scene.system;
      const { cpu, path } = scene.machine.runners[0]!;
      const design = pagePoolsOf(scene);
      const task = scene.newTask();
      path.send(0, task, layout.users, 1000);
      const pfn = task.pfn;
      expectThat('the task has a page of a page pool', design.netmem.poolOf(pfn) === 0);
      intercept(task, 'dropUnlessOf', () => () => {}); // as in faithful
      path.send(1, task, layout.users, 1000);
      expectThat('it filled the same page', task.pfn === pfn && devices.all.length === 2);
      const { ring } = queues[1]!;
      expectThat('packets are with the other device', ring.dirty !== ring.produced());
      for (let at = ring.dirty; at !== ring.produced(); at = (at + 1) | 0) {
        const head = Math.floor(ring.dma(at) / PAGE_SIZE);
        expectThat('that device is given a bounce of it', head < pfn || head >= pfn + 8, { head, pfn });
      }
      task.drop(cpu);
      scene.machine.drain();
      return `${scene.bounced} bytes were bounced from one block of bounce memory to another`;
    },
    expected: COPES,
  },
];
