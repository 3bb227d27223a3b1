/**
 * Softirqs of one CPU: transmission that has to be resumed, and the poll that cleans up after the device.
 * Models: net_tx_action and net_rx_action with a poll that cleans the TX ring (net/core/dev.c):
 * docs/spec/tx-path.md#completion. Deviation: they run between the steps of the CPU's processes, and behind each packet
 * that one transmits (`Cpu.enableSoftirqs`).
 * Owner: the thread of the CPU.
 */

import type { InterruptThrottle } from '../dma/interrupt-throttle.js';
import { PROCESS, SOFTIRQ } from '../smp/copy-ledger.js';
import { type Cpu, NET_RX, NET_TX, type SoftirqRunner } from '../smp/cpu.js';
import type { CompletionSink, Driver } from './driver.js';
import type { PeerTable } from './peer.js';
import type { Qdisc } from './qdisc.js';
import type { SkbTable } from './skb.js';
import type { PathParts, TransmitPath } from './transmit-path.js';
import type { TxQueue } from './tx-queue.js';

/** How long completions wait for an interrupt at most (ethtool's tx-usecs), on a busy and on an idle CPU. */
const INTERRUPT_NS = 20_000;
const IDLE_INTERRUPT_NS = 5_000;

/** Who takes the interrupts of the queues, and when. */
export interface Interrupts {
  /** The CPU that takes those of each queue. */
  readonly cpus: readonly number[];
  /** How often a queue may interrupt; that of the CPU. */
  readonly throttle: InterruptThrottle;
}

/** Packets that one poll may clean before others get their turn (netdev_budget per poll). */
export const POLL_BUDGET = 64;

export class Softirqs implements CompletionSink, SoftirqRunner {
  readonly #cpu: Cpu;
  readonly #driver: Driver;
  readonly #qdisc: Qdisc;
  readonly #path: TransmitPath;
  readonly #peers: PeerTable;
  readonly #skbs: SkbTable;
  readonly #queues: readonly TxQueue[];
  readonly #irqCpus: readonly number[];
  readonly #throttle: InterruptThrottle;
  /** Sockets whose queue interrupts this CPU. */
  readonly #served: Int32Array;
  /** Per socket: something completed in this poll. */
  readonly #touched: Uint8Array;
  #anyTouched = false;
  #polledAt = 0;

