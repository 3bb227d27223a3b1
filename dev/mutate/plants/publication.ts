/** Errors in how a thread shows others what it has made: orders that are turned around, and stores that are plain. */
import { ofKind, type Plant } from '../plant.js';

const RACES = 'test/ordering/races.test.ts';
const IN_ONE = 'test/ordering/steps-in-one.test.ts';
const HANDOVERS = 'test/ordering/handovers.test.ts';
const EXPLORED = 'explore 300';

const ORDERS = ofKind('an order turned around', [
  {
    name: 'a slot pool is published before its link',
    file: 'lib/swiotlb/pools/slot-pool-list.ts',
    text:
      '    Atomics.store(this.#words, pool * WORDS + NEXT, this.#heads[list]!);\n' +
      '    Atomics.store(this.#heads, list, pool + 1);\n',
    replacement:
      '    const head = this.#heads[list]!;\n    Atomics.store(this.#heads, list, pool + 1);\n' +
      '    Atomics.store(this.#words, pool * WORDS + NEXT, head);\n',
    finders: [IN_ONE, RACES, 'test/swiotlb/pools', EXPLORED],
  },
  {
    name: 'an skb is published before it is in the queue',
    file: 'lib/net/tx-queue.ts',
    text: '    this.#fifo[tail & this.#mask] = skb;\n    Atomics.store(this.#words, TAIL, (tail + 1) | 0);\n',
    replacement: '    Atomics.store(this.#words, TAIL, (tail + 1) | 0);\n    this.#fifo[tail & this.#mask] = skb;\n',
    finders: [RACES, 'test/net/tx-queue.test.ts', EXPLORED],
  },
  {
    name: 'a device that is done at the doorbell says so before the ring is produced',
    file: 'lib/dma/descriptor-ring.ts',
    text: '    this.transmitter[PRODUCED] = index;\n    Atomics.store(this.#device, DONE, index);\n',
    replacement: '    Atomics.store(this.#device, DONE, index);\n    this.transmitter[PRODUCED] = index;\n',
    finders: [RACES, 'test/dma', EXPLORED],
  },
  {
    name: 'a block is recorded before its taker',
    file: 'lib/slots/block-records.ts',
    text: '    this.#taker[slot] = taker;\n    Atomics.store(this.#bytes, slot, bytes);\n',
    replacement: '    Atomics.store(this.#bytes, slot, bytes);\n    this.#taker[slot] = taker;\n',
    finders: [RACES, 'test/slots'],
  },
  {
    name: 'the number of a handle is free before the handle is removed',
    file: 'lib/slots/thread-table.ts',
    text:
      '    Atomics.store(this.#words, word + TOKEN, UNUSED);\n' +
      '    Atomics.compareExchange(this.#words, word + LISTED, listed, UNUSED);\n',
    replacement:
      '    Atomics.compareExchange(this.#words, word + LISTED, listed, UNUSED);\n' +
      '    Atomics.store(this.#words, word + TOKEN, UNUSED);\n',
    finders: ['test/slots/thread-table.test.ts', 'test/slots'],
  },
  {
    name: 'a trial starts before its time is known',
    file: 'lib/machine/run/trial.ts',
    text: '      this.#start[0] = list.clock();\n      Atomics.store(this.#words, STARTED, 1);\n',
    replacement: '      Atomics.store(this.#words, STARTED, 1);\n      this.#start[0] = list.clock();\n',
    finders: [RACES],
  },
  {
    name: 'a queue is seen stopped only after its room was looked at',
    file: 'lib/net/byte-queue-limit.ts',
    text:
      '    Atomics.store(state, STOPPED, 1);\n' +
      '    // The poll may have raised the allowance without having seen the stop.\n' +
      '    if (this.dynamic.availableNow() >= 0) return Atomics.exchange(state, STOPPED, 0) === 1;\n',
    replacement:
      '    if (this.dynamic.availableNow() >= 0) return Atomics.exchange(state, STOPPED, 0) === 1;\n' +
      '    Atomics.store(state, STOPPED, 1);\n',
    finders: [RACES, 'test/net/byte-queue-limit.test.ts', EXPLORED],
  },
  {
    name: 'the memory of a transient pool is reused before its readers are gone',
    file: 'lib/swiotlb/pools/growing-slot-pools.ts',
    text: '    this.#epochs.synchronize(cpu);\n    this.growth?.release(cpu, index);\n',
    replacement: '    this.growth?.release(cpu, index);\n    this.#epochs.synchronize(cpu);\n',
    finders: [HANDOVERS, RACES, 'test/swiotlb/pools', EXPLORED],
  },
  {
    name: 'transient pools are walked before the epoch is announced',
    file: 'lib/swiotlb/pools/growing-slot-pools.ts',
    text: '    this.#epochs.enter(cpu);\n    let pool = list.first(listOf(device));\n',
    replacement: '    let pool = list.first(listOf(device));\n    this.#epochs.enter(cpu);\n',
    finders: [HANDOVERS, RACES, 'test/swiotlb/pools', EXPLORED],
  },
  {
    name: 'pages are returned to producers oldest first',
    file: 'lib/page/pool/return-ring.ts',
    text: 'for (let at = last; at >= tail; at--) Atomics.store(this.#queue, at, EMPTY);',
    replacement: 'for (let at = tail; at <= last; at++) Atomics.store(this.#queue, at, EMPTY);',
    finders: [RACES, 'test/page/pool', EXPLORED],
  },
]);

