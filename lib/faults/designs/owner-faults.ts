/** Faults of owner objects: counts of references, what one of them holds, and where their memory comes from. */
import type { OwnedBuffers } from '../../designs/owned-buffers.js';
import { type MachineOptions, mergeOptions } from '../../machine/build/config.js';
import { referencesAreAccounted } from '../../machine/check/memory-invariants.js';
import { MAX_SKB_BYTES } from '../../model-limits.js';
import { SKB_OVERHEAD } from '../../net/skb.js';
import { NO_TX_BUF } from '../../owner/tx-buf.js';
import { COPES, type Fault, FINDING } from '../scene/fault.js';
import { expectThat, intercept, type Scene, untilInFlight } from '../scene/scene.js';

const OWNERS: MachineOptions = { design: 'txbuf', sockets: { learn: 'told' } };
const IN_FLIGHT = mergeOptions(OWNERS, { devices: { completion: 'line-rate', lineBitsPerSecond: 1e6 } });
/** A send buffer of which a peer leaves exactly the last skb unacknowledged. */
const ALL_BUT_THE_LAST = Math.ceil(((MAX_SKB_BYTES + SKB_OVERHEAD + 1) * 3) / 2);
/** One block for each owner, and a send buffer of many owners. */
const MANY_OWNERS = mergeOptions(OWNERS, {
  owners: { buffers: 1 },
  sockets: { sendBufferBytes: 4 << 20, messagesPerSender: 500 },
  slotPool: { bytes: 16 << 20 },
});

function stateOf({ system }: Scene): OwnedBuffers {
  return system.designState as OwnedBuffers;
}

/** Takes turns until data have an owner. Returns that of the oldest. */
function oldestOwner(scene: Scene): number {
  const { owners } = stateOf(scene);
  scene.until('data have an owner', () => owners.oldest(0) !== NO_TX_BUF);
  return owners.oldest(0);
}

function liveOwners({ owners }: OwnedBuffers): number {
  let live = 0;
  for (let id = 0; id < owners.perSocket; id++) if (owners.isLive(id)) live++;
  return live;
}

/** Holds the oldest owner, as an skb does that was cloned for a packet capture. Returns a function that drops it. */
function hold(scene: Scene): () => void {
  const state = stateOf(scene);
  const { owners, buffers } = state;
  const id = oldestOwner(scene);
  const watchAgain = scene.unwatch(referencesAreAccounted); // it knows nothing of this holder
  owners.get(id);
  buffers.addSharer(id);
  return () => {
    buffers.dropSharer(id);
    owners.release(scene.machine.runners[0]!.cpu, id, state.memory());
    watchAgain();
  };
}

