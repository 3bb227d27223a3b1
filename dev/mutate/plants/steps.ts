/** Errors in what threads do to each other: atomic steps that are taken in two. */
import { ofKind } from '../plant.js';

const RACES = 'test/ordering/races.test.ts';
const TABLES = 'test/ordering/shared-tables.test.ts';
const IN_ONE = 'test/ordering/steps-in-one.test.ts';
const EXPLORED = 'explore 300';

export const STEPS = ofKind('an atomic step taken in two', [
  {
    name: 'two CPUs may begin to run a qdisc',
    file: 'lib/net/tx-queue.ts',
    text: '    return Atomics.compareExchange(this.#words, RUN, IDLE, RUNNING) === IDLE;\n',
    replacement:
      '    const was = Atomics.load(this.#words, RUN);\n' +
      '    if (was === IDLE) Atomics.store(this.#words, RUN, RUNNING);\n    return was === IDLE;\n',
    finders: [IN_ONE, RACES, 'test/net/tx-queue.test.ts', EXPLORED],
  },
  {
    name: 'the mark for the runner of a qdisc may be lost',
    file: 'lib/net/tx-queue.ts',
    text: '    if (Atomics.compareExchange(this.#words, RUN, RUNNING, IDLE) === RUNNING) return true;\n',
    replacement:
      '    if (Atomics.load(this.#words, RUN) === RUNNING) {\n' +
      '      Atomics.store(this.#words, RUN, IDLE);\n      return true;\n    }\n',
    finders: [IN_ONE, RACES, 'test/net/tx-queue.test.ts', EXPLORED],
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
    finders: [IN_ONE, RACES, 'test/smp/cpu.test.ts', EXPLORED],
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
    finders: [IN_ONE, RACES, 'test/page/pool', EXPLORED],
  },
  {
    name: 'used slots that are counted at the same time are lost',
    file: 'lib/swiotlb/slots/counters.ts',
    text: '    Atomics.sub(this.#words, USED, slots);\n',
    replacement: '    this.#words[USED] = this.#words[USED]! - slots;\n',
    finders: [TABLES, RACES, 'test/swiotlb/slots/counters.test.ts', EXPLORED],
  },
  {
    name: 'the mark for a runner that ends with skbs left may be lost',
    file: 'lib/net/tx-queue.ts',
    text: '    return Atomics.exchange(this.#words, RUN, IDLE) === MISSED;\n',
    replacement:
      '    const was = Atomics.load(this.#words, RUN);\n    Atomics.store(this.#words, RUN, IDLE);\n' +
      '    return was === MISSED;\n',
    finders: [IN_ONE, 'test/net/tx-queue.test.ts'],
  },
]);
