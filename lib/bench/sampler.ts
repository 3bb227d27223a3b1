/** One sample of one cell, through tinybench: it runs the cell once and records the duration that the cell measured. */
import { Bench } from 'tinybench';
import type { Cell, Sample } from './scenario.js';

/**
 * Returns what the cell returned, with the duration as tinybench kept it. No warm-up, no second call, no detection
 * call: one call is one sample. Rejects with the error of the cell.
 */
export async function takeSample(cell: Cell, signal: AbortSignal): Promise<Sample> {
  let taken: Sample | undefined;
  const bench = new Bench({ iterations: 1, time: 0, warmup: false, retainSamples: true, throws: true });
  const sampleOnce = async () => {
    taken = await cell.sample(signal);
    return { overriddenDuration: taken.durationMs };
  };
  bench.add(cell.id, sampleOnce, { async: true });
  const [task] = await bench.run();
  const result = task!.result;
  const durationMs = 'latency' in result ? result.latency.samples?.[0] : undefined;
  return { ...taken!, durationMs: durationMs ?? taken!.durationMs };
}