export const OWNER_FAULTS: readonly Fault[] = [
  {
    name: 'owner-put-twice',
    about: 'the last reference of an owner of payload is dropped, and then dropped again',
    source: ['docs/spec/tx-path.md#the-owner-object', 'docs/spec/tx-path.md#fault-wrong-reference-counts'],
    machine: IN_FLIGHT,
    play: (scene) => {
      const { owners } = stateOf(scene);
      const id = oldestOwner(scene);
      while (!owners.put(id));
      owners.put(id);
      return 'no check noticed';
    },
    expected: { faithful: 'ERR_DOUBLE_FREE', hardened: 'ERR_DOUBLE_FREE' },
  },
  {
    name: 'owner-reference-too-many',
    about: 'a driver takes a reference to an owner of payload and never drops it',
    source: ['docs/spec/tx-path.md#the-owner-object', 'docs/spec/tx-path.md#fault-wrong-reference-counts'],
    machine: IN_FLIGHT,
    play: (scene) => {
      stateOf(scene).owners.get(oldestOwner(scene));
      scene.machine.assertInvariants();
      return 'no check noticed';
    },
    expected: { faithful: 'ERR_INVARIANT', hardened: 'ERR_INVARIANT' },
  },
  {
    name: 'no-owner-record',
    about: 'two of three requests for an owner of payload are refused',
    source: ['docs/spec/tx-path.md#the-owner-object'],
    machine: OWNERS,
    play: (scene) => {
      let calls = 0;
      let refused = 0;
      intercept(stateOf(scene).owners, 'alloc', (alloc) => (...args) => {
        if (++calls % 3 === 0) return alloc(...args);
        refused++;
        return NO_TX_BUF;
      });
      scene.machine.run();
      expectThat('some were refused', refused > 0);
      return `senders waited for memory, and ${scene.sent} bytes went out`;
    },
    expected: COPES,
  },
  {
    name: 'one-byte-keeps-an-owner',
    about: 'of half a megabyte in the blocks of one owner, the last byte alone is not acknowledged',
    source: ['docs/spec/tx-path.md#one-interface-for-three-lifetimes', 'docs/spec/tx-path.md#the-owner-object'],
    machine: mergeOptions(OWNERS, {
      owners: { buffers: 16 },
      sockets: { sendBufferBytes: ALL_BUT_THE_LAST, messagesPerSender: 15 },
    }),
    play: (scene) => {
      const { machine, system } = scene;
      const [runner] = machine.runners;
      scene.until('the messages are sent', () => runner!.finished);
      runner!.path.send(0, scene.newTask(), system.layout.users, 1);
      scene.turns(100);
      const unacknowledged = system.sockets.sentBytes(0) - 15 * 32768;
      const kept = system.designState.blocks().length;
      machine.drain();
      expectThat(`${unacknowledged} byte keeps at most two blocks of 32 KiB; it kept ${kept}`, kept <= 2);
      return `the blocks below it were freed, and it kept ${kept}`;
    },
    expected: FINDING,
  },
  {
    name: 'old-skb-keeps-the-stream',
    about: 'an skb that was cloned for a packet capture stays for ever, and each owner of payload holds the next one',
    source: ['docs/spec/tx-path.md#the-owner-object', 'docs/spec/tx-path.md#f11-an-skb-lives-long-elsewhere'],
    machine: MANY_OWNERS,
    play: (scene) => {
      hold(scene);
      scene.until('everything is sent', () => scene.machine.runners[0]!.finished);
      return 'what was acknowledged was freed';
    },
    expected: { faithful: 'ERR_SCENE_STALLED', hardened: 'ERR_SCENE_STALLED' },
  },
  {
    name: 'long-chain-released',
    about: 'an old skb, the only one that holds a long chain of owners of payload, is released',
    source: ['docs/spec/tx-path.md#the-owner-object', 'docs/spec/tx-path.md#f11-an-skb-lives-long-elsewhere'],
    machine: mergeOptions(MANY_OWNERS, { sockets: { sendBufferBytes: 1 << 20 } }),
    play: (scene) => {
      const state = stateOf(scene);
      const release = hold(scene);
      scene.until('its chain is long', () => liveOwners(state) > state.owners.perSocket - 4);
      scene.machine.runners[0]!.exitSenders();
      scene.system.cpus.drain();
      scene.turns(200);
      const before = liveOwners(state);
      release();
      const left = liveOwners(state);
      expectThat('only what the socket fills is left', left <= 1, { before, left });
      scene.machine.drain();
      return `${before - left} owners were freed, one after the other, by one release`;
    },
    expected: COPES,
  },
  {
    name: 'block-of-another-allocator',
    about: 'a socket takes blocks of a device with a slot pool of its own, and its route changes to another device',
    source: [
      'docs/spec/tx-path.md#one-interface-for-three-lifetimes',
      'docs/spec/tx-path.md#rule-accept-only-pages-of-the-same-allocator',
    ],
    machine: mergeOptions(OWNERS, {
      devices: { count: 2, queues: 2, completion: 'line-rate', lineBitsPerSecond: 1e6 },
    }),
    play: (scene) => {
      const { devices, queues } = scene.system;
      devices.table.setAllocator(2, 1);
      devices.learned.preset(0, 2); // the route of before; socket 0 sends to device 1
      untilInFlight(scene);
      const { ring } = queues[0]!;
      for (let at = ring.dirty; at !== ring.produced(); at = (at + 1) | 0) {
        const block = scene.blockAt(ring.dma(at));
        expectThat('no device is given a block of the slot pool of another one', block?.device !== 2);
      }
      scene.machine.drain();
      return `${scene.bounced} bytes were bounced from blocks that the other device does not reach`;
    },
    expected: FINDING,
  },
];
