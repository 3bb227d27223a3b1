/**
 * What a logical CPU does: its softirqs, one step of each of its senders, and the device if it plays that.
 * Owner: the thread of the CPU.
 */
import type { DeviceEngine } from '../../dma/device-engine.js';
import type { Softirqs } from '../../net/softirq.js';
import type { TransmitPath } from '../../net/transmit-path.js';
import type { Cpu } from '../../smp/cpu.js';
import type { Sender } from './sender.js';

export class CpuRunner {
  readonly cpu: Cpu;
  readonly senders: readonly Sender[];
  /** What its tasks send through, for a program that sends by itself. */
  readonly path: TransmitPath;
  readonly #softirqs: Softirqs;
  readonly #engine: DeviceEngine | null;

  constructor(
    cpu: Cpu,
    path: TransmitPath,
    softirqs: Softirqs,
    senders: readonly Sender[],
    engine: DeviceEngine | null,
  ) {
    this.cpu = cpu;
    this.path = path;
    this.senders = senders;
    this.#softirqs = softirqs;
    this.#engine = engine;
  }

  /** One turn of everything. False when there was nothing to do. */
  step(): boolean {
    const engine = this.#engine;
    let progress = engine?.advance(this.cpu) ?? false;
    if (this.#softirqs.run(false)) progress = true;
    for (let i = 0; i < this.senders.length; i++) {
      if (this.senders[i]!.step()) progress = true;
    }
    return progress || this.#softirqs.run(true);
  }

  /** A glance, cheaper than a step, at whether a step would do something. */
  hasWork(): boolean {
    if (this.#engine !== null || this.#softirqs.isDue) return true;
    for (let i = 0; i < this.senders.length; i++) if (this.senders[i]!.isReady) return true;
    return false;
  }

  /** Nobody on this CPU has anything left to send. */
  get finished(): boolean {
    return this.senders.every((sender) => sender.finished);
  }

  /** The tasks end; what they sent is still on its way. */
  exitSenders(): void {
    for (const sender of this.senders) sender.exit();
  }
}
