import { afterEach, describe, expect, it } from '@jest/globals';
import { MAX_DATAGRAM } from '../../lib/net/datagram-path.js';
import { SKB_OVERHEAD } from '../../lib/net/skb.js';
import { PROCESS, SOFTIRQ } from '../../lib/smp/copy-ledger.js';
import { NET_RX } from '../../lib/smp/cpu.js';
import { type NetRig, netRig, USER } from './fixtures/net-rig.js';

let rig: NetRig;
afterEach(() => rig.ram.close());

function use(given: Parameters<typeof netRig>[0] = {}): NetRig {
  rig = netRig({ ...given, datagrams: true });
  return rig;
}

const send = (bytes: number, socket = 0) => rig.datagrams.send(socket, rig.frag, USER, bytes);

/** Lets the device read what it was given, and the softirq clean up. */
function complete(): void {
  while (rig.engine.advance(rig.cpu));
  rig.table.raise(0, NET_RX, 0);
  rig.softirqs.run(false);
}

describe('DatagramPath', () => {
  it('sends each message in an skb of its own, in the context of the caller', () => {
    const { queue, copyLedger, skbs, sockets } = use();
    for (const bytes of [1472, 1, MAX_DATAGRAM]) expect(send(bytes)).toBe(bytes);
    expect({
      packets: queue.counter('packets'),
      outstanding: sockets.outstanding(0),
      sentBytes: sockets.sentBytes(0),
    }).toEqual({ packets: 3, outstanding: 3, sentBytes: 1473 + MAX_DATAGRAM });
    expect([0, 1, 2].map((skb) => skbs.bytes(skb))).toEqual([1472, 1, MAX_DATAGRAM]);
    expect(([PROCESS, SOFTIRQ] as const).map((context) => copyLedger.sum('bounce', { context }).bytes)).toEqual([
      1473 + MAX_DATAGRAM,
      0,
    ]);
  });

  it('frees a datagram when the device is done with it, without an acknowledgement', () => {
    const { peers, sockets, system, swiotlb, frag, cpu, skbs } = use({ lagBytes: 1e9, delayNs: 1e9 });
    const before = system.freePages;
    send(5000);
    send(6000);
    frag.drop(cpu);
    expect({ inQueues: sockets.inQueues(0), receivedBytes: peers.receivedBytes(0) }).toEqual({
      inQueues: 11_000 + 2 * SKB_OVERHEAD,
      receivedBytes: 0,
    });
    complete();
    expect({
      inQueues: sockets.inQueues(0),
      outstanding: sockets.outstanding(0),
      isFreeOf0: skbs.isFree(0),
      isFreeOf1: skbs.isFree(1),
    }).toEqual({ inQueues: 0, outstanding: 0, isFreeOf0: true, isFreeOf1: true });
    expect({
      receivedBytes: peers.receivedBytes(0),
      receivedSkbs: peers.receivedSkbs(0),
      freePages: system.freePages,
      used: swiotlb.used(),
    }).toEqual({ receivedBytes: 11_000, receivedSkbs: 2, freePages: before, used: 0 });
  });

  it('takes nothing while the send buffer is full, and becomes writable when half of it is free', () => {
    const each = 1000 + SKB_OVERHEAD;
    const { datagrams, ring, driver, cpu, queue, softirqs } = use({ sendBufferBytes: 4 * each });
    for (let i = 0; i < 4; i++)
      expect({ isWritable: datagrams.isWritable(0), send: send(1000) }).toEqual({ isWritable: i < 3, send: 1000 });
    expect({ send: send(1000), outstanding: rig.sockets.outstanding(0) }).toEqual({ send: 0, outstanding: 4 });
    const doneWithOne = () => {
      ring.complete((ring.done() + 2) | 0);
      driver.poll(cpu, queue, 1, softirqs);
      return datagrams.isWritable(0);
    };
    expect([doneWithOne(), doneWithOne(), send(1000)]).toEqual([false, true, 1000]);
  });

  it('takes no more datagrams than it has records', () => {
    const { datagrams } = use({ skbsPerSocket: 4 });
    for (let i = 0; i < 4; i++) expect(send(10)).toBe(10);
    expect({ isWritable: datagrams.isWritable(0), send: send(10) }).toEqual({ isWritable: false, send: 0 });
    complete();
    expect({ isWritable: datagrams.isWritable(0), send: send(10) }).toEqual({ isWritable: true, send: 10 });
  });

  it('takes nothing when there are pages for a part of the message only, and frees that part', () => {
    const { system, cpu, sockets, skbs, swiotlb, frag, pages } = use({ system: 16 });
    const taken = [system.alloc(cpu, 3)];
    expect({
      send: send(40_000),
      outstanding: sockets.outstanding(0),
      inQueues: sockets.inQueues(0),
      used: swiotlb.used(),
    }).toEqual({ send: 0, outstanding: 0, inQueues: 0, used: 0 });
    expect(skbs.isFree(0)).toBe(true);
    frag.drop(cpu);
    for (const pfn of taken) {
      pages.put(pfn);
      system.free(cpu, pfn);
    }
    expect({ freePages: system.freePages, send: send(40_000) }).toEqual({ freePages: 16, send: 40_000 });
  });

  it('transmits in softirq only datagrams that a stopped queue held back', () => {
    const { queue, copyLedger } = use({ byteLimit: true });
    for (let i = 0; i < 3; i++) send(1000);
    expect({ packets: queue.counter('packets'), backlog: queue.backlog }).toEqual({ packets: 1, backlog: 2 });
    for (let i = 0; i < 4; i++) complete();
    rig.softirqs.run(true);
    expect({ packets: queue.counter('packets'), backlog: queue.backlog }).toEqual({ packets: 3, backlog: 0 });
    expect(copyLedger.sum('bounce', { context: SOFTIRQ }).copies).toBe(2);
  });

  it('never becomes due with time alone', () => {
    const { datagrams } = use();
    send(10);
    expect({ isTimed: datagrams.isTimed, isDue: datagrams.isDue(0, 1e18) }).toEqual({ isTimed: false, isDue: false });
  });
});
