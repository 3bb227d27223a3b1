import { afterEach, describe, expect, it } from '@jest/globals';
import { POLL_BUDGET } from '../../lib/net/softirq.js';
import { type Context, PROCESS, SOFTIRQ } from '../../lib/smp/copy-ledger.js';
import { NET_RX, NET_TX } from '../../lib/smp/cpu.js';
import { type NetRig, netRig, USER } from './fixtures/net-rig.js';

let rig: NetRig;
let now = 0;

/** A machine whose clock stands still until the test moves it. */
function use(given: Parameters<typeof netRig>[0] = {}): NetRig {
  rig = netRig(given);
  now = 1e9;
  const { list } = rig.cpu;
  Object.defineProperty(list, 'now', { configurable: true, get: () => now });
  list.clock = () => now;
  return rig;
}

afterEach(() => {
  for (const patched of ['now', 'clock']) Reflect.deleteProperty(rig.cpu.list, patched);
  rig.ram.close();
});

/** Sockets 0, 1, ... send a small message each, and the device completes them. */
function deviceIsDoneWith(packets: number): void {
  for (let socket = 0; socket < packets; socket++) rig.stream.send(socket, rig.frag, USER, 10);
  rig.ring.complete(rig.ring.produced());
}

const received = () =>
  Array.from({ length: rig.sockets.limits.sockets }, (_, socket) => rig.peers.receivedSkbs(socket)).reduce(
    (a, b) => a + b,
  );

describe('Softirqs.run', () => {
  it('does nothing when nothing is pending', () => {
    const { softirqs } = use();
    expect([softirqs.isDue, softirqs.run(false), softirqs.run(true)]).toEqual([false, false, false]);
  });

  it('frees everything that the device is done with when it interrupts', () => {
    const { softirqs, table, system, swiotlb, sockets, frag, cpu } = use();
    const before = system.freePages;
    deviceIsDoneWith(1);
    frag.drop(cpu);
    table.raise(0, NET_RX, 0);
    expect({ isDue: softirqs.isDue, run: softirqs.run(false) }).toEqual({ isDue: true, run: true });
    expect({
      received: received(),
      outstanding: sockets.outstanding(0),
      used: swiotlb.used(),
      freePages: system.freePages,
    }).toEqual({ received: 1, outstanding: 0, used: 0, freePages: before });
    expect(softirqs.run(false)).toBe(false);
  });

  it('cleans 64 packets at a time, and raises itself for the rest', () => {
    const { softirqs } = use({ sockets: 70, skbsPerSocket: 2, sendBufferBytes: 4096 });
    deviceIsDoneWith(70);
    rig.table.raise(0, NET_RX, 0);
    softirqs.run(false);
    expect(received()).toBe(POLL_BUDGET);
    expect(softirqs.isDue).toBe(true); // raised again by itself
    softirqs.run(false);
    expect(received()).toBe(70);
  });

  it('runs in softirq context, and leaves it', () => {
    const { softirqs, cpu, table, queue, copyLedger, stream, frag, skbs } = use();
    const contexts: Context[] = [];
    const lockTx = queue.lockTx.bind(queue);
    queue.lockTx = (by) => {
      contexts.push(by.context);
      lockTx(by);
    };
    stream.send(0, frag, USER, 10);
    queue.enqueue(cpu, skbs.count - 1); // something is queued that only the softirq transmits
    skbs.init(skbs.count - 1, 0);
    table.raise(0, NET_TX, 0);
    softirqs.run(false);
    expect(contexts).toEqual([PROCESS, SOFTIRQ]);
    expect(cpu.context).toBe(PROCESS);
    expect(copyLedger.sum('header', { context: SOFTIRQ }).copies).toBe(1);
  });

  it('wakes the queue of a ring that was full, and transmits the waiting skbs', () => {
    const { softirqs, ring, queue, table, stream, frag } = use({ ring: 64, sockets: 40, skbsPerSocket: 2 });
    for (let socket = 0; socket < 40; socket++) stream.send(socket, frag, USER, 10);
    expect({ isStopped: ring.isStopped(), backlog: queue.backlog }).toEqual({ isStopped: true, backlog: 40 - 24 });
    ring.complete(ring.produced());
    table.raise(0, NET_RX, 0);
    softirqs.run(false);
    expect({ isStopped: ring.isStopped(), backlog: queue.backlog, isDue: softirqs.isDue }).toEqual({
      isStopped: false,
      backlog: 16,
      isDue: true,
    });
    softirqs.run(false);
    expect(queue.backlog).toBe(0);
  });

  it('does not wait long for an interrupt, and less long on an idle CPU', () => {
    const { softirqs, table } = use({ sockets: 3, interruptFrames: 1000 });
    table.raise(0, NET_RX, 0);
    softirqs.run(false); // polled now
    deviceIsDoneWith(1);
    now += 4_999;
    expect({ isDue: softirqs.isDue, run: softirqs.run(true) }).toEqual({ isDue: false, run: false });
    now += 1;
    expect({ isDue: softirqs.isDue, run: softirqs.run(false) }).toEqual({ isDue: true, run: false });
    expect({ run: softirqs.run(true), received: received() }).toEqual({ run: true, received: 1 });
    deviceIsDoneWith(2);
    now += 19_999;
    expect(softirqs.run(false)).toBe(false);
    now += 1;
    expect({ run: softirqs.run(false), received: received() }).toEqual({ run: true, received: 3 });
  });

  it('serves sockets whose acknowledgements become due with time', () => {
    const { softirqs, table, sockets } = use({ delayNs: 1000 });
    deviceIsDoneWith(1);
    table.raise(0, NET_RX, 0);
    softirqs.run(false);
    expect({ outstanding: sockets.outstanding(0), isDue: softirqs.isDue }).toEqual({ outstanding: 1, isDue: true });
    now += 999;
    softirqs.run(false);
    expect(sockets.outstanding(0)).toBe(1);
    now += 1;
    expect({ run: softirqs.run(false), outstanding: sockets.outstanding(0) }).toEqual({ run: true, outstanding: 0 });
  });

  it('does not serve the interrupts of other CPUs', () => {
    const { perCpu, table } = use({ cpus: 2 });
    deviceIsDoneWith(1);
    now += 1e6;
    table.raise(0, NET_RX, 0);
    expect({ isDue: perCpu[1]!.softirqs.isDue, run: perCpu[1]!.softirqs.run(true), received: received() }).toEqual({
      isDue: false,
      run: false,
      received: 0,
    });
    expect({ run: perCpu[0]!.softirqs.run(false), received: received() }).toEqual({ run: true, received: 1 });
  });
});

