/** Calls of two CPUs on sockets, queues and devices. */
import { DeviceTable } from '../../../lib/device/device-table.js';
import { DescriptorRing } from '../../../lib/dma/descriptor-ring.js';
import { CLEANER_WORDS } from '../../../lib/dma/dynamic-queue-limit.js';
import { ByteQueueLimit } from '../../../lib/net/byte-queue-limit.js';
import { LearnedDevices } from '../../../lib/net/learned-device.js';
import { SkbTable } from '../../../lib/net/skb.js';
import { SocketLocks } from '../../../lib/net/socket-lock.js';
import { TxQueue } from '../../../lib/net/tx-queue.js';
import { PercentLimit } from '../../../lib/page/percent-limit.js';
import type { Cpu } from '../../../lib/smp/cpu.js';
import type { Swiotlb } from '../../../lib/swiotlb/swiotlb.js';
import { inArena } from '../../smp/fixtures/cpus.js';
import { FIRST, fresh, type Scenes, SECOND } from './scenes.js';

const DEVICES = 3;

/** What one socket learns of three devices; `state`: the references to each of them. */
function learnedRig() {
  const { devices, limit, learned } = inArena((arena) => {
    const devices = new DeviceTable(arena, DEVICES);
    const limit = new PercentLimit(arena, 'hardened', { slots: 1000 } as Swiotlb, 1);
    const config = { sockets: 1, flavour: 'hardened' as const, ttlMs: 1e9 };
    return { devices, limit, learned: new LearnedDevices(arena, config, devices, limit) };
  });
  devices.reset();
  limit.reset(90);
  learned.reset();
  const all = Array.from({ length: DEVICES }, (_, at) => at + 1);
  return { learned, state: () => all.map((device) => [devices.refs(device), learned.holds(device)]) };
}

/** Teaches the socket as while its packet is given to the device. */
function teach(learned: LearnedDevices, cpu: Cpu, device: number): void {
  cpu.txDevice = device;
  learned.teach(cpu, 0, device);
}

export const NETWORK: Scenes = {
  'drops of the references to the data of an skb': () => {
    const skbs = fresh((arena) => new SkbTable(arena, 2, 0x10000));
    skbs.init(1, 0);
    skbs.clone(1);
    return { first: () => skbs.putDataref(1), second: () => skbs.putDataref(1), end: () => skbs.dataref(1) };
  },
  'the release of a socket and work of a softirq for it': () => {
    const locks = new SocketLocks(new Int32Array(new SharedArrayBuffer(64)), 8, 3);
    locks.lockSock(FIRST, 0);
    return {
      first: () => locks.releaseSock(0),
      second: () => locks.bhLockOrBacklog(SECOND, 0),
      end: () => locks.bhLockOrBacklog(FIRST, 1),
    };
  },
  'takes of references of a device': () => {
    const devices = fresh((arena) => new DeviceTable(arena, 2, 2));
    return { first: () => devices.get(1), second: () => devices.get(1), end: () => devices.refs(1) };
  },
  'drops of references of a device': () => {
    const devices = fresh((arena) => new DeviceTable(arena, 2, 2));
    devices.get(1);
    const end = () => [devices.refs(1), devices.deferred(1)];
    return { first: () => devices.put(1), second: () => devices.put(1), end };
  },
  'removals of a device': () => {
    const devices = fresh((arena) => new DeviceTable(arena, 2, 2));
    devices.get(1);
    const end = () => [devices.refs(1), devices.deferred(1)];
    return { first: () => devices.remove(1), second: () => devices.remove(1), end };
  },
  'the deferred drops of a device and one more': () => {
    const devices = fresh((arena) => new DeviceTable(arena, 2, 2));
    devices.put(1);
    for (let reference = 0; reference < 3; reference++) devices.get(1);
    const end = () => [devices.refs(1), devices.deferred(1)];
    return { first: () => devices.runDeferred(), second: () => devices.put(1), end };
  },
  'work of a softirq for a socket and its release': () => {
    const locks = new SocketLocks(new Int32Array(new SharedArrayBuffer(64)), 8, 3);
    locks.lockSock(FIRST, 0);
    const second = () => locks.releaseSock(0);
    return { first: () => locks.bhLockOrBacklog(FIRST, 0), second, end: () => locks.releaseSock(0) };
  },
  'the mark for the runner of a qdisc and its end': () => {
    const queue = fresh((arena) => new TxQueue(arena, 0, 8, new DescriptorRing(arena, 64)));
    queue.beginOrMark();
    return { first: () => queue.beginOrMark(), second: () => queue.tryEnd(), end: () => queue.isIdle() };
  },
  'the lesson that a socket reads and the next one': () => {
    const { learned, state } = learnedRig();
    teach(learned, FIRST, 1);
    return { first: () => learned.usable(FIRST, 0), second: () => teach(learned, SECOND, 2), end: state };
  },
  'lessons of a socket': () => {
    const { learned, state } = learnedRig();
    teach(learned, FIRST, 3);
    return { first: () => teach(learned, FIRST, 1), second: () => teach(learned, SECOND, 2), end: state };
  },
  'the lesson that a socket forgets and the next one': () => {
    const { learned, state } = learnedRig();
    teach(learned, FIRST, 1);
    return { first: () => learned.forget(0), second: () => teach(learned, SECOND, 2), end: state };
  },
  'the flags of a socket': () => {
    const { learned, state } = learnedRig();
    const end = () => [learned.isPrivate(0), teach(learned, FIRST, 1), ...state()];
    return { first: () => learned.keepPrivate(0), second: () => learned.exclude(0), end };
  },
  'wakes of a queue below its limit': () => {
    const lines = inArena((arena) => ({
      transmitter: arena.int32(4),
      cleaner: arena.int32(CLEANER_WORDS),
      state: arena.int32(1),
    }));
    const limit = new ByteQueueLimit(lines, true);
    limit.reset();
    limit.charge(100);
    limit.complete(100, 1);
    return { first: () => limit.wake(), second: () => limit.wake(), end: () => limit.seemsStopped() };
  },
};
