import { describe, expect, it } from '@jest/globals';
import { DescriptorRing } from '../../lib/dma/descriptor-ring.js';
import { COUNT, NO_SKB, type TxCount, TxQueue } from '../../lib/net/tx-queue.js';
import type { Arena } from '../../lib/smp/arena.js';
import { inArena, testCpu, testCpus } from '../smp/fixtures/cpus.js';

const cpu = testCpu();

function txQueue(capacity = 8): TxQueue {
  const queue = inArena((arena) => new TxQueue(arena, 3, capacity, new DescriptorRing(arena, 64), true));
  queue.reset();
  return queue;
}

describe('the TX lock of a TxQueue', () => {
  it('counts waiters apart from all other words of the line', () => {
    const queue = txQueue();
    const { cpus } = testCpus(2);
    queue.lockTx(cpus[0]!);
    const { relax } = cpus[1]!.list;
    cpus[1]!.list.relax = (spins) => {
      queue.unlockTx(); // as the other CPU does meanwhile
      return relax.call(cpus[1]!.list, spins + 1000);
    };
    try {
      queue.lockTx(cpus[1]!);
    } finally {
      Reflect.deleteProperty(cpus[1]!.list, 'relax');
    }
    expect(cpus[1]!.lockWaitNs).toBeGreaterThan(0);
    for (const count of Object.keys(COUNT) as (keyof typeof COUNT)[]) expect(queue.counter(count)).toBe(0);
    expect({ isEmpty: queue.isEmpty(), isIdle: queue.isIdle(), backlog: queue.backlog }).toEqual({
      isEmpty: true,
      isIdle: true,
      backlog: 0,
    });
  });
});

describe('TxQueue', () => {
  it('is first in, first out, also when its indices wrap', () => {
    const queue = txQueue(8);
    let next = 0;
    for (let round = 0; round < 10; round++) {
      for (let i = 0; i < 5; i++) queue.enqueue(cpu, round * 5 + i);
      expect({ isEmpty: queue.isEmpty(), backlog: queue.backlog }).toEqual({ isEmpty: false, backlog: 5 });
      for (let i = 0; i < 5; i++) expect(queue.dequeue()).toBe(next++);
      expect({ isEmpty: queue.isEmpty(), backlog: queue.backlog, dequeue: queue.dequeue() }).toEqual({
        isEmpty: true,
        backlog: 0,
        dequeue: NO_SKB,
      });
    }
  });

  it('keeps apart the words that share a line: of the ring, the lock, the counts and the byte queue limit', () => {
    for (const isDoneAtDoorbell of [false, true]) {
      const made = (arena: Arena) => new DescriptorRing(arena, 64, isDoneAtDoorbell);
      const queue = inArena((arena) => new TxQueue(arena, 0, 8, made(arena), true));
      queue.reset();
      const { ring, byteQueueLimit: bytes } = queue;
      queue.lockTx(cpu);
      for (const count of Object.values(COUNT)) queue.add(count, 3 + count);
      bytes.charge(1000); // the limit is 0: stops
      ring.produceDone(7);
      for (let i = 0; i < 5; i++) ring.addQuiet();
      ring.clean(2);
      bytes.complete(400, 1);
      ring.setStopped(true);
      expect({
        next: ring.next,
        produced: ring.produced(),
        done: ring.done(),
        dirty: ring.dirty,
        addQuiet: ring.addQuiet(),
      }).toEqual({ next: 7, produced: 7, done: 7, dirty: 2, addQuiet: 6 });
      expect({
        inFlight: bytes.inFlight,
        stops: bytes.stops,
        bytesSeemsStopped: bytes.seemsStopped(),
        ringSeemsStopped: ring.seemsStopped(),
      }).toEqual({ inFlight: 600, stops: 1, bytesSeemsStopped: true, ringSeemsStopped: true });
      expect(Object.keys(COUNT).map((name) => queue.counter(name as TxCount))).toEqual([3, 4, 5]);
      ring.setStopped(false);
      expect(bytes.seemsStopped()).toBe(true);
      queue.unlockTx();
      queue.lockTx(cpu); // would wait for ever if any of this had been written to the words of the lock
      queue.unlockTx();
      expect({ produced: ring.produced(), done: ring.done(), dirty: ring.dirty, addQuiet: ring.addQuiet() }).toEqual({
        produced: 7,
        done: 7,
        dirty: 2,
        addQuiet: 7,
      });
    }
  });

  it('holds as many skbs as its capacity', () => {
    const queue = txQueue(8);
    for (let skb = 0; skb < 8; skb++) queue.enqueue(cpu, skb);
    expect(Array.from({ length: 9 }, () => queue.dequeue())).toEqual([0, 1, 2, 3, 4, 5, 6, 7, NO_SKB]);
  });

  it('returns the skb that was put back first, even skb 0', () => {
    const queue = txQueue();
    queue.enqueue(cpu, 0);
    queue.enqueue(cpu, 1);
    queue.requeue(queue.dequeue());
    expect({ isEmpty: queue.isEmpty(), backlog: queue.backlog }).toEqual({ isEmpty: false, backlog: 2 });
    expect([queue.dequeue(), queue.dequeue(), queue.dequeue()]).toEqual([0, 1, NO_SKB]);
    queue.requeue(5);
    expect([queue.isEmpty(), queue.backlog, queue.dequeue(), queue.backlog]).toEqual([false, 1, 5, 0]);
  });
});

