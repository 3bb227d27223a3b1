/** Faults of the use of the slot pool: what sockets leave of it to each other, and to other devices. */
import { type MachineOptions, mergeOptions } from '../machine/build/config.js';
import { referencesAreAccounted, slotsAreAccounted } from '../machine/check/memory-invariants.js';
import { PAGE_SIZE } from '../units.js';
import { mapSlots, unmapSlots } from './scene/bystander.js';
import { ALL_DESIGNS, endOn, THAT_HOLD_SLOTS } from './scene/design-groups.js';
import { COPES, type Fault, FINDING } from './scene/fault.js';
import { expectThat, type Scene, silence } from './scene/scene.js';

/** The faithful flavour stops for ever. */
const STALLS = { faithful: 'ERR_STALLED', hardened: 'copes' } as const;
/** In the faithful flavour what another socket was to send never arrives. */
const OTHER_WAITS = { faithful: 'ERR_SCENE_STALLED', hardened: 'copes' } as const;
/** A send buffer larger than the slot pool, of which nothing is acknowledged. */
const HOARDING: MachineOptions = {
  sockets: { sendBufferBytes: 4 << 20, messagesPerSender: 100, learn: 'told', userBufferBytes: 1 << 20 },
  network: { ackDelayNs: 1e12 },
  slotPool: { bytes: 1 << 20 },
};

/**
 * Maps, for a disk, the tenth of the slot pool that pages leave, less what headers and a bounced packet may hold.
 * Returns the number of slots.
 */
function mapTenth(scene: Scene): number {
  const tenth = Math.floor(scene.system.swiotlb.slots / 10) - 16;
  const got = mapSlots(scene, tenth);
  unmapSlots(scene, got);
  expectThat(`a disk gets ${tenth} slots of its tenth of the slot pool; it got ${got.length}`, got.length === tenth);
  return tenth;
}

/** Returns the pages of the slot pool that data of the socket keep. */
function keptBy(scene: Scene, socket: number): Set<number> {
  const { skbs, pages } = scene.system;
  const kept = new Set<number>();
  for (let skb = 0; skb < skbs.count; skb++) {
    if (skbs.isFree(skb) || skbs.socket(skb) !== socket) continue;
    for (let frag = 0; frag < skbs.frags(skb); frag++) {
      const pfn = skbs.fragPfn(skb, frag);
      if (scene.isInSlotPool(pfn * PAGE_SIZE)) kept.add(pages.headOf(pfn));
    }
  }
  return kept;
}

