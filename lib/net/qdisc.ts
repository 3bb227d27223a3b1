/**
 * The queueing discipline: first in, first out, run by one CPU at a time.
 * Models: __dev_xmit_skb, __qdisc_run and sch_direct_xmit (net/core/dev.c, net/sched/sch_generic.c); the transmit
 * path's specification, section 1.1 steps 12 to 14. Who loses the race to run a qdisc has only enqueued: that is why
 * one CPU may make the bounce copies of all others.
 * Threads: any; context: process or softirq.
 */
import { type Cpu, type CpuTable, NET_TX } from '../smp/cpu.js';
import type { Driver } from './driver.js';
import { NO_SKB, type TxQueue } from './tx-queue.js';

/** Packets that one run may transmit before it hands over to the softirq (dev_weight). */
const QUOTA = 64;

export class Qdisc {
  readonly #driver: Driver;
  readonly #cpus: CpuTable;

  constructor(driver: Driver, cpus: CpuTable) {
    this.#driver = driver;
    this.#cpus = cpus;
  }

  /** Queues an skb whose transmission its socket has accounted, and transmits if nobody else is at it. */
  xmit(cpu: Cpu, queue: TxQueue, skb: number): void {
    queue.lockRoot(cpu);
    if (queue.isEmpty() && !queue.ring.isStopped() && queue.beginRun()) {
      queue.unlockRoot();
      if (this.#transmit(cpu, queue, skb)) this.#drain(cpu, queue, QUOTA - 1);
      return;
    }
    queue.enqueue(skb);
    const run = queue.beginRun();
    queue.unlockRoot();
    if (run) this.#drain(cpu, queue, QUOTA);
  }

  /** The softirq's way in: something may be transmitted again. */
  run(cpu: Cpu, queue: TxQueue): void {
    queue.lockRoot(cpu);
    const run = queue.beginRun();
    queue.unlockRoot();
    if (run) this.#drain(cpu, queue, QUOTA);
  }

  /** Transmits until the queue is empty or stopped or the quota is spent. The caller has begun the run. */
  #drain(cpu: Cpu, queue: TxQueue, quota: number): void {
    for (let left = quota; ; left--) {
      queue.lockRoot(cpu);
      const skb = left === 0 || queue.ring.isStopped() ? NO_SKB : queue.dequeue();
      if (skb === NO_SKB) {
        const more = left === 0 && !queue.isEmpty();
        queue.endRun();
        queue.unlockRoot();
        if (more) this.#cpus.raise(cpu.id, NET_TX, queue.index);
        return;
      }
      queue.unlockRoot();
      if (!this.#transmit(cpu, queue, skb)) return;
    }
  }

  /** False when the driver would not take it: the skb is back in the queue, and the run has ended. */
  #transmit(cpu: Cpu, queue: TxQueue, skb: number): boolean {
    queue.lockTx(cpu);
    const outcome = this.#driver.startXmit(cpu, queue, skb);
    queue.unlockTx();
    if (outcome === 'sent') return true;
    queue.lockRoot(cpu);
    queue.requeue(skb);
    queue.endRun();
    queue.unlockRoot();
    // A full ring is woken by completions. A mapping that failed has to be tried again: what it waits for may be
    // slots that an acknowledgement frees. A ring that was woken since is not going to be woken again.
    if (outcome === 'unmappable' || !queue.ring.isStopped()) this.#cpus.raise(cpu.id, NET_TX, queue.index);
    return false;
  }
}
