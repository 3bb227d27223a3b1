/** Errors in what threads do to each other: locks that are left out, and atomic steps that are taken in two. */
import { ofKind, type Plant } from '../plant.js';

const RACES = 'test/ordering/races.test.ts';
const EXPLORED = 'explore 300';

const LOCKS = ofKind('a lock left out', [
  {
    name: 'skbs are appended to a qdisc without its root lock',
    file: 'lib/net/tx-queue.ts',
    text: '    lock(cpu, this.#words, ROOT_LOCK);\n',
    replacement: '',
    finders: [RACES, 'test/net/tx-queue.test.ts', EXPLORED],
  },
  {
    name: 'the TX lock is not taken',
    file: 'lib/net/tx-queue.ts',
    text: '    lock(cpu, this.#transmitter, TX_LOCK);\n',
    replacement: '',
    finders: [RACES, 'test/net/tx-queue.test.ts', EXPLORED],
  },
  {
    name: 'the qdisc hands packets to the driver without the TX lock',
    file: 'lib/net/qdisc.ts',
    text: '    queue.lockTx(cpu);\n    const status = this.#device.startXmit(cpu, queue, skb);\n',
    replacement: '    const status = this.#device.startXmit(cpu, queue, skb);\n',
    finders: [RACES, 'test/net/qdisc.test.ts', EXPLORED],
  },
  {
    name: 'packets go past the qdisc without the TX lock',
    file: 'lib/net/qdisc.ts',
    text: '    queue.lockTx(cpu);\n    const status = queue.isPassable()',
    replacement: '    const status = queue.isPassable()',
    finders: [RACES, 'test/net/qdisc.test.ts', EXPLORED],
  },
  {
    name: 'the driver wakes a queue without the TX lock',
    file: 'lib/net/driver.ts',
    text: '    queue.lockTx(cpu);\n',
    replacement: '',
    finders: [RACES, 'test/net/driver.test.ts', EXPLORED],
  },
  {
    name: 'an area is not locked',
    file: 'lib/swiotlb/slots/area.ts',
    text: '    take(cpu, this.#words, area * STRIDE);\n',
    replacement: '    void [cpu, area];\n',
    finders: [RACES, 'test/swiotlb/slots', EXPLORED],
  },
  {
    name: 'a slot pool is linked without the lock of the list',
    file: 'lib/swiotlb/pools/slot-pool-list.ts',
    text:
      '    lock(cpu, this.#lock, 0);\n    Atomics.store(this.#words, pool * WORDS + NEXT, this.#heads[list]!);\n' +
      '    Atomics.store(this.#heads, list, pool + 1);\n    unlock(this.#lock, 0);\n',
    replacement:
      '    void cpu;\n    Atomics.store(this.#words, pool * WORDS + NEXT, this.#heads[list]!);\n' +
      '    Atomics.store(this.#heads, list, pool + 1);\n',
    finders: [RACES, 'test/swiotlb/pools', EXPLORED],
  },
  {
    name: 'a slot pool is unlinked without the lock of the list',
    file: 'lib/swiotlb/pools/slot-pool-list.ts',
    text: '    lock(cpu, this.#lock, 0);\n    const next = ',
    replacement: '    const next = ',
    finders: [RACES, 'test/swiotlb/pools', EXPLORED],
  },
  {
    name: 'records of a slot pool are taken without the lock of the list',
    file: 'lib/swiotlb/pools/slot-pool-list.ts',
    text: '    lock(cpu, this.#lock, 0);\n    let pool = begin;\n',
    replacement: '    let pool = begin;\n',
    finders: [RACES, 'test/swiotlb/pools', EXPLORED],
  },
  {
    name: 'blocks are taken from the buddy allocator without its lock',
    file: 'lib/page/buddy.ts',
    text: '    lock(cpu, this.#zone, 0);\n    for (let i = from;',
    replacement: '    for (let i = from;',
    finders: [RACES, 'test/page/buddy.test.ts', EXPLORED],
  },
  {
    name: 'a mapping gets its number without the lock of the index',
    file: 'lib/page/pool/mapping-index.ts',
    text: '    lock(cpu, this.#state, LOCK);\n    const index = this.#lowestFree();\n',
    replacement: '    const index = this.#lowestFree();\n',
    finders: [RACES, 'test/page/pool', EXPLORED],
  },
  {
    name: 'a mapping gives its number back without the lock of the index',
    file: 'lib/page/pool/mapping-index.ts',
    text: '    lock(cpu, this.#state, LOCK);\n    this.#bits[index >>> 5]! &=',
    replacement: '    this.#bits[index >>> 5]! &=',
    finders: [RACES, 'test/page/pool', EXPLORED],
  },
  {
    name: 'pages are put into a return ring without the lock of producers',
    file: 'lib/page/pool/return-ring.ts',
    text: '    lock(cpu, this.#words, LOCK);\n',
    replacement: '    void cpu;\n',
    finders: [RACES, 'test/page/pool', EXPLORED],
  },
  {
    name: 'pages are taken from a return ring without the lock of consumers',
    file: 'lib/page/pool/return-ring.ts',
    text: '    lock(cpu, this.#words, CONSUMER_LOCK);\n',
    replacement: '    void cpu;\n',
    finders: [RACES, 'test/page/pool', EXPLORED],
  },
  {
    name: 'the records of buffers of a device are not locked',
    file: 'lib/swiotlb/per-mapping/buffer-records.ts',
    text: '    lock(cpu, this.#words, this.#deviceAt(device));\n',
    replacement: '    void [cpu, device];\n',
    finders: [RACES, 'test/swiotlb/per-mapping', 'test/swiotlb/per-mapping-stress.test.ts'],
  },
  {
    name: 'an area of a checked slot pool is changed without its lock',
    file: 'lib/slots/checked-areas.ts',
    text: '    this.#lock(area);\n    let claimed = 0;\n',
    replacement: '    let claimed = 0;\n',
    finders: [RACES, 'test/slots'],
  },
  {
    name: 'the link of a peer is used without its lock',
    file: 'lib/net/peer.ts',
    text: '    lock(cpu, this.#link, LINK_LOCK);\n',
    replacement: '',
    finders: [RACES, 'test/net/peer.test.ts', EXPLORED],
  },
  {
    name: 'buffers of Linux are taken without the lock of the free list',
    file: 'lib/owner/kernel-buffers.ts',
    text: '    lock(cpu, this.#free, LOCK);\n    const count',
    replacement: '    const count',
    finders: [RACES, 'test/owner', EXPLORED],
  },
]);

