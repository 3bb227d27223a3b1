/** Faults of memory: allocations of pages and of slots that fail. */
import { devicesAreAccounted, freesAreCounted, slotsAreAccounted } from '../machine/check/memory-invariants.js';
import { FRAG_ORDER } from '../page/page-source.js';
import { NO_PAGE } from '../page/page-table.js';
import { NO_SLOT_POOL } from '../swiotlb/pools/slot-pool-list.js';
import { NO_ADDRESS } from '../swiotlb/swiotlb.js';
import { SLOT_SIZE } from '../units.js';
import { mapSlots, unmapSlots } from './scene/bystander.js';
import { ALL_DESIGNS, endOn, THAT_BOUNCE, THAT_MAP_SLOTS } from './scene/design-groups.js';
import { COPES, type Fault } from './scene/fault.js';
import { expectThat, intercept, type Scene } from './scene/scene.js';

/** Returns a function that lets one call in `period` through, and returns `refusal` for the others. */
function refusingMost<Result>(period: number, refusal: Result) {
  let calls = 0;
  return (call: () => Result) => (++calls % period === 0 ? call() : refusal);
}

/** From now on no page can be allocated from the slot pool; mappings still get slots. */
function refuseBlocks({ system }: Scene): void {
  intercept(system.swiotlb, 'allocBouncePages', () => () => NO_ADDRESS);
  intercept(system.devices.percentLimit, 'take', () => () => false);
  intercept(
    system.swiotlb,
    'alloc',
    (alloc) =>
      (cpu, device, origin, ...rest) =>
        origin === 0 ? NO_ADDRESS : alloc(cpu, device, origin, ...rest),
  );
}

/**
 * Holds, all over the slot pool, the first slot of one block of 32 KiB and the last of the next: 16 slots in a row are
 * free, but no block is. Meanwhile everything is sent. Returns how full the slot pool was, percent.
 */
function sendAmidstFragments(scene: Scene): number {
  const { swiotlb } = scene.system;
  const isHeld = (address: number) => [0, 31].includes(Math.floor(address / SLOT_SIZE) % 32);
  const all = mapSlots(scene, Infinity);
  unmapSlots(
    scene,
    all.filter((address) => !isHeld(address)),
  );
  const percent = Math.round((100 * swiotlb.used()) / swiotlb.slots);
  const watchAgain = scene.unwatch(slotsAreAccounted);
  scene.until('everything is sent', () => scene.machine.runners.every((runner) => runner.finished));
  unmapSlots(scene, all.filter(isHeld));
  watchAgain();
  scene.machine.drain();
  return percent;
}

