/**
 * The queueing discipline: first in, first out, run by one CPU at a time.
 * Models: __dev_xmit_skb, __qdisc_run and sch_direct_xmit (net/core/dev.c, net/sched/sch_generic.c):
 * docs/spec/tx-path.md#queueing-discipline. A CPU that loses the race to run a qdisc only enqueues: that is why one CPU
 * may make the bounce copies of all others.
 * Threads: any; context: process or softirq.
 */
import { type Cpu, type CpuTable, NET_TX } from '../smp/cpu.js';
import type { Transmitter, XmitStatus } from './transmitter.js';
import { NO_SKB, type TxQueue } from './tx-queue.js';

/** Packets that one run may transmit before it continues in the softirq (dev_weight). */
const QUOTA = 64;

export class Qdisc {
  readonly queues: readonly TxQueue[];
  readonly #device: Transmitter;
  readonly #cpus: CpuTable;
  readonly #oneRunner: boolean;

  /** `oneRunner`: if false, senders transmit their own skbs under the TX lock while nothing is queued (noqueue). */
  constructor(device: Transmitter, queues: readonly TxQueue[], cpus: CpuTable, oneRunner: boolean) {
    this.queues = queues;
    this.#device = device;
    this.#cpus = cpus;
    this.#oneRunner = oneRunner;
  }

  /** The queue that a socket transmits on (netdev_pick_tx): socket i on queue i mod their number. */
  queueOf(socket: number): TxQueue {
    return this.queues[socket % this.queues.length]!;
  }

  /**
   * Queues an skb that its socket has accounted as transmitted, and runs the queue unless another CPU is running it.
   * Then softirqs may run, if the caller is a process.
   */
  xmit(cpu: Cpu, queue: TxQueue, skb: number): void {
    this.#queue(cpu, queue, skb);
    cpu.enableSoftirqs();
  }

  #queue(cpu: Cpu, queue: TxQueue, skb: number): void {
    if (!this.#oneRunner && this.#transmitPast(cpu, queue, skb)) return;
    if (!queue.tryBegin()) {
      queue.enqueue(cpu, skb);
      if (queue.beginOrMark()) this.#drain(cpu, queue, QUOTA);
    } else if (queue.isEmpty() && !queue.seemsStopped()) {
      if (this.#transmit(cpu, queue, skb) && !queue.tryEnd()) this.#drain(cpu, queue, QUOTA - 1);
    } else {
      queue.enqueue(cpu, skb);
      this.#drain(cpu, queue, QUOTA);
    }
  }

  /** Runs a queue from the softirq, when packets may be transmitted again. */
  run(cpu: Cpu, queue: TxQueue): void {
    if (queue.beginOrMark()) this.#drain(cpu, queue, QUOTA);
  }

  /** Transmits until the queue is empty or stopped, or the quota is spent. The caller has begun the run. */
  #drain(cpu: Cpu, queue: TxQueue, quota: number): void {
    for (let left = quota; ; ) {
      if (left === 0 || queue.seemsStopped()) {
        const more = left === 0 && !queue.isEmpty();
        if (queue.end() || more) this.#cpus.raise(cpu.id, NET_TX, queue.index);
        return;
      }
      const skb = queue.dequeue();
      if (skb === NO_SKB) {
        if (queue.tryEnd()) return;
      } else {
        if (!this.#transmit(cpu, queue, skb)) return;
        left--;
      }
    }
  }

  /** Transmits an skb. False if the driver refused it: the skb is back in the queue, and the run has ended. */
  #transmit(cpu: Cpu, queue: TxQueue, skb: number): boolean {
    const status = this.#startXmit(cpu, queue, skb);
    if (status === 'sent') return true;
    queue.requeue(skb);
    const marked = queue.end();
    // Completions wake a full ring. A mapping that failed has to be tried again, since the slots that it waits for may
    // be freed by an acknowledgement. A ring that was woken meanwhile will not be woken again.
    if (marked || status === 'unmappable' || !queue.ring.isStopped()) this.#cpus.raise(cpu.id, NET_TX, queue.index);
    return false;
  }

  /** Transmits past the queue. False if the queue is stopped, or holds an skb that would be overtaken. */
  #transmitPast(cpu: Cpu, queue: TxQueue, skb: number): boolean {
    if (!queue.isIdle() || !queue.isEmpty() || queue.byteQueueLimit.seemsStopped()) return false;
    queue.lockTx(cpu);
    const status = queue.isPassable() ? this.#device.startXmit(cpu, queue, skb) : 'full';
    queue.unlockTx();
    return status === 'sent';
  }

  #startXmit(cpu: Cpu, queue: TxQueue, skb: number): XmitStatus {
    queue.lockTx(cpu);
    const status = this.#device.startXmit(cpu, queue, skb);
    queue.unlockTx();
    return status;
  }
}
