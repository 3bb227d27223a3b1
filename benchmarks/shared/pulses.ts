/** Pulses beside what is measured on other threads than the main one; beside that one, the runner takes them. */
import { addon } from '../../lib/memory/addon.js';

/**
 * Returns what `measure` returns, and as `pulseNs` the slower of the pulses before and after it on the calling thread,
 * nanoseconds per step.
 */
export function pulsed<Measured extends object>(
  measure: () => Measured,
  pulse = () => addon().pulse(),
): Measured & { pulseNs: number } {
  const before = pulse();
  const measured = measure();
  return { ...measured, pulseNs: Math.max(before, pulse()) };
}

/**
 * The same for another process, whose threads cannot take pulses: of threads that are made for it, one after the other
 * on each of `cpus`. Rejects with ERR_CPU_PIN where a CPU was taken away, and as `measure` does.
 */
export async function pulsedOn<Measured extends object>(
  cpus: readonly number[],
  measure: () => Promise<Measured>,
  pulseOn = (cpu: number) => addon().pulseOn(cpu),
): Promise<Measured & { pulseNs: readonly number[] }> {
  const pulses = () => cpus.map((cpu) => pulseOn(cpu));
  const before = pulses();
  const measured = await measure();
  return { ...measured, pulseNs: pulses().map((ns, at) => Math.max(ns, before[at]!)) };
}