describe('Softirqs.run of a device that throttles its interrupts', () => {
  const INTERVAL = 250_000;

  it('polls at most once in an interval, and then all that was done meanwhile', () => {
    const { softirqs, table } = use({ sockets: 4, interruptIntervalNs: INTERVAL });
    const interrupt = () => {
      table.raise(0, NET_RX, 0);
      return softirqs.run(false);
    };
    deviceIsDoneWith(1);
    expect({ run: interrupt(), received: received() }).toEqual({ run: true, received: 1 });
    deviceIsDoneWith(2);
    now += INTERVAL - 1;
    expect({ run: interrupt(), again: interrupt(), received: received() }).toEqual({
      run: false,
      again: false,
      received: 1,
    });
    now += 1;
    expect({ isDue: softirqs.isDue, run: softirqs.run(false), received: received() }).toEqual({
      isDue: true,
      run: true,
      received: 3,
    });
  });

  it('receives acknowledgements with its interrupts only', () => {
    const { softirqs, table, sockets } = use({ delayNs: 1000, interruptIntervalNs: INTERVAL });
    deviceIsDoneWith(1);
    table.raise(0, NET_RX, 0);
    softirqs.run(false);
    now += INTERVAL - 1;
    softirqs.run(false);
    expect(sockets.outstanding(0)).toBe(1);
    now += 1;
    softirqs.run(false);
    expect(sockets.outstanding(0)).toBe(0);
    deviceIsDoneWith(1); // the acknowledgement was an interrupt, too
    table.raise(0, NET_RX, 0);
    now += INTERVAL - 1;
    expect({ run: softirqs.run(false), received: received() }).toEqual({ run: false, received: 1 });
  });

  it('goes on polling what is more than the budget without an interrupt', () => {
    const { softirqs } = use({ sockets: 70, skbsPerSocket: 2, sendBufferBytes: 4096, interruptIntervalNs: INTERVAL });
    deviceIsDoneWith(70);
    rig.table.raise(0, NET_RX, 0);
    softirqs.run(false);
    expect(received()).toBe(POLL_BUDGET);
    softirqs.run(false);
    expect(received()).toBe(70);
  });

  it('does not wait once the machine drains', () => {
    const { softirqs, table } = use({ sockets: 3, interruptIntervalNs: INTERVAL });
    deviceIsDoneWith(1);
    table.raise(0, NET_RX, 0);
    softirqs.run(false);
    deviceIsDoneWith(2);
    table.drain();
    table.raise(0, NET_RX, 0);
    expect({ run: softirqs.run(false), received: received() }).toEqual({ run: true, received: 3 });
  });
});

describe('a softirq behind a packet that a process transmits', () => {
  const ONE_ON_ITS_WAY = { maxSkbBytes: 1448, smallQueueBytes: 1 };

  it('leaves the rest of the message to the sender, which owns the socket', () => {
    const { cpu, softirqs, table, ring, stream, frag, copyLedger } = use(ONE_ON_ITS_WAY);
    cpu.softirqs = softirqs;
    const produce = ring.produce.bind(ring);
    ring.produce = (end) => {
      produce(end);
      ring.complete(end);
      table.raise(0, NET_RX, 0);
    };
    stream.send(0, frag, USER, 2 * 1448);
    const copiesIn = (context: Context) => copyLedger.sum('header', { context }).copies;
    expect({ process: copiesIn(PROCESS), softirq: copiesIn(SOFTIRQ), received: received() }).toEqual({
      process: 2,
      softirq: 0,
      received: 2,
    });
    expect(cpu.context).toBe(PROCESS);
  });

  it('transmits for a socket that no sender owns', () => {
    const { cpu, softirqs, table, ring, stream, frag, copyLedger } = use({ ...ONE_ON_ITS_WAY, sockets: 2 });
    stream.send(0, frag, USER, 2 * 1448); // its second skb waits for the first one's completion
    cpu.softirqs = softirqs;
    ring.complete(ring.produced());
    table.raise(0, NET_RX, 0);
    stream.send(1, frag, USER, 10);
    expect(copyLedger.sum('header', { context: SOFTIRQ }).copies).toBe(1);
  });
});
