/** The role of one thread of an explored machine: a CPU, the background worker, or the disturber. */
import type { Cpu } from '../../lib/smp/cpu.js';

/** What a `CpuRunner` is to its thread. */
export interface Role {
  readonly cpu: Cpu;
  /** The senders of this thread, with the page that each holds. */
  readonly senders: readonly { readonly socket: number; readonly heldPage: number }[];
  /** True once its senders have sent everything. */
  readonly finished: boolean;
  /** Returns false if there was nothing to do. */
  step(): boolean;
  exitSenders(): void;
}
