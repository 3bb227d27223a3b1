/** Pulses beside what is measured on other threads than the main one; beside that one, the runner takes them. */
import { addon } from '../../lib/addon/addon.js';
import { pinErrno } from '../../lib/bench/host/pinning.js';
import { RecentPulse } from '../../lib/memory/recent-pulse.js';

/** A hundred times what it takes to make a thread for a pulse, with the pulse: for each CPU that gets one. */
const FRESH_MS_PER_CPU = 4;

const ofThisThread = new RecentPulse();

/**
 * Returns what `measure` returns, and as `pulseNs` the slower of the pulses before and after it on the calling thread,
 * nanoseconds per step. Both may be the same one, see `RecentPulse`.
 */
export function pulsed<Measured extends object>(
  measure: () => Measured,
  recent: Pick<RecentPulse, 'read'> = ofThisThread,
): Measured & { pulseNs: number } {
  const before = recent.read();
  const measured = measure();
  return { ...measured, pulseNs: Math.max(before, recent.read()) };
}

/** Pulses of a CPU; of whatever CPU this thread is on, where no thread may be pinned. */
const pulsesNear = (cpu: number) => (pinErrno() === null ? () => addon().pulseOn(cpu) : () => addon().pulse());

/**
 * Pulses beside what another process measures, whose threads cannot take any: of threads that are made for it, on one
 * CPU after the other.
 */
export class RemotePulses {
  readonly #recent: readonly Pick<RecentPulse, 'read'>[];

  /** `cpus`: of the host, in the order of the threads of that process. */
  constructor(
    cpus: readonly number[],
    of = (cpu: number): Pick<RecentPulse, 'read'> => new RecentPulse(pulsesNear(cpu), FRESH_MS_PER_CPU * cpus.length),
  ) {
    this.#recent = cpus.map(of);
  }

  /**
   * As `pulsed`, on the first `count` CPUs; all if there are fewer. Rejects with ERR_CPU_PIN where a CPU was taken
   * away, and as `measure` does.
   */
  async beside<Measured extends object>(
    count: number,
    measure: () => Promise<Measured>,
  ): Promise<Measured & { pulseNs: readonly number[] }> {
    const read = () => this.#recent.slice(0, count).map((recent) => recent.read());
    const before = read();
    const measured = await measure();
    return { ...measured, pulseNs: read().map((ns, at) => Math.max(ns, before[at]!)) };
  }
}