export const MEMORY_FAULTS: readonly Fault[] = [
  {
    name: 'no-large-pages',
    about: 'no block of 32 KiB can be allocated, neither an ordinary one nor one of the slot pool',
    source: ['docs/spec/tx-path.md#fault-order-3-failure'],
    play: (scene) => {
      refuseBlocks(scene);
      intercept(
        scene.system.systemPages,
        'alloc',
        (alloc) => (cpu, order) => (order === FRAG_ORDER ? NO_PAGE : alloc(cpu, order)),
      );
      scene.machine.run();
      expectThat('every byte was bounced, if any may be', scene.bounced === (scene.mayBounce ? scene.sent : 0));
      return `${scene.sent} bytes went out from single pages`;
    },
    expected: COPES,
    alsoOn: endOn(COPES, ALL_DESIGNS),
  },
  {
    name: 'no-single-pages',
    about: 'one block of 32 KiB in five can be allocated, and a single page never',
    source: ['docs/spec/tx-path.md#fault-order-0-failure'],
    play: (scene) => {
      const rarely = refusingMost(5, NO_PAGE);
      refuseBlocks(scene);
      intercept(
        scene.system.systemPages,
        'alloc',
        (alloc) => (cpu, order) => (order === 0 ? NO_PAGE : rarely(() => alloc(cpu, order))),
      );
      scene.machine.run();
      return `senders waited for memory, and ${scene.sent} bytes went out`;
    },
    expected: COPES,
    alsoOn: endOn(COPES, ALL_DESIGNS),
  },
  {
    name: 'hardly-any-pages',
    about: 'four of five requests for pages of any size are refused',
    source: ['docs/spec/tx-path.md#fault-order-3-failure', 'docs/spec/tx-path.md#fault-order-0-failure'],
    play: (scene) => {
      const rarely = refusingMost(5, NO_PAGE);
      refuseBlocks(scene);
      intercept(scene.system.systemPages, 'alloc', (alloc) => (cpu, order) => rarely(() => alloc(cpu, order)));
      scene.machine.run();
      return `senders waited for memory, and ${scene.sent} bytes went out`;
    },
    expected: COPES,
    alsoOn: endOn(COPES, ALL_DESIGNS),
  },
  {
    name: 'slots-refused',
    about: 'two of three searches for slots find none, at any part of a packet',
    source: ['docs/spec/tx-path.md#fault-slot-search-failure'],
    machine: { design: 'bounce', sockets: { skbBytes: 65536, messageBytes: 65536 } },
    play: (scene) => {
      const rarely = refusingMost(3, NO_ADDRESS);
      const undo = intercept(
        scene.system.swiotlb,
        'alloc',
        (alloc) =>
          (...args) =>
            rarely(() => alloc(...args)),
      );
      // A packet has three parts, so each of them is refused before a packet can leave.
      scene.until('packets were put back', () => scene.mapFailures > 50);
      undo();
      scene.machine.run();
      return `${scene.mapFailures} packets were put back, and none was lost`;
    },
    expected: COPES,
    alsoOn: endOn(COPES, THAT_MAP_SLOTS),
  },
  {
    name: 'fragmented-pool',
    about: 'a driver holds one slot in every block of 32 KiB and never frees it',
    source: ['docs/spec/tx-path.md#f1-fragmentation', 'docs/spec/tx-path.md#fault-fragmentation-attack'],
    machine: { sockets: { learn: 'told' } },
    play: (scene) => {
      const percent = sendAmidstFragments(scene);
      const least = scene.mayBounce ? scene.sent - (64 << 10) : 0;
      expectThat('every byte was bounced, if any may be', scene.bounced >= least);
      return `no page could be allocated from a slot pool that was ${percent} % full`;
    },
    expected: COPES,
    alsoOn: endOn(COPES, THAT_MAP_SLOTS),
  },
  {
    name: 'fragmented-pool-single-pages',
    about: 'as fragmented-pool, and senders take single pages of the slot pool where it has no block',
    source: ['docs/spec/tx-path.md#f1-fragmentation', 'docs/spec/tx-path.md#refill-with-a-socket'],
    machine: { sockets: { learn: 'told' }, slotPool: { singleBouncePages: true } },
    play: (scene) => {
      const percent = sendAmidstFragments(scene);
      expectThat('nothing was copied a second time', scene.bounced === 0, { bounced: scene.bounced });
      return `single pages could be allocated from a slot pool that was ${percent} % full`;
    },
    expected: COPES,
  },
  {
    name: 'page-in-transient-pool',
    about: 'the slot pool is full when pages are taken, and the worker that adds slot pools is late',
    source: ['docs/spec/tx-path.md#f4-transient-pool-behind-a-lasting-page'],
    machine: {
      sockets: { sendBufferBytes: 4 << 20, messagesPerSender: 100, learn: 'told', userBufferBytes: 1 << 20 },
      network: { ackDelayNs: 1e12 },
      slotPool: { bytes: 1 << 20, growth: 'pools', growthBytes: 8 << 20 },
    },
    play: (scene) => {
      scene.unwatch(devicesAreAccounted, freesAreCounted); // they look for pages only in slot pools that stay
      intercept(scene.system.swiotlb.pools!, 'grow', () => () => NO_SLOT_POOL);
      scene.machine.run();
      return `no page was taken from a transient pool, and ${scene.bounced} of ${scene.sent} bytes were bounced`;
    },
    expected: { faithful: 'ERR_DOUBLE_FREE', hardened: 'copes' },
    alsoOn: endOn(COPES, ['txbuf', ...THAT_BOUNCE]),
  },
];
