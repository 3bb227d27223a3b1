/**
 * What takes a packet and gives it to a device: a driver, or a device that stands before one.
 * Models: ndo_start_xmit (include/linux/netdevice.h) and what it returns.
 * Threads: under the TX lock of the queue; context: process or softirq.
 */
import type { Cpu } from '../smp/cpu.js';
import type { TxQueue } from './tx-queue.js';

/** `full`: the ring is stopped until completions wake it. `unmappable`: the DMA layer had no address to give. */
export type XmitStatus = 'sent' | 'full' | 'unmappable';

export interface Transmitter {
  startXmit(cpu: Cpu, queue: TxQueue, skb: number): XmitStatus;
}
