/**
 * Times start-transmit: the work under the TX lock besides copying.
 * Models nothing: it is on the path only of a machine that measures this time.
 * Threads: as start-transmit.
 */

import { SITE } from '../smp/copy-ledger.js';
import type { Cpu } from '../smp/cpu.js';
import type { Meter } from '../smp/meter.js';
import type { Transmitter, XmitStatus } from './transmitter.js';
import type { TxQueue } from './tx-queue.js';

export class TimedDevice implements Transmitter {
  readonly #lower: Transmitter;
  readonly #meter: Meter;

  constructor(lower: Transmitter, meter: Meter) {
    this.#lower = lower;
    this.#meter = meter;
  }

  startXmit(cpu: Cpu, queue: TxQueue, skb: number): XmitStatus {
    if (!this.#meter.begin()) return this.#lower.startXmit(cpu, queue, skb);
    cpu.list.awaitStores();
    const before = copyNs(cpu);
    const status = this.#lower.startXmit(cpu, queue, skb);
    this.#meter.end(copyNs(cpu) - before);
    return status;
  }
}

function copyNs({ id, copyLedger }: Cpu): number {
  return copyLedger.nsOf(id, SITE.bounce) + copyLedger.nsOf(id, SITE.header);
}
