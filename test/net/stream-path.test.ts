import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { MAX_SKB_BYTES } from '../../lib/model-limits.js';
import { MAX_FRAGS, SKB_OVERHEAD } from '../../lib/net/skb.js';
import { Meter } from '../../lib/smp/meter.js';
import { completeAll, type NetRig, netRig, payloadsOf, USER } from './fixtures/net-rig.js';

let rig: NetRig;
afterEach(() => {
  Reflect.deleteProperty(rig.cpu.list, 'run');
  rig.ram.close();
});

const send = (bytes: number, socket = 0) => rig.stream.send(socket, rig.frag, USER, bytes);
const payloads = (socket = 0) => payloadsOf(rig, socket);
const complete = () => completeAll(rig);

/** Leaves every second page of ordinary memory free. */
function leaveSinglePages(): void {
  const { system, pages, cpu } = rig;
  const taken = Array.from({ length: system.freePages }, () => system.alloc(cpu, 0));
  for (const pfn of taken.filter((page) => page % 2 === 0)) {
    pages.put(pfn);
    system.free(cpu, pfn);
  }
}

describe('StreamPath.send', () => {
  it('fills skbs up to their largest size', () => {
    rig = netRig({ maxSkbBytes: 5000 });
    send(12_000);
    expect(payloads()).toEqual([5000, 5000, 2000]);
    expect(rig.queue.counter('packets')).toBe(3);
  });

  it('cuts a message into skbs of at most 64 KiB, and transmits them', () => {
    rig = netRig();
    expect(send(100_000)).toBe(100_000);
    expect(payloads()).toEqual([MAX_SKB_BYTES, 100_000 - MAX_SKB_BYTES]);
    expect(rig.queue.counter('packets')).toBe(2);
    expect(rig.sockets.sentBytes(0)).toBe(100_000);
  });

  it('copies the bytes of the user into fragments of 32 KiB, end to end', () => {
    rig = netRig();
    send(50_000);
    const { skbs, bytes } = rig;
    expect(skbs.frags(0)).toBe(2);
    const copied = [0, 1].flatMap((frag) => {
      const from = skbs.fragPfn(0, frag) * 4096 + skbs.fragOffset(0, frag);
      return [...bytes.subarray(from, from + skbs.fragBytes(0, frag))];
    });
    expect(Buffer.from(copied).equals(bytes.subarray(USER, USER + 50_000))).toBe(true);
  });

  it('ends each stretch of time that it begins to meter, until its skbs are freed', () => {
    rig = netRig();
    const begin = jest.spyOn(Meter.prototype, 'begin');
    const end = jest.spyOn(Meter.prototype, 'end');
    try {
      const counts = () => ({ begun: begin.mock.calls.length, ended: end.mock.calls.length });
      send(50_000);
      const sent = counts();
      expect(sent.begun).toBeGreaterThan(0);
      expect(sent.ended).toBe(sent.begun);
      complete();
      const freed = counts();
      expect(payloads()).toEqual([]);
      expect(freed.begun).toBeGreaterThan(sent.begun);
      expect(freed.ended).toBe(freed.begun);
    } finally {
      begin.mockRestore();
      end.mockRestore();
    }
  });

  it('takes bytes until the send buffer is charged in full, and no skb more', () => {
    rig = netRig({ sendBufferBytes: 100_000 });
    expect(send(120_000)).toBe(120_000); // the second skb began below the limit
    expect(send(1)).toBe(0);
    expect(rig.sockets.isWritable(0)).toBe(false);
    complete();
    expect({ payloads: payloads(), isWritable: rig.sockets.isWritable(0), send: send(1) }).toEqual({
      payloads: [],
      isWritable: true,
      send: 1,
    });
  });

  it('transmits a small message at once when nothing of the socket is in queues', () => {
    rig = netRig();
    send(100);
    expect({ packets: rig.queue.counter('packets'), payloads: payloads() }).toEqual({ packets: 1, payloads: [100] });
  });

  it('collects small messages in one skb while the socket has skbs in queues, until the skb is full', () => {
    rig = netRig();
    send(100);
    for (let i = 0; i < 5; i++) send(1000);
    expect({ packets: rig.queue.counter('packets'), payloads: payloads() }).toEqual({
      packets: 1,
      payloads: [100, 5000],
    });
    expect(rig.skbs.frags(1)).toBe(1); // one fragment, extended
    send(MAX_SKB_BYTES);
    expect({ packets: rig.queue.counter('packets'), payloads: payloads() }).toEqual({
      packets: 2,
      payloads: [100, MAX_SKB_BYTES, 5000],
    });
    complete();
    expect({ packets: rig.queue.counter('packets'), payloads: payloads() }).toEqual({ packets: 3, payloads: [5000] });
  });

  it('keeps skbs in the socket at the small-queue limit', () => {
    rig = netRig({ smallQueueBytes: 2 * MAX_SKB_BYTES });
    for (let i = 0; i < 3; i++) expect(send(MAX_SKB_BYTES)).toBe(MAX_SKB_BYTES);
    expect({ packets: rig.queue.counter('packets'), payloadsLength: payloads().length }).toEqual({
      packets: 2,
      payloadsLength: 3,
    });
    expect(rig.sockets.inQueues(0)).toBe(2 * (MAX_SKB_BYTES + SKB_OVERHEAD));
    complete();
    expect({ packets: rig.queue.counter('packets'), payloadsLength: payloads().length }).toEqual({
      packets: 3,
      payloadsLength: 1,
    });
  });

  it('begins a new skb after 17 fragments that cannot be joined', () => {
    rig = netRig({ sockets: 2, smallQueueBytes: 1 });
    for (const socket of [0, 1]) send(10, socket); // in queues: later messages are held back
    for (let i = 0; i < MAX_FRAGS + 1; i++) for (const socket of [0, 1]) send(10, socket); // one task, one page
    expect(payloads(0)).toEqual([10, 170, 10]);
    expect(payloads(1)).toEqual([10, 170, 10]);
    expect(rig.skbs.frags(rig.sockets.skb(0, 1))).toBe(MAX_FRAGS);
    expect(rig.pages.refs(rig.frag.pfn)).toBe(1 + 2 * (1 + MAX_FRAGS + 1));
  });

  it('continues with single pages when there is no larger block', () => {
    rig = netRig();
    leaveSinglePages();
    expect(send(10_000)).toBe(10_000);
    expect([0, 1, 2].map((frag) => rig.skbs.fragBytes(0, frag))).toEqual([4096, 4096, 10_000 - 8192]);
    complete();
    expect(rig.peers.receivedBytes(0)).toBe(10_000);
  });

  it('continues in another skb when a message of many pages uses up the fragments', () => {
    rig = netRig({ sockets: 2, smallQueueBytes: 1 });
    leaveSinglePages();
    for (let i = 0; i < 9; i++) for (const socket of [0, 1]) send(10, socket);
    expect(send(60_000)).toBe(60_000); // 15 pages on top of 8 fragments
    const { sockets, skbs } = rig;
    expect([1, 2].map((ordinal) => skbs.frags(sockets.skb(0, ordinal)))).toEqual([MAX_FRAGS, 8 + 15 - MAX_FRAGS]);
    for (let i = 0; i < 5; i++) complete();
    expect(rig.peers.receivedBytes(0)).toBe(90 + 60_000);
  });

  it('takes the bytes for which there are pages, loses none, and continues later', () => {
    rig = netRig({ system: 32 });
    const { system, sockets, skbs, peers } = rig;
    expect({ send: send(131_072), freePages: system.freePages }).toEqual({ send: 131_072, freePages: 0 });
    // An skb was appended and taken back.
    expect({ send: send(1000), outstanding: sockets.outstanding(0) }).toEqual({ send: 0, outstanding: 2 });
    expect(skbs.isFree(sockets.skb(0, sockets.end(0)))).toBe(true);
    complete();
    complete();
    expect({ receivedBytes: peers.receivedBytes(0), outstanding: sockets.outstanding(0) }).toEqual({
      receivedBytes: 131_072,
      outstanding: 0,
    });
    expect(send(1000)).toBe(1000);
  });

  it('falls back from the slot pool to ordinary pages, which are bounced', () => {
    rig = netRig({ pages: 'bounce', slots: 128 });
    const { copyLedger, sockets, peers, swiotlb, frag, cpu } = rig;
    for (let i = 0; i < 5; i++) expect(send(65536)).toBe(65536);
    for (let i = 0; i < 10 && sockets.outstanding(0) > 0; i++) complete();
    expect({ receivedBytes: peers.receivedBytes(0), outstanding: sockets.outstanding(0) }).toEqual({
      receivedBytes: 5 * 65536,
      outstanding: 0,
    });
    const bounced = copyLedger.sum('bounce').bytes;
    expect(bounced).toBeGreaterThan(0);
    expect(bounced).toBeLessThan(5 * 65536 - 3 * 32768);
    frag.drop(cpu);
    expect(swiotlb.used()).toBe(0);
  });
});