  /** `parts`: those of `path`. */
  constructor(cpu: Cpu, driver: Driver, path: TransmitPath, parts: PathParts, { cpus, throttle }: Interrupts) {
    this.#cpu = cpu;
    this.#driver = driver;
    this.#qdisc = parts.qdisc;
    this.#path = path;
    this.#peers = parts.peers;
    this.#skbs = parts.skbs;
    this.#queues = parts.qdisc.queues;
    this.#irqCpus = cpus;
    this.#throttle = throttle;
    const { sockets } = parts.sockets.limits;
    const served: number[] = [];
    for (let s = 0; s < sockets; s++) if (cpus[s % this.#queues.length] === cpu.id) served.push(s);
    this.#served = Int32Array.from(served);
    this.#touched = new Uint8Array(sockets);
  }

  /**
   * True if something is pending or has become due with time. Plain reads, may be stale
   * (docs/design/0004-stale-reads.md).
   */
  get isDue(): boolean {
    const { id, table } = this.#cpu;
    if (table.isPending(id) || this.#isTimed || this.#overdueQueues(IDLE_INTERRUPT_NS) !== 0) return true;
    return this.#throttle.isDue(this.#cpu.list.now);
  }

  /**
   * Runs what is pending. True if there was something. Completions do not wait for ever until enough packets are done
   * for an interrupt: they are polled after a while, sooner on an idle CPU, as devices adapt to the load.
   */
  run(isIdle: boolean): boolean {
    const cpu = this.#cpu;
    const timed = this.#isTimed;
    const overdue = this.#overdueQueues(isIdle ? IDLE_INTERRUPT_NS : INTERRUPT_NS);
    const throttle = this.#throttle;
    if (!timed && overdue === 0 && !cpu.table.isPending(cpu.id) && !throttle.isDue(cpu.list.now)) return false;
    cpu.context = SOFTIRQ;
    const tx = cpu.table.take(cpu.id, NET_TX);
    if (tx !== 0) this.#transmit(tx);
    const causes = cpu.table.take(cpu.id, NET_RX) | overdue;
    const rx = throttle.deliver(causes, cpu.list.now, cpu.table.isDraining());
    if (rx !== 0) this.#poll(rx);
    const acknowledged = timed && this.#acknowledge(true);
    cpu.context = PROCESS;
    return tx !== 0 || rx !== 0 || acknowledged;
  }

  /** Notes whose packet it was, so that this poll ends with a look at that socket. */
  onCompletion(cpu: Cpu, skb: number): void {
    this.#touched[this.#skbs.socket(skb)] = 1;
    this.#anyTouched = true;
    this.#path.finish(cpu, skb);
  }

  #transmit(mask: number): void {
    const queues = this.#queues;
    for (let queue = 0; queue < queues.length; queue++) {
      if (mask & (1 << queue)) this.#qdisc.run(this.#cpu, queues[queue]!);
    }
  }

  /** Mask of the queues that interrupt this CPU and have completions, if the last poll was at least `afterNs` ago. */
  #overdueQueues(afterNs: number): number {
    if (this.#cpu.list.now - this.#polledAt < afterNs) return 0;
    const queues = this.#queues;
    let mask = 0;
    for (let queue = 0; queue < queues.length; queue++) {
      if (this.#irqCpus[queue] === this.#cpu.id && queues[queue]!.ring.seemsDirty()) mask |= 1 << queue;
    }
    return mask;
  }

  #poll(mask: number): void {
    const cpu = this.#cpu;
    this.#polledAt = cpu.list.now;
    const driver = this.#driver;
    const queues = this.#queues;
    for (let index = 0; index < queues.length; index++) {
      if ((mask & (1 << index)) === 0) continue;
      const queue = queues[index]!;
      if (driver.poll(cpu, queue, POLL_BUDGET, this) === POLL_BUDGET) {
        cpu.table.raise(cpu.id, NET_RX, index);
        this.#throttle.reopen(index);
      }
      if (driver.wake(cpu, queue)) cpu.table.raise(cpu.id, NET_TX, index);
    }
    if (this.#anyTouched) this.#acknowledge(false);
  }

  get #isTimed(): boolean {
    return this.#peers.isTimed || this.#path.isTimed;
  }

  /**
   * Lets peers acknowledge, and lets sockets act on acknowledgements, completions and time that has passed. An
   * acknowledgement comes with an interrupt, as completions do: with theirs, or with one of its own.
   */
  #acknowledge(all: boolean): boolean {
    const cpu = this.#cpu;
    const peers = this.#peers;
    const path = this.#path;
    const now = all ? cpu.clock() : cpu.list.now;
    const open = all ? this.#throttle.openQueues(now, cpu.table.isDraining()) : 0;
    let interrupts = 0;
    let progress = false;
    for (let i = 0; i < this.#served.length; i++) {
      const socket = this.#served[i]!;
      const touched = this.#touched[socket] !== 0;
      if (!touched && !all) continue;
      this.#touched[socket] = 0;
      const own = touched ? 0 : open & (1 << (socket % this.#queues.length));
      const acknowledged = (touched || own !== 0) && peers.acknowledge(socket, now);
      if (acknowledged) interrupts |= own;
      if (acknowledged || touched || path.isDue(socket, now)) {
        path.softirq(socket);
        progress = true;
      }
    }
    this.#anyTouched = false;
    if (interrupts !== 0) this.#throttle.close(interrupts, now);
    return progress;
  }
}
