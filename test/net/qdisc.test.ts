import { describe, expect, it } from '@jest/globals';
import { DescriptorRing } from '../../lib/dma/descriptor-ring.js';
import { Qdisc } from '../../lib/net/qdisc.js';
import type { Transmitter, XmitStatus } from '../../lib/net/transmitter.js';
import { TxQueue } from '../../lib/net/tx-queue.js';
import { type Cpu, NET_TX } from '../../lib/smp/cpu.js';
import { inArena, testCpus } from '../smp/fixtures/cpus.js';

/** Returns the statuses that it is given, then `sent`; notes which skbs were sent and by which CPU. */
class ScriptedDriver implements Transmitter {
  readonly sent: string[] = [];
  readonly statuses: XmitStatus[] = [];
  during: (cpu: Cpu, skb: number) => void = () => {};

  startXmit(cpu: Cpu, queue: TxQueue, skb: number): XmitStatus {
    this.during(cpu, skb);
    const status = this.statuses.shift() ?? 'sent';
    if (status === 'sent') this.sent.push(`${skb} by ${cpu.id}`);
    if (status === 'full') queue.ring.setStopped(true);
    return status;
  }
}

function rig(oneRunner = true, limitsBytes = false) {
  const driver = new ScriptedDriver();
  const { cpus, table } = testCpus(2);
  const queue = inArena((arena) => new TxQueue(arena, 4, 256, new DescriptorRing(arena, 64), limitsBytes));
  queue.reset();
  const qdisc = new Qdisc(driver, [queue], table, oneRunner);
  const raised = () => [0, 1].map((cpu) => table.take(cpu, NET_TX));
  return { driver, cpus, queue, qdisc, raised, xmit: (cpu: number, skb: number) => qdisc.xmit(cpus[cpu]!, queue, skb) };
}

const RAISED_ON_0 = [1 << 4, 0];
const NOT_RAISED = [0, 0];

describe('Qdisc', () => {
  it('transmits at once when no other CPU runs it', () => {
    const { driver, queue, raised, xmit } = rig();
    xmit(0, 7);
    xmit(1, 8);
    expect(driver.sent).toEqual(['7 by 0', '8 by 1']);
    expect({ isIdle: queue.isIdle(), raised: raised() }).toEqual({ isIdle: true, raised: NOT_RAISED });
  });

  it('lets its one runner transmit the skbs that others queue meanwhile, in order', () => {
    const { driver, queue, raised, xmit } = rig();
    driver.during = (_, skb) => {
      if (skb === 1) for (const next of [2, 3]) xmit(1, next);
      if (skb === 3) xmit(1, 4);
    };
    xmit(0, 1);
    expect(driver.sent).toEqual(['1 by 0', '2 by 0', '3 by 0', '4 by 0']);
    expect({ isIdle: queue.isIdle(), backlog: queue.backlog, raised: raised() }).toEqual({
      isIdle: true,
      backlog: 0,
      raised: NOT_RAISED,
    });
  });

  it('continues in the softirq after 64 packets', () => {
    const { driver, cpus, queue, qdisc, raised, xmit } = rig();
    driver.during = (_, skb) => {
      if (skb === 0) for (let next = 1; next < 100; next++) xmit(1, next);
    };
    xmit(0, 0);
    expect({ sentLength: driver.sent.length, backlog: queue.backlog, isIdle: queue.isIdle() }).toEqual({
      sentLength: 64,
      backlog: 36,
      isIdle: true,
    });
    expect(raised()).toEqual(RAISED_ON_0);
    qdisc.run(cpus[0]!, queue);
    expect({ sentLength: driver.sent.length, backlog: queue.backlog }).toEqual({ sentLength: 100, backlog: 0 });
    expect(driver.sent).toEqual(Array.from({ length: 100 }, (_, skb) => `${skb} by 0`));
    expect(raised()).toEqual(NOT_RAISED);
  });

  it('keeps an skb that a full ring refuses until the ring is woken', () => {
    const { driver, cpus, queue, qdisc, raised, xmit } = rig();
    driver.statuses.push('full');
    xmit(0, 1);
    xmit(0, 2); // stopped: the driver is not called
    xmit(1, 3);
    expect({ sent: driver.sent, backlog: queue.backlog, isIdle: queue.isIdle(), raised: raised() }).toEqual({
      sent: [],
      backlog: 3,
      isIdle: true,
      raised: NOT_RAISED,
    });
    queue.ring.setStopped(false);
    qdisc.run(cpus[1]!, queue);
    expect(driver.sent).toEqual(['1 by 1', '2 by 1', '3 by 1']);
  });

  it('keeps an skb over the byte queue limit until the queue is woken, with one runner or without', () => {
    for (const oneRunner of [true, false]) {
      const { driver, cpus, queue, qdisc, raised, xmit } = rig(oneRunner, true);
      driver.during = (_, skb) => queue.byteQueueLimit.charge(100 + skb);
      xmit(0, 1);
      xmit(0, 2); // over the limit: the driver is not called
      xmit(1, 3);
      expect({ sent: driver.sent, backlog: queue.backlog, isIdle: queue.isIdle(), raised: raised() }).toEqual({
        sent: ['1 by 0'],
        backlog: 2,
        isIdle: true,
        raised: NOT_RAISED,
      });
      queue.byteQueueLimit.complete(101, 0);
      expect(queue.byteQueueLimit.wake()).toBe(true);
      qdisc.run(cpus[1]!, queue); // the limit is 101 bytes now, which the next skb exceeds
      expect({ sent: driver.sent, backlog: queue.backlog, isIdle: queue.isIdle(), raised: raised() }).toEqual({
        sent: ['1 by 0', '2 by 1'],
        backlog: 1,
        isIdle: true,
        raised: NOT_RAISED,
      });
    }
  });

  it('looks again when the ring was woken before the run ended', () => {
    const { driver, queue, raised, xmit } = rig();
    driver.statuses.push('full');
    const release = queue.unlockTx.bind(queue);
    queue.unlockTx = () => {
      queue.ring.setStopped(false); // the completion comes right after the driver has looked
      release();
    };
    xmit(0, 1);
    expect({ backlog: queue.backlog, raised: raised() }).toEqual({ backlog: 1, raised: RAISED_ON_0 });
  });

  it('tries an skb again that could not be mapped', () => {
    const { driver, cpus, queue, qdisc, raised, xmit } = rig();
    driver.statuses.push('unmappable', 'unmappable');
    xmit(0, 1);
    expect({ backlog: queue.backlog, raised: raised() }).toEqual({ backlog: 1, raised: RAISED_ON_0 });
    xmit(0, 2);
    expect({ sent: driver.sent, raised: raised() }).toEqual({ sent: [], raised: RAISED_ON_0 });
    qdisc.run(cpus[0]!, queue);
    expect(driver.sent).toEqual(['1 by 0', '2 by 0']);
  });

  it('also tries an skb again that could not be mapped while the ring was stopped', () => {
    const { driver, queue, raised, xmit } = rig();
    driver.statuses.push('unmappable');
    driver.during = () => queue.ring.setStopped(true);
    xmit(0, 1);
    expect({ backlog: queue.backlog, raised: raised() }).toEqual({ backlog: 1, raised: RAISED_ON_0 });
  });

  it('does not lose a mark when the driver refuses an skb', () => {
    const { driver, queue, raised, xmit } = rig();
    driver.statuses.push('full');
    driver.during = (_, skb) => {
      if (skb === 1) xmit(1, 2);
    };
    xmit(0, 1);
    expect({ backlog: queue.backlog, raised: raised() }).toEqual({ backlog: 2, raised: RAISED_ON_0 });
  });

  it('lets the softirq of another CPU do nothing while it runs', () => {
    const { driver, cpus, queue, qdisc, raised, xmit } = rig();
    driver.during = () => {
      driver.during = () => {};
      qdisc.run(cpus[1]!, queue);
    };
    xmit(0, 1);
    expect({ sent: driver.sent, raised: raised() }).toEqual({ sent: ['1 by 0'], raised: NOT_RAISED });
  });
});