describe('StreamPath.softirq', () => {
  it('frees the skbs that are acknowledged', () => {
    rig = netRig();
    const { system, frag, cpu } = rig;
    const before = system.freePages;
    send(60_000);
    frag.drop(cpu);
    expect(system.freePages).toBe(before - 16);
    complete();
    expect({ outstanding: rig.sockets.outstanding(0), freePages: system.freePages, used: rig.swiotlb.used() }).toEqual({
      outstanding: 0,
      freePages: before,
      used: 0,
    });
  });

  it('leaves the work to a sender that owns the socket, which does it before it releases the lock', () => {
    rig = netRig({ cpus: 2 });
    const { cpu, driver, engine, queue, sockets, skbs, peers, perCpu } = rig;
    send(1000);
    engine.advance(cpu);
    driver.poll(cpu, queue, 1, {
      onCompletion: (_, skb) => {
        skbs.putDataref(skb);
        sockets.uncharge(0, skbs.charge(skb));
        peers.receive(cpu, 0, skb);
      },
    });
    const run = cpu.list.run.bind(cpu.list);
    let outstanding = -1;
    cpu.list.run = (kernel) => {
      Reflect.deleteProperty(cpu.list, 'run');
      run(kernel); // the user's bytes; the socket is owned
      peers.acknowledge(0, 0);
      perCpu[1]!.stream.softirq(0);
      outstanding = sockets.outstanding(0);
    };
    send(2000);
    expect(outstanding).toBe(2); // nothing was freed while the sender owned the socket
    expect(payloads()).toEqual([2000]);
    expect({ isFree: skbs.isFree(0), packets: queue.counter('packets') }).toEqual({ isFree: true, packets: 2 });
  });
});