const STEPS = ofKind('an atomic step taken in two', [
  {
    name: 'two CPUs may begin to run a qdisc',
    file: 'lib/net/tx-queue.ts',
    text: '    return Atomics.compareExchange(this.#words, RUN, IDLE, RUNNING) === IDLE;\n',
    replacement:
      '    const was = Atomics.load(this.#words, RUN);\n' +
      '    if (was === IDLE) Atomics.store(this.#words, RUN, RUNNING);\n    return was === IDLE;\n',
    finders: [RACES, 'test/net/tx-queue.test.ts', EXPLORED],
  },
  {
    name: 'the mark for the runner of a qdisc may be lost',
    file: 'lib/net/tx-queue.ts',
    text: '    if (Atomics.compareExchange(this.#words, RUN, RUNNING, IDLE) === RUNNING) return true;\n',
    replacement:
      '    if (Atomics.load(this.#words, RUN) === RUNNING) {\n' +
      '      Atomics.store(this.#words, RUN, IDLE);\n      return true;\n    }\n',
    finders: [RACES, 'test/net/tx-queue.test.ts', EXPLORED],
  },
  {
    name: 'two CPUs may take a spin lock',
    file: 'lib/smp/spin-lock.ts',
    text: '  if (Atomics.compareExchange(words, at, 0, cpu.id + 1) !== 0) contend(cpu, words, at);\n',
    replacement:
      '  if (Atomics.load(words, at) !== 0) contend(cpu, words, at);\n  else Atomics.store(words, at, cpu.id + 1);\n',
    finders: [RACES, 'test/smp/spin-lock.test.ts', EXPLORED],
  },
  {
    name: 'a sender may take a socket from a softirq',
    file: 'lib/net/socket-lock.ts',
    text: '    while (Atomics.compareExchange(this.#words, at, FREE, OWNED) !== FREE) wait(cpu, socket);\n',
    replacement:
      '    while (Atomics.load(this.#words, at) !== FREE) wait(cpu, socket);\n' +
      '    Atomics.store(this.#words, at, OWNED);\n',
    finders: [RACES, 'test/net/socket-lock.test.ts', EXPLORED],
  },
  {
    name: 'softirqs that are raised while others are taken are lost',
    file: 'lib/smp/cpu.ts',
    text: '    return this.pending[at] === 0 ? 0 : Atomics.exchange(this.pending, at, 0);\n',
    replacement:
      '    const mask = Atomics.load(this.pending, at);\n' +
      '    if (mask !== 0) Atomics.store(this.pending, at, 0);\n    return mask;\n',
    finders: [RACES, 'test/smp/cpu.test.ts', EXPLORED],
  },
  {
    name: 'two CPUs may drop the last reference of a page',
    file: 'lib/page/page-table.ts',
    text: '    const before = Atomics.sub(this.#words, pfn * WORDS + REFS, 1);\n',
    replacement:
      '    const before = Atomics.load(this.#words, pfn * WORDS + REFS);\n' +
      '    Atomics.store(this.#words, pfn * WORDS + REFS, before - 1);\n',
    finders: [RACES, 'test/page/page-table.test.ts', EXPLORED],
  },
  {
    name: 'two threads may free a block of a checked slot pool',
    file: 'lib/slots/block-records.ts',
    text: '    return Atomics.compareExchange(this.#bytes, slot, bytes, FREED) === bytes ? bytes : FREED;\n',
    replacement: '    Atomics.store(this.#bytes, slot, FREED);\n    return bytes;\n',
    finders: [RACES, 'test/slots'],
  },
  {
    name: 'two threads may take the lock of a checked area',
    file: 'lib/slots/area-locks.ts',
    text: '    if (Atomics.compareExchange(this.#words, at, 0, token) === 0) return this.#acquired(at, TAKEN);\n',
    replacement:
      '    if (Atomics.load(this.#words, at) === 0) {\n      Atomics.store(this.#words, at, token);\n' +
      '      return this.#acquired(at, TAKEN);\n    }\n',
    finders: [RACES, 'test/slots'],
  },
  {
    name: 'two threads may take the lock of a checked area that they wait for',
    file: 'lib/slots/area-locks.ts',
    text: '        const isMine = Atomics.compareExchange(words, at, holder, token) === holder;\n',
    replacement: '        Atomics.store(words, at, token);\n        const isMine = true;\n',
    finders: ['test/slots/area-locks.test.ts', 'test/slots'],
  },
  {
    name: 'two CPUs may unmap a page',
    file: 'lib/page/pool/mapping-index.ts',
    text: '    if (Atomics.compareExchange(this.#pages, index, pfn + 1, FREE) !== pfn + 1) return false;\n',
    replacement:
      '    if (Atomics.load(this.#pages, index) !== pfn + 1) return false;\n' +
      '    Atomics.store(this.#pages, index, FREE);\n',
    finders: [RACES, 'test/page/pool', EXPLORED],
  },
  {
    name: 'used slots that are counted at the same time are lost',
    file: 'lib/swiotlb/slots/counters.ts',
    text: '    Atomics.sub(this.#words, USED, slots);\n',
    replacement: '    this.#words[USED] = this.#words[USED]! - slots;\n',
    finders: [RACES, 'test/swiotlb/slots/counters.test.ts', EXPLORED],
  },
]);

export const CONCURRENCY: readonly Plant[] = [...LOCKS, ...STEPS];
