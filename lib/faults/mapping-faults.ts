/**
 * Faults of mapping: memory that a device cannot reach, parts of packets that have no slots, and unmapping too late.
 */
import { Dma } from '../dma/map.js';
import { HEADER_BYTES } from '../net/skb.js';
import { FRAG_ORDER } from '../page/page-source.js';
import { NO_PAGE } from '../page/page-table.js';
import { NO_ADDRESS } from '../swiotlb/swiotlb.js';
import { PAGE_SIZE } from '../units.js';
import { mapSlots, unmapSlots } from './scene/bystander.js';
import { ALL_DESIGNS, endOn, THAT_BOUNCE, THAT_HOLD_SLOTS, THAT_MAP_SLOTS } from './scene/design-groups.js';
import { COPES, type Fault } from './scene/fault.js';
import { dropReferences, expectThat, intercept, liveBlock, type Scene, untilInFlight } from './scene/scene.js';

const SLOW = {
  sockets: { messagesPerSender: 60, learn: 'told' },
  devices: { completion: 'line-rate', lineBitsPerSecond: 1e9 },
} as const;

/** Limits the addresses that the device reaches to `dmaMask`. Returns a function that ends this. */
function narrow({ system }: Scene, dmaMask: number): () => void {
  const [device] = system.devices.all;
  const before = device!.dmaMask;
  Object.assign(device!, { dmaMask });
  return () => {
    Object.assign(device!, { dmaMask: before });
  };
}

export const MAPPING_FAULTS: readonly Fault[] = [
  {
    name: 'narrow-dma-mask',
    about: 'the DMA mask of a device turns out to reach no bounce memory',
    source: ['docs/spec/tx-path.md#fault-dma-mask-too-small'],
    machine: SLOW,
    play: (scene) => {
      untilInFlight(scene);
      const before = scene.bounced;
      const widen = narrow(scene, scene.system.layout.slotPool);
      scene.until('mappings fail', () => scene.mapFailures > 20);
      const bounced = scene.bounced - before;
      widen();
      expectThat('data that could not be mapped were put back and not bounced', bounced === 0, { bounced });
      scene.machine.run();
      return `${scene.mapFailures} packets were put back until the mask was wide again`;
    },
    expected: COPES,
    alsoOn: endOn(COPES, THAT_MAP_SLOTS),
  },
  {
    name: 'page-beyond-dma-mask',
    about: 'a device reaches the lower half of the slot pool, and pages are taken from both halves',
    source: ['docs/spec/tx-path.md#fault-dma-mask-too-small', 'docs/spec/tx-path.md#map-sync-and-unmap'],
    machine: { sockets: { messagesPerSender: 200, learn: 'told' } },
    play: (scene) => {
      const { layout, config } = scene.system;
      narrow(scene, layout.slotPool + config.slotPool.bytes / 2 - 1);
      scene.machine.run();
      expectThat('pages beyond the mask were bounced, and others were not', scene.bounced > 0, {
        bounced: scene.bounced,
      });
      expectThat('pages within the mask were not bounced', scene.bounced < scene.sent);
      return `${scene.bounced} of ${scene.sent} bytes lay beyond the mask and were bounced`;
    },
    expected: COPES,
    alsoOn: endOn(COPES, ['txbuf']),
  },
  {
    name: 'mask-changed-in-flight',
    about: 'the mask of a device changes between map and unmap',
    source: ['docs/spec/tx-path.md#fault-mask-changed-in-flight'],
    machine: SLOW,
    play: (scene) => {
      const { ring } = scene.system.queues[0]!;
      untilInFlight(scene);
      const mapped = ring.produced();
      const widen = narrow(scene, scene.system.layout.slotPool);
      scene.until('the packets that were mapped before are completed', () => ((ring.dirty - mapped) | 0) >= 0);
      scene.machine.assertInvariants(); // every slot that was mapped is free again
      widen();
      scene.machine.run();
      return 'the packets that had been mapped were unmapped all the same';
    },
    expected: COPES,
    alsoOn: endOn(COPES, ALL_DESIGNS),
  },
  {
    name: 'fragment-unmappable',
    about: 'the header or one of the sixteen fragments of a packet, each in turn, finds no slots',
    source: ['docs/spec/tx-path.md#fault-mapping-error-in-the-n-th-fragment'],
    machine: { design: 'bounce', sockets: { messageBytes: 65536, messagesPerSender: 60 } },
    play: (scene) => {
      const { swiotlb, systemPages } = scene.system;
      const parts = 1 + 65536 / PAGE_SIZE;
      intercept(systemPages, 'alloc', (alloc) => (cpu, order) => (order === FRAG_ORDER ? NO_PAGE : alloc(cpu, order)));
      for (let refused = 1; refused <= parts; refused++) {
        let part = 0;
        const undo = intercept(swiotlb, 'alloc', (alloc) => (cpu, device, origin, bytes, ...rest) => {
          part = bytes === HEADER_BYTES ? 1 : part + 1;
          return part === refused ? NO_ADDRESS : alloc(cpu, device, origin, bytes, ...rest);
        });
        const before = scene.mapFailures;
        scene.until(`part ${refused} was refused`, () => scene.mapFailures > before);
        undo();
        scene.machine.assertInvariants(); // the parts before it are unmapped, and no reference is lost
      }
      scene.machine.run();
      return `packets were put back at each of their ${parts} parts, and freed once`;
    },
    expected: COPES,
    alsoOn: endOn(COPES, [...THAT_BOUNCE, ...THAT_HOLD_SLOTS]),
  },
  {
    name: 'unmap-after-free',
    about: 'a driver unmaps a page that has been freed, after a disk has taken its slots',
    source: ['docs/spec/tx-path.md#f9-unmap-after-free'],
    machine: {
      sockets: { learn: 'told' },
      slotPool: { bytes: 1 << 20 },
      devices: { completion: 'line-rate', lineBitsPerSecond: 1e6 },
    },
    play: (scene) => {
      const { swiotlb, designState, devices } = scene.system;
      const pfn = liveBlock(scene);
      dropReferences(scene, pfn);
      const mapped = mapSlots(scene, Infinity);
      expectThat('a disk has the slots', mapped.includes(pfn * PAGE_SIZE));
      const dma = new Dma(swiotlb, designState.sharedMemory(), 0);
      dma.unmap(scene.machine.runners[0]!.cpu, devices.all[0]!, pfn * PAGE_SIZE);
      unmapSlots(scene, mapped);
      return 'no check noticed';
    },
    expected: { faithful: 'ERR_BAD_ADDRESS', hardened: 'ERR_BAD_ADDRESS' },
  },
];
