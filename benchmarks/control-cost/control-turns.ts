/** The operations on two machines in turn, of one thread. */
import type { TimestampProvider } from 'tinybench';
import type { Sample } from '../../lib/bench/plan/scenario.js';
import { ControlOperations, type Operation, type OperationName } from './control-operations.js';
import { measureTask } from './operation-task.js';

/**
 * Machines that samples use in turn. Of an only machine the engine compiles the tables into the code, in most processes
 * but not in all: the check of a page's type then takes half as long. Threads of the transmit designs run several.
 */
const MACHINES = 2;

/** Owner: the calling thread. */
export class ControlTurns {
  readonly #machines: readonly ControlOperations[];
  readonly #operations = new Map<OperationName, { readonly each: readonly Operation[]; samples: number }>();

  /** `slotPoolBytes`: a power of two. */
  constructor(slotPoolBytes: number) {
    this.#machines = Array.from({ length: MACHINES }, () => new ControlOperations(slotPoolBytes));
  }

  /** Returns a sample of an operation on the machine whose turn it is, see `measureTask`. */
  sample(name: OperationName, batch: number, clock: TimestampProvider): Sample {
    const found = this.#operations.get(name) ?? { each: this.#machines.map((one) => one.named(name)), samples: 0 };
    this.#operations.set(name, found);
    return measureTask(name, found.each[found.samples++ % MACHINES]!, batch, clock);
  }

  close(): void {
    for (const machine of this.#machines) machine.close();
  }
}