describe('Qdisc without one runner', () => {
  it('transmits without running the queue', () => {
    const { driver, queue, xmit } = rig(false);
    driver.during = () => expect(queue.isIdle()).toBe(true);
    xmit(1, 1);
    expect(driver.sent).toEqual(['1 by 1']);
  });

  it('queues an skb that the driver refuses, and overtakes no queued skb', () => {
    const { driver, cpus, queue, qdisc, xmit } = rig(false);
    driver.statuses.push('full');
    xmit(0, 1);
    xmit(0, 2);
    expect({ sent: driver.sent, backlog: queue.backlog }).toEqual({ sent: [], backlog: 2 });
    queue.ring.setStopped(false);
    xmit(1, 3);
    expect(driver.sent).toEqual(['1 by 1', '2 by 1', '3 by 1']);
    qdisc.run(cpus[0]!, queue);
    expect(queue.backlog).toBe(0);
  });

  it('overtakes no skb that another CPU has just dequeued', () => {
    const { driver, cpus, queue, qdisc, xmit } = rig(false);
    driver.statuses.push('full');
    xmit(0, 1);
    queue.ring.setStopped(false);
    const { isIdle, lockTx } = queue;
    let resume = () => {};
    queue.isIdle = () => {
      // CPU 1 begins to run the queue between this read and the next, and gets up to the TX lock.
      queue.isIdle = isIdle;
      queue.tryBegin();
      const taken = queue.dequeue();
      resume = () => {
        driver.startXmit(cpus[1]!, queue, taken);
        if (!queue.tryEnd()) qdisc.run(cpus[1]!, queue);
      };
      return true;
    };
    queue.lockTx = (cpu) => {
      lockTx.call(queue, cpu);
      queue.lockTx = lockTx;
    };
    xmit(0, 2);
    resume();
    while (queue.backlog > 0) {
      queue.end();
      qdisc.run(cpus[1]!, queue);
    }
    expect(driver.sent.map((sent) => sent[0])).toEqual(['1', '2']);
  });
});