describe('the runner of a TxQueue', () => {
  it('is one at a time', () => {
    const queue = txQueue();
    expect([queue.isIdle(), queue.tryBegin(), queue.isIdle(), queue.tryBegin()]).toEqual([true, true, false, false]);
    expect({ tryEnd: queue.tryEnd(), isIdle: queue.isIdle(), tryBegin: queue.tryBegin() }).toEqual({
      tryEnd: true,
      isIdle: true,
      tryBegin: true,
    });
  });

  it('looks again when another CPU left a mark, and only then', () => {
    const queue = txQueue();
    expect(queue.beginOrMark()).toBe(true);
    expect([queue.beginOrMark(), queue.beginOrMark()]).toEqual([false, false]); // a second mark changes nothing
    expect({ tryEnd: queue.tryEnd(), isIdle: queue.isIdle() }).toEqual({ tryEnd: false, isIdle: false });
    expect({ tryEnd: queue.tryEnd(), isIdle: queue.isIdle() }).toEqual({ tryEnd: true, isIdle: true });
  });

  it('is told of the mark when it ends with skbs left', () => {
    const queue = txQueue();
    queue.tryBegin();
    expect(queue.end()).toBe(false);
    queue.tryBegin();
    queue.beginOrMark();
    expect({ end: queue.end(), isIdle: queue.isIdle() }).toEqual({ end: true, isIdle: true });
  });
});

describe('TxQueue.reset', () => {
  it('empties a queue that has counted, locked and queued', () => {
    const queue = txQueue();
    queue.add(COUNT.packets, 3);
    queue.add(COUNT.stops, 1);
    expect({
      index: queue.index,
      packets: queue.counter('packets'),
      mapFailures: queue.counter('mapFailures'),
      stops: queue.counter('stops'),
    }).toEqual({ index: 3, packets: 3, mapFailures: 0, stops: 1 });
    queue.lockTx(cpu);
    queue.unlockTx();
    queue.lockTx(cpu); // would wait for ever if it were held
    queue.unlockTx();
    queue.enqueue(cpu, 1);
    queue.tryBegin();
    queue.ring.produce(9);
    queue.byteQueueLimit.charge(9);
    expect(queue.seemsStopped()).toBe(true);
    queue.reset();
    expect(queue.seemsStopped()).toBe(false);
    expect({
      backlog: queue.backlog,
      isIdle: queue.isIdle(),
      packets: queue.counter('packets'),
      produced: queue.ring.produced(),
    }).toEqual({ backlog: 0, isIdle: true, packets: 0, produced: 0 });
  });
});
