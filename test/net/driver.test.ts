import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { MORE } from '../../lib/dma/descriptor-ring.js';
import { HEADER_BYTES, MAX_FRAGS } from '../../lib/net/skb.js';
import { NET_TX } from '../../lib/smp/cpu.js';
import { Meter } from '../../lib/smp/meter.js';
import { type NetRig, netRig } from './fixtures/net-rig.js';
import { skbOf } from './fixtures/skb-of.js';

let rig: NetRig;
afterEach(() => rig.ram.close());

const xmit = (skb: number) => rig.driver.startXmit(rig.cpu, rig.queue, skb);
const small = [[0, 100]] as const;
const many = Array.from({ length: MAX_FRAGS }, () => [0, 10] as const);

function use(given: Parameters<typeof netRig>[0] = {}): NetRig {
  rig = netRig(given);
  return rig;
}

describe('Driver.startXmit', () => {
  it('writes descriptors of header and fragments in order, and hands them over together', () => {
    const { ring, skbs, queue } = use({ forceBounce: false });
    const skb = skbOf(rig, 3, [
      [5, 100],
      [7, 2000],
    ]);
    expect(xmit(skb)).toBe('sent');
    expect({ produced: ring.produced(), packets: queue.counter('packets') }).toEqual({ produced: 3, packets: 1 });
    expect([0, 1, 2].map((at) => [ring.dma(at), ring.bytes(at), ring.skb(at)])).toEqual([
      [skbs.header(3), HEADER_BYTES, MORE],
      [skbs.fragPfn(3, 0) * 4096 + 5, 100, MORE],
      [skbs.fragPfn(3, 1) * 4096 + 7, 2000, 3],
    ]);
  });

  it('sends an skb that has only a header', () => {
    const { ring } = use();
    expect(xmit(skbOf(rig, 2, []))).toBe('sent');
    expect({ produced: ring.produced(), skb: ring.skb(0) }).toEqual({ produced: 1, skb: 2 });
  });

  it('writes headers that differ from skb to skb', () => {
    const { bytes, skbs } = use();
    for (const skb of [0, 1]) xmit(skbOf(rig, skb, small));
    const header = (skb: number) => Buffer.from(bytes.slice(skbs.header(skb), skbs.header(skb) + HEADER_BYTES));
    expect(header(0).equals(header(1))).toBe(false);
  });

  it('unmaps every part when the last one cannot be mapped', () => {
    const { ring, swiotlb, queue, device, cpu, copyLedger } = use({ slots: 128 });
    const skb = skbOf(rig, 0, [
      [0, 32768],
      [0, 32768],
    ]);
    while (swiotlb.used() < 128 - 17) swiotlb.alloc(cpu, device, 4096, 1, 0);
    const before = swiotlb.used();
    expect(xmit(skb)).toBe('unmappable');
    expect({
      used: swiotlb.used(),
      produced: ring.produced(),
      mapFailures: queue.counter('mapFailures'),
      packets: queue.counter('packets'),
    }).toEqual({ used: before, produced: 0, mapFailures: 1, packets: 0 });
    expect(copyLedger.sum('header').copies).toBe(0);
  });

  it('stops the queue when the largest skb would not fit, and refuses an skb that does not', () => {
    const { ring, queue } = use({ ring: 64, completion: 'read' });
    for (let skb = 0; skb < 22; skb++) expect(xmit(skbOf(rig, skb, small))).toBe('sent');
    expect({ room: ring.room(), isStopped: ring.isStopped() }).toEqual({ room: 20, isStopped: false });
    xmit(skbOf(rig, 30, [...small, ...small]));
    expect({ room: ring.room(), isStopped: ring.isStopped(), stops: queue.counter('stops') }).toEqual({
      room: 17,
      isStopped: true,
      stops: 1,
    });
    expect(xmit(skbOf(rig, 31, many))).toBe('full');
    expect({ produced: ring.produced(), packets: queue.counter('packets') }).toEqual({ produced: 47, packets: 23 });
  });

  it('does not leave the queue stopped when the device makes room meanwhile', () => {
    const { ring, queue } = use({ ring: 64, completion: 'read' });
    for (let skb = 0; skb < 22; skb++) xmit(skbOf(rig, skb, small));
    const setStopped = ring.setStopped.bind(ring);
    ring.setStopped = (stopped) => {
      setStopped(stopped);
      if (stopped) ring.clean(20);
    };
    expect(xmit(skbOf(rig, 30, [...small, ...small]))).toBe('sent');
    expect({ isStopped: ring.isStopped(), stops: queue.counter('stops') }).toEqual({ isStopped: false, stops: 0 });
  });
});

