/** Faults of memory: pages and slots that cannot be had, or are all taken. */
import { FRAG_ORDER } from '../../page/page-source.js';
import { NO_PAGE } from '../../page/page-table.js';
import { NO_ADDRESS } from '../../swiotlb/swiotlb.js';
import { SLOT_SIZE } from '../../units.js';
import type { Fault } from './fault.js';
import { expectThat, intercept, type Scene } from './scene.js';

/** One call in `period` is let through. */
function mostly<Answer>(period: number, refusal: Answer) {
  let calls = 0;
  return (answer: () => Answer) => (++calls % period === 0 ? answer() : refusal);
}

const BYSTANDER = { minAlignMask: 0, segmentBoundaryMask: Infinity };

/** Slots that somebody else maps, one by one, until `enough` or until there are none. */
function mapSlots({ system, machine }: Scene, enough: number): number[] {
  const got: number[] = [];
  while (got.length < enough) {
    const address = system.swiotlb.alloc(BYSTANDER, 4096, SLOT_SIZE, 0, machine.runners[0]!.cpu);
    if (address === NO_ADDRESS) break;
    got.push(address);
  }
  return got;
}

function unmapSlots({ system, machine }: Scene, addresses: readonly number[]): void {
  for (const address of addresses) system.swiotlb.free(BYSTANDER, address, machine.runners[0]!.cpu);
}

export const MEMORY_FAULTS: readonly Fault[] = [
  {
    name: 'no-large-pages',
    about: 'no block of 32 KiB can be had, neither ordinary nor of the bounce pool',
    source: 'section 9, order-3 failure',
    play: (scene) => {
      const { swiotlb, systemPages } = scene.system;
      intercept(swiotlb, 'allocLasting', () => () => NO_ADDRESS);
      intercept(systemPages, 'alloc', (alloc) => (cpu, order) => (order === FRAG_ORDER ? NO_PAGE : alloc(cpu, order)));
      scene.machine.run();
      expectThat('every byte was copied a second time', scene.bounced === scene.sent);
      return `${scene.sent} bytes went out from single pages`;
    },
    expected: { faithful: 'copes', hardened: 'copes' },
  },
  {
    name: 'hardly-any-pages',
    about: 'most requests for pages of any size are refused',
    source: 'section 9, order-0 failure',
    play: (scene) => {
      const { swiotlb, systemPages } = scene.system;
      const rarely = mostly(5, NO_PAGE);
      intercept(swiotlb, 'allocLasting', () => () => NO_ADDRESS);
      intercept(systemPages, 'alloc', (alloc) => (cpu, order) => rarely(() => alloc(cpu, order)));
      scene.machine.run();
      return `senders waited for memory, and ${scene.sent} bytes went out`;
    },
    expected: { faithful: 'copes', hardened: 'copes' },
  },
  {
    name: 'slots-refused',
    about: 'most searches for slots find none, at any part of a packet',
    source: 'section 9, slot search failure; mapping error in the n-th fragment',
    machine: { design: 'bounce', gso: 65536, message: 65536 },
    play: (scene) => {
      const rarely = mostly(3, NO_ADDRESS);
      intercept(
        scene.system.swiotlb,
        'alloc',
        (alloc) =>
          (...args) =>
            rarely(() => alloc(...args)),
      );
      // A packet has three parts, so that each of them is refused before one packet can go.
      scene.until('packets were put back', () => scene.mapFailures > 50);
      Reflect.deleteProperty(scene.system.swiotlb, 'alloc');
      scene.machine.run();
      return `${scene.mapFailures} packets were put back, and none was lost`;
    },
    expected: { faithful: 'copes', hardened: 'copes' },
  },
  {
    name: 'fragmented-pool',
    about: 'somebody holds one slot in every block of 32 KiB for ever',
    source: 'F1',
    machine: { learn: 'told' },
    play: (scene) => {
      // The first slot of one block and the last of the next: 16 slots in a row are free, but no block is.
      const isHeld = (address: number) => [0, 31].includes(Math.floor(address / SLOT_SIZE) % 32);
      const all = mapSlots(scene, Infinity);
      const held = all.filter(isHeld);
      unmapSlots(
        scene,
        all.filter((address) => !isHeld(address)),
      );
      const used = scene.system.swiotlb.used();
      const watchAgain = scene.unwatch();
      scene.until('everything is sent', () => scene.machine.runners.every((runner) => runner.finished));
      expectThat('every byte was copied a second time', scene.bounced >= scene.sent - (64 << 10));
      unmapSlots(scene, held);
      watchAgain();
      scene.machine.drain();
      return `no page could be had of a pool that was ${Math.round((100 * used) / scene.system.swiotlb.slots)} % full`;
    },
    expected: { faithful: 'copes', hardened: 'copes' },
  },
  {
    name: 'pool-shared-with-a-disk',
    about: 'while sockets fill their windows with pages of the pool, a disk maps what the percentage leaves it',
    source: 'F2; section 9, exhaustion by a second device',
    machine: {
      pool: 1 << 20,
      window: 4 << 20,
      ackDelayNs: 1e12,
      messagesPerSender: 100,
      learn: 'told',
      userBytes: 1 << 20,
    },
    play: (scene) => {
      scene.turns(100);
      const { slots } = scene.system.swiotlb;
      const share = Math.floor(slots / 10) - 16; // its tenth, less what headers and a bounced packet may be holding
      const got = mapSlots(scene, share);
      unmapSlots(scene, got);
      expectThat(`a disk gets ${share} slots of its tenth of the pool; it got ${got.length}`, got.length === share);
      scene.machine.drain();
      return `a disk got its ${share} slots of a pool that sockets would have filled`;
    },
    expected: { faithful: 'ERR_UNBALANCED', hardened: 'copes' },
  },
  {
    name: 'pool-taken-whole',
    about: 'a sender fills a window that is larger than the pool, and its headers need slots of the pool as well',
    source: 'F2, section 2.14',
    machine: {
      pool: 1 << 20,
      window: 4 << 20,
      messagesPerSender: 200,
      learn: 'told',
      userBytes: 1 << 20,
      smallQueue: 1,
    },
    play: (scene) => {
      scene.machine.run();
      return `${scene.bounced} of ${scene.sent} bytes fell back to bouncing`;
    },
    expected: { faithful: 'ERR_STALLED', hardened: 'copes' },
  },
  {
    name: 'limit-overrun',
    about: 'pages are taken faster than the count of used slots is refreshed',
    source: 'section 2.7',
    machine: { pool: 4 << 20, window: 4 << 20, ackDelayNs: 1e12, messagesPerSender: 200, learn: 'told', percent: 30 },
    play: (scene) => {
      scene.isTicking = false;
      scene.turns(200);
      const { swiotlb } = scene.system;
      const used = Math.round((100 * swiotlb.used()) / swiotlb.slots);
      scene.isTicking = true;
      scene.machine.drain();
      expectThat(`pages take at most 30 % of the pool; they took ${used} %`, used <= 30);
      return `pages took ${used} % of the pool, of 30 % allowed`;
    },
    expected: { faithful: 'ERR_UNBALANCED', hardened: 'copes' },
  },
];