const PLAIN = ofKind('a plain access where an atomic one is due', [
  {
    name: 'a slot pool is published by a plain store',
    file: 'lib/swiotlb/pools/slot-pool-list.ts',
    text: '    Atomics.store(this.#heads, list, pool + 1);\n',
    replacement: '    this.#heads[list] = pool + 1;\n',
    finders: [RACES, 'test/swiotlb/pools'],
  },
  {
    name: 'the first slot pool is found by a plain load',
    file: 'lib/swiotlb/pools/slot-pool-list.ts',
    text: '    return Atomics.load(this.#heads, list) - 1;\n',
    replacement: '    return this.#heads[list]! - 1;\n',
    finders: [RACES, 'test/swiotlb/pools'],
  },
  {
    name: 'a device is said to use bounce memory by a plain store',
    file: 'lib/swiotlb/pools/growing-slot-pools.ts',
    text: '    if (slot !== NO_SLOT) Atomics.store(this.#uses, device.index ?? 0, 1);\n',
    replacement: '    if (slot !== NO_SLOT) this.#uses[device.index ?? 0] = 1;\n',
    finders: [RACES, 'test/swiotlb/pools'],
  },
  {
    name: 'the doorbell is a plain store',
    file: 'lib/dma/descriptor-ring.ts',
    text: '    Atomics.store(this.transmitter, PRODUCED, index);\n',
    replacement: '    this.transmitter[PRODUCED] = index;\n',
    finders: [RACES, 'test/dma'],
  },
  {
    name: 'the doorbell of a device that is done at it is a plain store',
    file: 'lib/dma/descriptor-ring.ts',
    text: '    this.transmitter[PRODUCED] = index;\n    Atomics.store(this.#device, DONE, index);\n',
    replacement: '    this.transmitter[PRODUCED] = index;\n    this.#device[DONE] = index;\n',
    finders: [RACES, 'test/dma'],
  },
  {
    name: 'the device says by a plain store what it has read',
    file: 'lib/dma/descriptor-ring.ts',
    text: '  complete(index: number): void {\n    Atomics.store(this.#device, DONE, index);\n',
    replacement: '  complete(index: number): void {\n    this.#device[DONE] = index;\n',
    finders: [RACES, 'test/dma'],
  },
  {
    name: 'the poll says by a plain store what it has cleaned',
    file: 'lib/dma/descriptor-ring.ts',
    text: '    Atomics.store(this.cleaner, CLEANED, index);\n',
    replacement: '    this.cleaner[CLEANED] = index;\n',
    finders: [RACES, 'test/dma'],
  },
  {
    name: 'the sole holder of a page is found by a plain load alone',
    file: 'lib/page/page-table.ts',
    text: 'REFS] === 1 && this.refs(pfn) === 1;\n',
    replacement: 'REFS] === 1;\n',
    finders: [HANDOVERS, RACES, 'test/page/page-table.test.ts'],
  },
  {
    name: 'the sole holder of an owner is found by a plain load alone',
    file: 'lib/owner/tx-buf.ts',
    text: 'REFS] === 1 && this.refs(id) === 1;\n',
    replacement: 'REFS] === 1;\n',
    finders: [HANDOVERS, 'test/owner/tx-buf.test.ts'],
  },
  {
    name: 'the runner of a qdisc finds its end by a plain load',
    file: 'lib/net/tx-queue.ts',
    text: '    if (head === Atomics.load(this.#words, TAIL)) return NO_SKB;\n',
    replacement: '    if (head === this.#words[TAIL]) return NO_SKB;\n',
    finders: [HANDOVERS, RACES, 'test/net/tx-queue.test.ts'],
  },
  {
    name: 'an skb is appended by a plain store',
    file: 'lib/net/tx-queue.ts',
    text: '    Atomics.store(this.#words, TAIL, (tail + 1) | 0);\n',
    replacement: '    this.#words[TAIL] = (tail + 1) | 0;\n',
    finders: [HANDOVERS, RACES, 'test/net/tx-queue.test.ts'],
  },
  {
    name: 'a spin lock is released by a plain store',
    file: 'lib/smp/spin-lock.ts',
    text: '  Atomics.store(words, at, 0);\n',
    replacement: '  words[at] = 0;\n',
    finders: [RACES, 'test/smp/spin-lock.test.ts'],
  },
  {
    name: 'a socket is released by a plain store',
    file: 'lib/net/socket-lock.ts',
    text: '    Atomics.store(this.#words, socket * this.#stride + this.#at, FREE);\n',
    replacement: '    this.#words[socket * this.#stride + this.#at] = FREE;\n',
    finders: [RACES, 'test/net/socket-lock.test.ts'],
  },
  {
    name: 'an skb is freed by a plain store',
    file: 'lib/net/skb.ts',
    text: '    Atomics.store(this.#words, skb * STRIDE + IN_USE, 0);\n',
    replacement: '    this.#words[skb * STRIDE + IN_USE] = 0;\n',
    finders: [HANDOVERS, RACES, 'test/net/skb.test.ts'],
  },
  {
    name: 'an acknowledgement is a plain store',
    file: 'lib/net/socket.ts',
    text: '    Atomics.store(this.#words, socket * STRIDE + ACKED, ordinal);\n',
    replacement: '    this.#words[socket * STRIDE + ACKED] = ordinal;\n',
    finders: [HANDOVERS, RACES, 'test/net/socket.test.ts'],
  },
  {
    name: 'the allowance of a queue is a plain store',
    file: 'lib/dma/dynamic-queue-limit.ts',
    text: '    Atomics.store(cleaner, ALLOWED, (completed + next) | 0);\n',
    replacement: '    cleaner[ALLOWED] = (completed + next) | 0;\n',
    finders: [RACES, 'test/dma'],
  },
  {
    name: 'a page is put into a return ring by a plain store',
    file: 'lib/page/pool/return-ring.ts',
    text: '    Atomics.store(this.#queue, at, pfn + 1);\n',
    replacement: '    this.#queue[at] = pfn + 1;\n',
    finders: ['test/ordering/shared-tables.test.ts', RACES, 'test/page/pool'],
  },
  {
    name: 'the lock of a checked area is released by a plain store',
    file: 'lib/slots/area-locks.ts',
    text: '    Atomics.store(this.#words, area * STRIDE, 0);\n',
    replacement: '    this.#words[area * STRIDE] = 0;\n',
    finders: [RACES, 'test/slots'],
  },
]);

export const PUBLICATION: readonly Plant[] = [...ORDERS, ...PLAIN];
