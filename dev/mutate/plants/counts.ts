/** Errors in what threads do to each other: counts and marks that are loaded and stored, not changed in one step. */
import { ofKind } from '../plant.js';

const COUNTS = 'test/ordering/one-after-the-other.test.ts';

export const COUNTS_IN_TWO = ofKind('an atomic step taken in two', [
  {
    name: 'references of a page that two CPUs take are lost',
    file: 'lib/page/page-table.ts',
    text: '    if (Atomics.add(this.#words, pfn * WORDS + REFS, 1) <= 0)',
    replacement:
      '    const was = Atomics.load(this.#words, pfn * WORDS + REFS);\n' +
      '    Atomics.store(this.#words, pfn * WORDS + REFS, was + 1);\n    if (was <= 0)',
    finders: [COUNTS, 'test/page/page-table.test.ts'],
  },
  {
    name: 'several references of a page that two CPUs take are lost',
    file: 'lib/page/page-table.ts',
    text: '    const before = Atomics.add(this.#words, pfn * WORDS + REFS, references);\n    if (before > 0)',
    replacement:
      '    const before = Atomics.load(this.#words, pfn * WORDS + REFS);\n' +
      '    Atomics.store(this.#words, pfn * WORDS + REFS, before + references);\n    if (before > 0)',
    finders: [COUNTS, 'test/page/page-table.test.ts'],
  },
  {
    name: 'several references of a page that two CPUs drop are lost',
    file: 'lib/page/page-table.ts',
    text: '    const before = Atomics.sub(this.#words, pfn * WORDS + REFS, references);\n    if (before >=',
    replacement:
      '    const before = Atomics.load(this.#words, pfn * WORDS + REFS);\n' +
      '    Atomics.store(this.#words, pfn * WORDS + REFS, before - references);\n    if (before >=',
    finders: [COUNTS, 'test/page/page-table.test.ts'],
  },
  {
    name: 'fragments of a page that two CPUs return are lost',
    file: 'lib/page/pool/netmem-table.ts',
    text: '    const left = Atomics.sub(words, at, count) - count;\n',
    replacement: '    const left = Atomics.load(words, at) - count;\n    Atomics.store(words, at, left);\n',
    finders: [COUNTS, 'test/page/pool/netmem-table.test.ts'],
  },
  {
    name: 'two CPUs may leak the first block of a type',
    file: 'lib/page/page-owners.ts',
    text: '    return Atomics.add(this.#byType, type, 1) === 0;\n',
    replacement:
      '    const before = Atomics.load(this.#byType, type);\n' +
      '    Atomics.store(this.#byType, type, before + 1);\n    return before === 0;\n',
    finders: [COUNTS, 'test/page/page-owners.test.ts'],
  },
  {
    name: 'used slots that two CPUs take are lost',
    file: 'lib/swiotlb/slots/counters.ts',
    text: '    const used = Atomics.add(this.#words, USED, slots) + slots;\n',
    replacement:
      '    const used = Atomics.load(this.#words, USED) + slots;\n    Atomics.store(this.#words, USED, used);\n',
    finders: [COUNTS, 'test/swiotlb/slots/counters.test.ts'],
  },
  {
    name: 'the high water mark of used slots may be lowered',
    file: 'lib/swiotlb/slots/counters.ts',
    text: '      const seen = Atomics.compareExchange(this.#words, HIGH_WATER, high, used);\n',
    replacement: '      const seen = high;\n      Atomics.store(this.#words, HIGH_WATER, used);\n',
    finders: [COUNTS, 'test/swiotlb/slots/counters.test.ts'],
  },
  {
    name: 'references of an owner that two CPUs drop are lost',
    file: 'lib/owner/tx-buf.ts',
    text: '    const before = Atomics.add(this.words, id * STRIDE + REFS, by);\n',
    replacement:
      '    const before = Atomics.load(this.words, id * STRIDE + REFS);\n' +
      '    Atomics.store(this.words, id * STRIDE + REFS, before + by);\n',
    finders: [COUNTS, 'test/owner/tx-buf.test.ts'],
  },
  {
    name: 'an owner that is being freed may be taken',
    file: 'lib/owner/tx-buf.ts',
    text: '      if (Atomics.compareExchange(this.words, id * STRIDE + REFS, refs, refs + 1) === refs) return true;\n',
    replacement: '      Atomics.store(this.words, id * STRIDE + REFS, refs + 1);\n      return true;\n',
    finders: [COUNTS, 'test/owner/tx-buf.test.ts'],
  },
  {
    name: 'references of a binding that two CPUs drop are lost',
    file: 'lib/owner/bindings.ts',
    text: '    if (Atomics.sub(this.#words, binding * STRIDE + REFS, references) > references) return;\n',
    replacement:
      '    const was = Atomics.load(this.#words, binding * STRIDE + REFS);\n' +
      '    Atomics.store(this.#words, binding * STRIDE + REFS, was - references);\n' +
      '    if (was > references) return;\n',
    finders: [COUNTS, 'test/owner/bindings.test.ts'],
  },
  {
    name: 'references of a binding that two CPUs take are lost',
    file: 'lib/owner/bindings.ts',
    text: '    if (Atomics.add(this.#words, binding * STRIDE + REFS, references) > 0) return;\n',
    replacement:
      '    const was = Atomics.load(this.#words, binding * STRIDE + REFS);\n' +
      '    Atomics.store(this.#words, binding * STRIDE + REFS, was + references);\n' +
      '    if (was > 0) return;\n',
    finders: [COUNTS, 'test/owner/bindings.test.ts'],
  },
  {
    name: 'two CPUs may free an object of a slab, or neither',
    file: 'lib/owner/kernel-buffers.ts',
    text: '    const before = Atomics.sub(this.#users, object, 1);\n',
    replacement:
      '    const before = Atomics.load(this.#users, object);\n    Atomics.store(this.#users, object, before - 1);\n',
    finders: [COUNTS, 'test/owner/kernel-buffers.test.ts'],
  },
  {
    name: 'loans of an object of a slab are lost',
    file: 'lib/owner/kernel-buffers.ts',
    text: 'object++) Atomics.add(this.#users, object, 1);\n',
    replacement: 'object++) Atomics.store(this.#users, object, Atomics.load(this.#users, object) + 1);\n',
    finders: [COUNTS, 'test/owner/kernel-buffers.test.ts'],
  },
  {
    name: 'two CPUs may free an skb, or neither',
    file: 'lib/net/skb.ts',
    text: '    return Atomics.sub(this.#words, skb * STRIDE + DATAREF, 1) === 1;\n',
    replacement:
      '    const before = Atomics.load(this.#words, skb * STRIDE + DATAREF);\n' +
      '    Atomics.store(this.#words, skb * STRIDE + DATAREF, before - 1);\n    return before === 1;\n',
    finders: [COUNTS, 'test/net/skb.test.ts'],
  },
  {
    name: 'work of a softirq for a socket that is released is lost',
    file: 'lib/net/socket-lock.ts',
    text: '    if (Atomics.compareExchange(this.#words, at, OWNED, FREE) === OWNED) return true;\n',
    replacement:
      '    if (Atomics.load(this.#words, at) === OWNED) {\n      Atomics.store(this.#words, at, FREE);\n' +
      '      return true;\n    }\n',
    finders: [COUNTS, 'test/net/socket-lock.test.ts'],
  },
  {
    name: 'references of a device that two CPUs take are lost',
    file: 'lib/device/device-table.ts',
    text: '    if (Atomics.add(this.#words, device * STRIDE + REFS, 1) > 0) return;\n',
    replacement:
      '    const was = Atomics.load(this.#words, device * STRIDE + REFS);\n' +
      '    Atomics.store(this.#words, device * STRIDE + REFS, was + 1);\n    if (was > 0) return;\n',
    finders: [COUNTS, 'test/device/device-table.test.ts'],
  },
  {
    name: 'references of a device that two CPUs drop are lost',
    file: 'lib/device/device-table.ts',
    text: '      const seen = Atomics.compareExchange(this.#words, at, refs, refs - 1);\n',
    replacement: '      const seen = refs;\n      Atomics.store(this.#words, at, refs - 1);\n',
    finders: [COUNTS, 'test/device/device-table.test.ts'],
  },
  {
    name: 'two CPUs may remove a device',
    file: 'lib/device/device-table.ts',
    text: '    if (Atomics.exchange(this.#words, device * STRIDE + REMOVED, 1) === 0) this.put(device);\n',
    replacement:
      '    if (this.isRemoved(device)) return;\n' +
      '    Atomics.store(this.#words, device * STRIDE + REMOVED, 1);\n    this.put(device);\n',
    finders: [COUNTS, 'test/device/device-table.test.ts'],
  },
  {
    name: 'references of a device are lost while deferred ones are dropped',
    file: 'lib/device/device-table.ts',
    text: '      if (Atomics.sub(this.#words, at + REFS, puts) < puts) throw',
    replacement:
      '      const was = Atomics.load(this.#words, at + REFS);\n' +
      '      Atomics.store(this.#words, at + REFS, was - puts);\n      if (was < puts) throw',
    finders: [COUNTS, 'test/device/device-table.test.ts'],
  },
]);
