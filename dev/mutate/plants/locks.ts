/** Errors in what threads do to each other: locks that are left out in the network stack and in `lib/slots`. */
import { ofKind } from '../plant.js';

const RACES = 'test/ordering/races.test.ts';
const EXPLORED = 'explore 300';

export const LOCKS = ofKind('a lock left out', [
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
    name: 'a block of a checked slot pool is freed without the lock of its area',
    file: 'lib/slots/checked-areas.ts',
    text: '    this.#lock(area);\n    let claimed',
    replacement: '    let claimed',
    finders: [RACES, 'test/slots'],
  },
  {
    name: 'the blocks of a checked handle are freed without the locks of their areas',
    file: 'lib/slots/checked-areas.ts',
    text: '      this.#lock(area);\n      bytes',
    replacement: '      bytes',
    finders: ['test/slots'],
  },
  {
    name: 'a checked area is mended without its lock',
    file: 'lib/slots/checked-areas.ts',
    text: '      this.#lock(area);\n      locks.release(area);\n',
    replacement: '      locks.release(area);\n',
    finders: ['test/slots'],
  },
]);