export const SLOT_POOL_FAULTS: readonly Fault[] = [
  {
    name: 'pool-shared-with-a-disk',
    about:
      'while sockets fill their send buffers with pages of the slot pool, a disk maps what the percentage leaves it',
    source: [
      'docs/spec/tx-path.md#f2-starvation-of-the-slot-pool',
      'docs/spec/tx-path.md#fault-exhaustion-by-a-second-device',
    ],
    machine: HOARDING,
    play: (scene) => {
      scene.turns(100);
      const slots = mapTenth(scene);
      scene.machine.drain();
      return `a disk got its ${slots} slots of a slot pool that sockets would have filled`;
    },
    expected: FINDING,
    alsoOn: { ...endOn(COPES, ALL_DESIGNS), ...endOn(FINDING, THAT_HOLD_SLOTS) },
  },
  {
    name: 'disk-fills-the-pool',
    about: 'a disk has mapped 60 % of the slot pool before sockets fill their send buffers',
    source: [
      'docs/spec/tx-path.md#f2-starvation-of-the-slot-pool',
      'docs/spec/tx-path.md#fault-exhaustion-by-a-second-device',
    ],
    machine: HOARDING,
    play: (scene) => {
      const { slots } = scene.system.swiotlb;
      const watchAgain = scene.unwatch(slotsAreAccounted);
      const mapped = mapSlots(scene, Math.floor((slots * 6) / 10));
      scene.turns(100);
      const more = mapTenth(scene);
      unmapSlots(scene, mapped);
      watchAgain();
      scene.machine.drain();
      return `pages yielded: a disk with ${mapped.length} of ${slots} slots got ${more} more`;
    },
    expected: FINDING,
    alsoOn: endOn(FINDING, THAT_HOLD_SLOTS),
  },
  {
    name: 'pool-taken-whole',
    about: 'a sender fills a send buffer larger than the slot pool, and its headers need slots of it as well',
    source: ['docs/spec/tx-path.md#f2-starvation-of-the-slot-pool'],
    machine: mergeOptions(HOARDING, {
      sockets: { messagesPerSender: 200, smallQueueBytes: 1 },
      network: { ackDelayNs: 0 },
    }),
    play: (scene) => {
      scene.machine.run();
      return `${scene.bounced} of ${scene.sent} bytes were bounced instead`;
    },
    expected: STALLS,
    alsoOn: endOn(STALLS, THAT_HOLD_SLOTS),
  },
  {
    name: 'limit-overrun',
    about: 'pages are taken faster than the count of used slots is refreshed',
    source: ['docs/spec/tx-path.md#the-limit-is-soft', 'docs/spec/tx-path.md#fault-clock-stall-and-jump'],
    machine: mergeOptions(HOARDING, {
      sockets: { messagesPerSender: 200, userBufferBytes: 256 << 10 },
      slotPool: { bytes: 4 << 20, pagePercent: 30 },
    }),
    play: (scene) => {
      scene.isTicking = false;
      scene.turns(200);
      const { swiotlb } = scene.system;
      const used = Math.round((100 * swiotlb.used()) / swiotlb.slots);
      scene.isTicking = true;
      scene.machine.drain();
      expectThat(`pages take at most 30 % of the slot pool; they took ${used} %`, used <= 30);
      return `pages took ${used} % of the slot pool, of 30 % allowed`;
    },
    expected: FINDING,
    alsoOn: endOn(FINDING, THAT_HOLD_SLOTS),
  },
  {
    name: 'limit-looked-up',
    about: 'pages are taken while the clock jumps, so that the count of used slots is refreshed for each of them',
    source: ['docs/spec/tx-path.md#the-limit-is-soft', 'docs/spec/tx-path.md#fault-clock-stall-and-jump'],
    machine: mergeOptions(HOARDING, {
      sockets: { messageBytes: 4096, messagesPerSender: 1600, userBufferBytes: 256 << 10 },
      slotPool: { bytes: 4 << 20, pagePercent: 30 },
    }),
    play: (scene) => {
      const { swiotlb } = scene.system;
      for (let turn = 0; turn < 1500; turn++) {
        scene.now += 20e6;
        scene.turns(1);
      }
      const used = (100 * swiotlb.used()) / swiotlb.slots;
      expectThat('pages take what the percentage allows, and not more', used > 20 && used < 32, { used });
      scene.machine.drain();
      return `pages took ${Math.round(used)} % of the slot pool, of 30 % allowed`;
    },
    expected: COPES,
    alsoOn: endOn(COPES, THAT_HOLD_SLOTS),
  },
  {
    name: 'peer-never-acknowledges',
    about: 'one receiver never acknowledges, so everything that was sent to it keeps its slots',
    source: ['docs/spec/tx-path.md#f2-starvation-of-the-slot-pool'],
    machine: mergeOptions(HOARDING, { sockets: { senders: 2 }, network: { ackDelayNs: 0 }, devices: { queues: 2 } }),
    play: (scene) => {
      const undo = silence(scene, 0);
      scene.until('the other sender is finished', () => scene.system.peers.receivedBytes(1) >= 100 * 32768);
      undo();
      const { bounced, sent } = scene;
      scene.machine.drain();
      expectThat('data that found no page were bounced', bounced > 0 || !scene.mayBounce);
      return `the other sender went on, and ${bounced} of the ${sent} bytes of both were bounced instead`;
    },
    expected: OTHER_WAITS,
    alsoOn: { ...endOn(COPES, ALL_DESIGNS), ...endOn(OTHER_WAITS, THAT_HOLD_SLOTS) },
  },
  {
    name: 'loopback-never-read',
    about: 'a task writes to the network and, a little at a time, to a loopback socket whose receiver never reads',
    source: [
      'docs/spec/tx-path.md#f11-an-skb-lives-long-elsewhere',
      'docs/spec/tx-path.md#fault-receiver-that-never-reads',
    ],
    // As on loopback: a device that reaches all memory maps no slots, and its packets are kept until they are read.
    machine: mergeOptions(HOARDING, {
      sockets: { senders: 2, messagesPerSender: 0 },
      network: { ackDelayNs: 0 },
      devices: { count: 2, direct: 1, queues: 2 },
    }),
    play: (scene) => {
      const { layout, sockets } = scene.system;
      const { cpu, path } = scene.machine.runners[0]!;
      const frag = scene.newTask();
      scene.unwatch(referencesAreAccounted); // it knows nothing of this task
      const undo = silence(scene, 1);
      for (let write = 0; write < 60; write++) {
        path.send(0, frag, layout.users, 20_000);
        path.send(1, frag, layout.users, 100);
        scene.turns(3);
      }
      const unread = sockets.sentBytes(1);
      const kept = keptBy(scene, 1).size;
      undo();
      frag.drop(cpu);
      scene.machine.drain();
      expectThat(`data that are never read keep no page of the slot pool; ${unread} bytes kept ${kept}`, kept === 0);
      return `${unread} bytes that were never read kept no page of the slot pool`;
    },
    expected: FINDING,
    alsoOn: { ...endOn(STALLS, ['page-pool']), ...endOn(COPES, ['txbuf']) },
  },
];