describe('Driver', () => {
  it('has the queue run again on the CPU that transmits, when the device makes room meanwhile', () => {
    const { ring, perCpu, queue, table } = use({ cpus: 2, ring: 64, completion: 'read' });
    const { cpu, driver } = perCpu[1]!;
    for (let skb = 0; skb < 22; skb++) driver.startXmit(cpu, queue, skbOf(rig, skb, small));
    const setStopped = ring.setStopped.bind(ring);
    ring.setStopped = (stopped) => {
      setStopped(stopped);
      if (stopped) ring.clean(20);
    };
    const raise = jest.spyOn(table, 'raise');
    expect(driver.startXmit(cpu, queue, skbOf(rig, 30, [...small, ...small]))).toBe('sent');
    expect(raise.mock.calls.filter(([, softirq]) => softirq === NET_TX)).toEqual([[1, NET_TX, 0]]);
  });

  it('ends each stretch of time that it begins to meter, also that of an skb that cannot be mapped', () => {
    const { cpu, device, driver, queue, ring, swiotlb } = use({ slots: 128 });
    const begin = jest.spyOn(Meter.prototype, 'begin');
    const end = jest.spyOn(Meter.prototype, 'end');
    const counts = () => ({ begun: begin.mock.calls.length, ended: end.mock.calls.length });
    try {
      expect(xmit(skbOf(rig, 0, small))).toBe('sent');
      expect(counts()).toEqual({ begun: 1, ended: 1 });
      ring.complete(ring.produced());
      driver.poll(cpu, queue, 64, { onCompletion: () => {} });
      expect(counts()).toEqual({ begun: 2, ended: 2 });
      while (swiotlb.used() < 128) swiotlb.alloc(cpu, device, 2048, 1, 0);
      expect(xmit(skbOf(rig, 1, small))).toBe('unmappable');
      expect(counts()).toEqual({ begun: 3, ended: 3 });
    } finally {
      begin.mockRestore();
      end.mockRestore();
    }
  });
});

describe('Driver with a byte queue limit', () => {
  it('charges a packet before the doorbell, and enters its completion after the poll', () => {
    const { cpu, driver, queue, ring } = use({ byteLimit: true });
    let charged = 0;
    const produce = ring.produce.bind(ring);
    ring.produce = (end) => {
      charged = queue.byteQueueLimit.inFlight;
      produce(end);
    };
    xmit(skbOf(rig, 0, [[0, 5000]]));
    expect(charged).toBe(5000 + HEADER_BYTES);
    ring.complete(ring.produced());
    driver.poll(cpu, queue, 64, { onCompletion: (_, skb) => rig.skbs.init(skb, 0) }); // the record is used again
    expect(queue.byteQueueLimit.inFlight).toBe(0);
  });

  it('wakes a queue that only the limit stopped', () => {
    const { cpu, driver, queue, ring } = use({ byteLimit: true });
    xmit(skbOf(rig, 0, small));
    expect({ seemsStopped: queue.seemsStopped(), isStopped: ring.isStopped(), wake: driver.wake(cpu, queue) }).toEqual({
      seemsStopped: true,
      isStopped: false,
      wake: false,
    });
    ring.complete(ring.produced());
    driver.poll(cpu, queue, 64, { onCompletion: () => {} });
    expect([driver.wake(cpu, queue), queue.seemsStopped(), driver.wake(cpu, queue)]).toEqual([true, false, false]);
  });

  it('does not wake the queue while the ring is full', () => {
    const { cpu, driver, queue, ring } = use({ byteLimit: true, ring: 64 });
    xmit(skbOf(rig, 0, small));
    ring.complete(ring.produced());
    driver.poll(cpu, queue, 64, { onCompletion: () => {} });
    ring.produce(ring.produced() + 50);
    ring.setStopped(true);
    expect({ wake: driver.wake(cpu, queue), seemsStopped: queue.seemsStopped() }).toEqual({
      wake: true,
      seemsStopped: true,
    });
    expect(driver.wake(cpu, queue)).toBe(false);
  });
});

describe('Driver.poll', () => {
  it('unmaps every part of an skb before it reports the skb as completed', () => {
    const { cpu, driver, queue, swiotlb } = use();
    for (const skb of [0, 1]) xmit(skbOf(rig, skb, [[0, 5000]]));
    const heard: number[][] = [];
    const poll = () => driver.poll(cpu, queue, 64, { onCompletion: (_, skb) => heard.push([skb, swiotlb.used()]) });
    expect(poll()).toBe(0); // nothing is done yet
    queue.ring.complete(queue.ring.produced());
    expect(poll()).toBe(2);
    expect(heard).toEqual([
      [0, 4],
      [1, 0],
    ]);
    expect(queue.ring.room()).toBe(queue.ring.size);
  });

  it('cleans at most its budget at once, also when the indices wrap', () => {
    const { cpu, driver, queue, ring } = use();
    for (const move of [ring.produce, ring.complete, ring.clean]) move.call(ring, 2 ** 31 - 5);
    for (let skb = 0; skb < 7; skb++) xmit(skbOf(rig, skb, small));
    ring.complete(ring.produced());
    const heard: number[] = [];
    const poll = () => driver.poll(cpu, queue, 3, { onCompletion: (_, skb) => heard.push(skb) });
    expect([poll(), poll(), poll(), poll()]).toEqual([3, 3, 1, 0]);
    expect(heard).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(ring.room()).toBe(ring.size);
  });
});

describe('Driver.wake', () => {
  it('wakes a stopped queue once the largest skb fits', () => {
    const { cpu, driver, queue, ring } = use({ ring: 64 });
    expect(driver.wake(cpu, queue)).toBe(false); // it was never stopped
    ring.produce(50);
    ring.setStopped(true);
    expect({ wake: driver.wake(cpu, queue), isStopped: ring.isStopped() }).toEqual({ wake: false, isStopped: true });
    ring.clean(3);
    expect({ wake: driver.wake(cpu, queue), isStopped: ring.isStopped() }).toEqual({ wake: false, isStopped: true });
    ring.clean(4);
    expect({ wake: driver.wake(cpu, queue), isStopped: ring.isStopped() }).toEqual({ wake: true, isStopped: false });
  });
});
