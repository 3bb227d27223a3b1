/**
 * A network device as the queueing discipline sees it: start-transmit, with the CPU knowing whose packet it is.
 * Models: the patch's per-CPU current_tx_socket around ndo_start_xmit, nested for stacked devices (VLAN, bond, tunnel):
 * docs/spec/tx-path.md#the-socket-being-transmitted. The previous values are restored, whatever the device returns.
 * Threads: under the TX lock of the queue; context: process or softirq.
 */
import type { Cpu } from '../smp/cpu.js';
import { NO_SOCKET } from '../smp/cpu.js';
import type { SkbTable } from './skb.js';
import type { Transmitter, XmitStatus } from './transmitter.js';
import type { TxQueue } from './tx-queue.js';

export class NetDevice implements Transmitter {
  readonly #lower: Transmitter;
  readonly #skbs: SkbTable;
  readonly #dmaParents: readonly number[];
  readonly #orphans: boolean;

  /**
   * @param dmaParents for each queue, the number of the device that maps its packets
   * @param orphans true if packets lose their socket on the way here, as in tunnels
   */
  constructor(lower: Transmitter, skbs: SkbTable, dmaParents: readonly number[], orphans = false) {
    this.#lower = lower;
    this.#skbs = skbs;
    this.#dmaParents = dmaParents;
    this.#orphans = orphans;
  }

  startXmit(cpu: Cpu, queue: TxQueue, skb: number): XmitStatus {
    const { txSocket, txDevice } = cpu;
    cpu.txSocket = this.#orphans ? NO_SOCKET : this.#skbs.socket(skb);
    cpu.txDevice = this.#dmaParents[queue.index]!;
    const status = this.#lower.startXmit(cpu, queue, skb);
    cpu.txSocket = txSocket;
    cpu.txDevice = txDevice;
    return status;
  }
}
