/** Errors in what threads do to each other: locks of tables of slots, pages and owners that are left out. */
import { ofKind } from '../plant.js';

const RACES = 'test/ordering/races.test.ts';
const TABLES = 'test/ordering/shared-tables.test.ts';
const EXPLORED = 'explore 300';

export const TABLE_LOCKS = ofKind('a lock left out', [
  {
    name: 'an area is not locked',
    file: 'lib/swiotlb/slots/area.ts',
    text: '    take(cpu, this.#words, area * STRIDE);\n',
    replacement: '    void [cpu, area];\n',
    finders: [TABLES, RACES, 'test/swiotlb/slots', EXPLORED],
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
    finders: [TABLES, RACES, 'test/swiotlb/pools', EXPLORED],
  },
  {
    name: 'a slot pool is unlinked without the lock of the list',
    file: 'lib/swiotlb/pools/slot-pool-list.ts',
    text: '    lock(cpu, this.#lock, 0);\n    const next = ',
    replacement: '    const next = ',
    finders: [TABLES, RACES, 'test/swiotlb/pools', EXPLORED],
  },
  {
    name: 'records of a slot pool are taken without the lock of the list',
    file: 'lib/swiotlb/pools/slot-pool-list.ts',
    text: '    lock(cpu, this.#lock, 0);\n    let pool = begin;\n',
    replacement: '    let pool = begin;\n',
    finders: [TABLES, RACES, 'test/swiotlb/pools', EXPLORED],
  },
  {
    name: 'blocks are given back to the buddy allocator without its lock',
    file: 'lib/page/buddy.ts',
    text: '    lock(cpu, this.#zone, 0);\n    for (let i = from;',
    replacement: '    for (let i = from;',
    finders: [TABLES, RACES, 'test/page/buddy.test.ts', EXPLORED],
  },
  {
    name: 'a mapping gets its number without the lock of the index',
    file: 'lib/page/pool/mapping-index.ts',
    text: '    lock(cpu, this.#state, LOCK);\n    const index = this.#lowestFree();\n',
    replacement: '    const index = this.#lowestFree();\n',
    finders: [TABLES, RACES, 'test/page/pool', EXPLORED],
  },
  {
    name: 'a mapping gives its number back without the lock of the index',
    file: 'lib/page/pool/mapping-index.ts',
    text: '    lock(cpu, this.#state, LOCK);\n    this.#bits[index >>> 5]! &=',
    replacement: '    this.#bits[index >>> 5]! &=',
    finders: [TABLES, RACES, 'test/page/pool', EXPLORED],
  },
  {
    name: 'pages are put into a return ring without the lock of producers',
    file: 'lib/page/pool/return-ring.ts',
    text: '    lock(cpu, this.#words, LOCK);\n',
    replacement: '    void cpu;\n',
    finders: [TABLES, RACES, 'test/page/pool', EXPLORED],
  },
  {
    name: 'pages are taken from a return ring without the lock of consumers',
    file: 'lib/page/pool/return-ring.ts',
    text: '    lock(cpu, this.#words, CONSUMER_LOCK);\n',
    replacement: '    void cpu;\n',
    finders: [TABLES, RACES, 'test/page/pool', EXPLORED],
  },
  {
    name: 'the records of buffers of a device are not locked',
    file: 'lib/swiotlb/per-mapping/buffer-records.ts',
    text: '    lock(cpu, this.#words, this.#deviceAt(device));\n',
    replacement: '    void [cpu, device];\n',
    finders: [TABLES, RACES, 'test/swiotlb/per-mapping', 'test/swiotlb/per-mapping-stress.test.ts'],
  },
  {
    name: 'buffers of Linux are taken without the lock of the free list',
    file: 'lib/owner/kernel-buffers.ts',
    text: '    lock(cpu, this.#free, LOCK);\n    const count',
    replacement: '    const count',
    finders: [TABLES, RACES, 'test/owner', EXPLORED],
  },
  {
    name: 'blocks are taken from the buddy allocator without its lock',
    file: 'lib/page/buddy.ts',
    text: '    lock(cpu, this.#zone, 0);\n    let got = 0;\n',
    replacement: '    let got = 0;\n',
    finders: [TABLES, 'test/page/buddy.test.ts'],
  },
  {
    name: 'an object of a slab is freed without the lock of the free list',
    file: 'lib/owner/kernel-buffers.ts',
    text: '    lock(cpu, this.#free, LOCK);\n    this.#push(object);\n',
    replacement: '    this.#push(object);\n',
    finders: [TABLES, 'test/owner'],
  },
  {
    name: 'sends of a socket complete without the lock of its notifications',
    file: 'lib/owner/completions.ts',
    text: '    lock(cpu, words, at + LOCK);\n    words[at + COMPLETED]',
    replacement: '    words[at + COMPLETED]',
    finders: [TABLES, 'test/owner'],
  },
  {
    name: 'a notification is read without the lock of its socket',
    file: 'lib/owner/completions.ts',
    text: '    lock(cpu, words, at + LOCK);\n    const note',
    replacement: '    const note',
    finders: [TABLES, 'test/owner'],
  },
  {
    name: 'a page is put into a return ring without its lock',
    file: 'lib/page/pool/page-cycle.ts',
    text: '    this.ring.lock(cpu);\n    const isKept = this.ring.produce(pfn);\n',
    replacement: '    const isKept = this.ring.produce(pfn);\n',
    finders: [TABLES, 'test/page/pool'],
  },
  {
    name: 'pages are put together into a return ring without its lock',
    file: 'lib/page/pool/page-cycle.ts',
    text: '    this.ring.lock(cpu);\n    while',
    replacement: '    while',
    finders: [TABLES, 'test/page/pool'],
  },
  {
    name: 'a cache is refilled from a return ring without its lock',
    file: 'lib/page/pool/page-cycle.ts',
    text: '    ring.lockConsumer(cpu);\n    do {',
    replacement: '    do {',
    finders: [TABLES, 'test/page/pool'],
  },
  {
    name: 'a return ring is emptied without its lock',
    file: 'lib/page/pool/page-cycle.ts',
    text: '    ring.lockConsumer(cpu);\n    for',
    replacement: '    for',
    finders: [TABLES, 'test/page/pool'],
  },
  {
    name: 'a buffer is recorded without the lock of its device',
    file: 'lib/swiotlb/per-mapping/per-mapping.ts',
    text: '    this.#records.lock(cpu, number);\n    const record = this.#records.take(',
    replacement: '    const record = this.#records.take(',
    finders: [TABLES, 'test/swiotlb/per-mapping'],
  },
  {
    name: 'the record of a buffer is removed without the lock of its device',
    file: 'lib/swiotlb/per-mapping/per-mapping.ts',
    text: '    this.#records.lock(cpu, number);\n    const record = this.#index.remove(',
    replacement: '    const record = this.#index.remove(',
    finders: [TABLES, 'test/swiotlb/per-mapping'],
  },
  {
    name: 'a buffer is looked up without the lock of its device',
    file: 'lib/swiotlb/per-mapping/per-mapping.ts',
    text: '    this.#records.lock(cpu, number);\n    const record = this.#index.find(',
    replacement: '    const record = this.#index.find(',
    finders: [TABLES, 'test/swiotlb/per-mapping'],
  },
  {
    name: 'the origin of a buffer is read without the lock of its device',
    file: 'lib/swiotlb/per-mapping/per-mapping.ts',
    text: '    const records = this.#records;\n    records.lock(cpu, number);\n',
    replacement: '    const records = this.#records;\n',
    finders: [TABLES, 'test/swiotlb/per-mapping'],
  },
  {
    name: 'slots are searched without the lock of their area',
    file: 'lib/swiotlb/slots/slot-pool.ts',
    text: '    areas.lock(cpu, area);\n    let slot = NONE;\n',
    replacement: '    let slot = NONE;\n',
    finders: [TABLES, 'test/swiotlb/slots'],
  },
  {
    name: 'blocks of slots are searched without the lock of their area',
    file: 'lib/swiotlb/slots/slot-pool.ts',
    text: '    areas.lock(cpu, area);\n    while',
    replacement: '    while',
    finders: [TABLES, 'test/swiotlb/slots'],
  },
  {
    name: 'slots are freed without the lock of their area',
    file: 'lib/swiotlb/slots/slot-pool.ts',
    text: '    areas.lock(cpu, area);\n    table.release(',
    replacement: '    table.release(',
    finders: [TABLES, 'test/swiotlb/slots'],
  },
  {
    name: 'blocks of slots are freed without the lock of their area',
    file: 'lib/swiotlb/slots/slot-pool.ts',
    text: '      if (area !== held) areas.lock(cpu, area);\n',
    replacement: '',
    finders: [TABLES, 'test/swiotlb/slots'],
  },
]);
