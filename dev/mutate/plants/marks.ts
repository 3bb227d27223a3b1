/** Errors in what threads do to each other: reservations, ends, lessons and wakes that are lost or come twice. */
import { ofKind } from '../plant.js';

const COUNTS = 'test/ordering/one-after-the-other.test.ts';

export const MARKS_IN_TWO = ofKind('an atomic step taken in two', [
  {
    name: 'lots of slots that two CPUs reserve for pages are lost',
    file: 'lib/page/percent-limit.ts',
    text: '    if ((Atomics.add(this.#words, TAKEN, slots) + slots) * 100 <= limit) return true;\n',
    replacement:
      '    const sum = Atomics.load(this.#words, TAKEN) + slots;\n' +
      '    Atomics.store(this.#words, TAKEN, sum);\n    if (sum * 100 <= limit) return true;\n',
    finders: [COUNTS, 'test/page/percent-limit.test.ts'],
  },
  {
    name: 'lots of slots that are given back while others are reserved are lost',
    file: 'lib/page/percent-limit.ts',
    text: '    if (returned !== 0) Atomics.sub(this.#words, TAKEN, returned);\n',
    replacement:
      '    if (returned !== 0) Atomics.store(this.#words, TAKEN, Atomics.load(this.#words, TAKEN) - returned);\n',
    finders: [COUNTS, 'test/page/percent-limit.test.ts'],
  },
  {
    name: 'two users of a page pool may destroy it, or neither',
    file: 'lib/page/pool/page-pool.ts',
    text: '    if (Atomics.sub(this.#words, USERS, 1) !== 1) return;\n',
    replacement:
      '    const users = Atomics.load(this.#words, USERS);\n' +
      '    Atomics.store(this.#words, USERS, users - 1);\n    if (users !== 1) return;\n',
    finders: [COUNTS, 'test/page/pool/page-pool.test.ts'],
  },
  {
    name: 'pages that two CPUs let go are not counted',
    file: 'lib/page/pool/held-pages.ts',
    text: '    Atomics.add(this.#state, RELEASED, 1);\n',
    replacement: '    Atomics.store(this.#state, RELEASED, Atomics.load(this.#state, RELEASED) + 1);\n',
    finders: [COUNTS, 'test/page/pool/held-pages.test.ts'],
  },
  {
    name: 'the end of growth is lost while it is asked for',
    file: 'lib/swiotlb/pools/growth.ts',
    text: '    if ((Atomics.or(this.#state, 0, PENDING) & PENDING) === 0)',
    replacement:
      '    const was = Atomics.load(this.#state, 0);\n    Atomics.store(this.#state, 0, was | PENDING);\n' +
      '    if ((was & PENDING) === 0)',
    finders: [COUNTS, 'test/swiotlb/pools/growth.test.ts'],
  },
  {
    name: 'the end of growth is lost while it begins',
    file: 'lib/swiotlb/pools/growth.ts',
    text: '    Atomics.and(this.#state, 0, ~PENDING);\n',
    replacement: '    Atomics.store(this.#state, 0, Atomics.load(this.#state, 0) & ~PENDING);\n',
    finders: [COUNTS, 'test/swiotlb/pools/growth.test.ts'],
  },
  {
    name: 'pins that a socket gets while others end are lost',
    file: 'lib/owner/pins.ts',
    text: '    const taken = Atomics.add(this.#bySocket, socket * LINE, end - first) + (end - first);\n',
    replacement:
      '    const taken = Atomics.load(this.#bySocket, socket * LINE) + (end - first);\n' +
      '    Atomics.store(this.#bySocket, socket * LINE, taken);\n',
    finders: [COUNTS, 'test/owner/pins.test.ts'],
  },
  {
    name: 'ends of pins of a socket are lost',
    file: 'lib/owner/pins.ts',
    text: '      pfn = next;\n    }\n    Atomics.sub(this.#bySocket, socket * LINE, end - first);\n',
    replacement:
      '      pfn = next;\n    }\n    const taken = Atomics.load(this.#bySocket, socket * LINE);\n' +
      '    Atomics.store(this.#bySocket, socket * LINE, taken - (end - first));\n',
    finders: [COUNTS, 'test/owner/pins.test.ts'],
  },
  {
    name: 'pins of a folio are lost',
    file: 'lib/owner/pins.ts',
    text: '    if (isLarge) Atomics.add(this.#counts, head - this.#limits.firstPfn, pins);\n',
    replacement:
      '    const at = head - this.#limits.firstPfn;\n' +
      '    if (isLarge) Atomics.store(this.#counts, at, Atomics.load(this.#counts, at) + pins);\n',
    finders: [COUNTS, 'test/owner/pins.test.ts'],
  },
  {
    name: 'ends of pins of a folio are lost',
    file: 'lib/owner/pins.ts',
    text: '    if (Atomics.sub(this.#counts, at, pins) < pins) {\n',
    replacement:
      '    const before = Atomics.load(this.#counts, at);\n' +
      '    Atomics.store(this.#counts, at, before - pins);\n    if (before < pins) {\n',
    finders: [COUNTS, 'test/owner/pins.test.ts'],
  },
  {
    name: 'room for notifications is lost',
    file: 'lib/owner/completions.ts',
    text: 'this.#words[at + RESERVED]! - Atomics.exchange(this.#words, at + ROOM, 0);\n',
    replacement:
      'this.#words[at + RESERVED]! - Atomics.load(this.#words, at + ROOM);\n' +
      '    Atomics.store(this.#words, at + ROOM, 0);\n',
    finders: [COUNTS, 'test/owner/completions.test.ts'],
  },
  {
    name: 'work of a softirq for a socket may come when its owner is gone',
    file: 'lib/net/socket-lock.ts',
    text:
      '      if (state === OWNED && Atomics.compareExchange(this.#words, at, OWNED, OWNED | BACKLOG) === OWNED) ' +
      'return false;\n',
    replacement:
      '      if (state === OWNED) {\n        Atomics.store(this.#words, at, OWNED | BACKLOG);\n' +
      '        return false;\n      }\n',
    finders: [COUNTS, 'test/net/socket-lock.test.ts'],
  },
  {
    name: 'a qdisc may be marked when its runner is gone',
    file: 'lib/net/tx-queue.ts',
    text: '      const state = Atomics.compareExchange(this.#words, RUN, RUNNING, MISSED);\n',
    replacement:
      '      const state = Atomics.load(this.#words, RUN);\n' +
      '      if (state === RUNNING) Atomics.store(this.#words, RUN, MISSED);\n',
    finders: [COUNTS, 'test/net/tx-queue.test.ts'],
  },
  {
    name: 'a lesson that comes while one is read is lost',
    file: 'lib/net/learned-device.ts',
    text: '    const found = Atomics.exchange(this.#words, at + MAILBOX, 0);\n',
    replacement:
      '    const found = Atomics.load(this.#words, at + MAILBOX);\n    Atomics.store(this.#words, at + MAILBOX, 0);\n',
    finders: [COUNTS, 'test/net/learned-device.test.ts'],
  },
  {
    name: 'two CPUs may drop the device that their lessons replace',
    file: 'lib/net/learned-device.ts',
    text: '    const before = Atomics.exchange(this.#words, at + MAILBOX, found);\n',
    replacement:
      '    const before = Atomics.load(this.#words, at + MAILBOX);\n' +
      '    Atomics.store(this.#words, at + MAILBOX, found);\n',
    finders: [COUNTS, 'test/net/learned-device.test.ts'],
  },
  {
    name: 'a lesson that comes while one is forgotten is lost',
    file: 'lib/net/learned-device.ts',
    text: '    const old = Atomics.exchange(this.#words, place, 0);\n',
    replacement: '    const old = Atomics.load(this.#words, place);\n    Atomics.store(this.#words, place, 0);\n',
    finders: [COUNTS, 'test/net/learned-device.test.ts'],
  },
  {
    name: 'a flag of a socket that another CPU sets is lost',
    file: 'lib/net/learned-device.ts',
    text: '    Atomics.or(this.#words, at, flag);\n',
    replacement: '    Atomics.store(this.#words, at, Atomics.load(this.#words, at) | flag);\n',
    finders: [COUNTS, 'test/net/learned-device.test.ts'],
  },
  {
    name: 'two CPUs may wake a queue',
    file: 'lib/net/byte-queue-limit.ts',
    text: '    return Atomics.exchange(state, STOPPED, 0) === 1;\n  }\n\n  /** Forgets',
    replacement: '    Atomics.store(state, STOPPED, 0);\n    return true;\n  }\n\n  /** Forgets',
    finders: [COUNTS, 'test/net/byte-queue-limit.test.ts'],
  },
]);
