/**
 * What a logical CPU does in turn: the device, if it steps that, its softirqs, and each of its senders.
 * Owner: the thread of the CPU.
 */
import type { DeviceEngine } from '../../dma/device-engine.js';
import type { Softirqs } from '../../net/softirq.js';
import type { TransmitPath } from '../../net/transmit-path.js';
import type { Cpu } from '../../smp/cpu.js';
import type { Sender } from './sender.js';

/** A logical CPU with all that runs on it. Owner: its thread. */
export class CpuRunner {
  /** The CPU. */
  readonly cpu: Cpu;
  /** The sending tasks that run on it. @internal */
  readonly senders: readonly Sender[];
  /** The path that its senders send through, for a caller that sends by itself. @internal */
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

  /** Does one step of everything. Returns false when there was nothing to do. */
  step(): boolean {
    const engine = this.#engine;
    let progress = engine?.advance(this.cpu) ?? false;
    if (this.#softirqs.run(false)) progress = true;
    for (let i = 0; i < this.senders.length; i++) {
      if (this.senders[i]!.step()) progress = true;
    }
    return progress || this.#softirqs.run(true);
  }

  /**
   * True if a step would do something. By plain reads, which may be stale and are cheaper than a step:
   * docs/design/0004-stale-reads.md.
   */
  hasWork(): boolean {
    if (this.#engine !== null || this.#softirqs.isDue) return true;
    for (let i = 0; i < this.senders.length; i++) if (this.senders[i]!.isReady) return true;
    return false;
  }

  /** True when no sender of this CPU has anything left to send. */
  get finished(): boolean {
    return this.senders.every((sender) => sender.finished);
  }

  /** Ends the senders. What they sent is still in flight. */
  exitSenders(): void {
    for (const sender of this.senders) sender.exit();
  }
}
