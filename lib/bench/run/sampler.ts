/** One sample of one cell, through tinybench: it runs the cell once and records the duration that the cell measured. */
import { Bench } from 'tinybench';
import { CopytaxError } from '../../errors.js';
import type { Cell, Sample } from '../plan/scenario.js';

/** tinybench would put its own time in the place of a duration that is none. */
function requireNumbers(cell: Cell, { value, durationMs }: Sample): void {
  if (Number.isFinite(value) && Number.isFinite(durationMs) && durationMs >= 0) return;
  const message = `${cell.id} returned ${value} ${cell.unit} after ${durationMs} ms, which is no measurement`;
  throw new CopytaxError('ERR_OUT_OF_RANGE', message, { id: cell.id });
}

/**
 * Returns what the cell returned, with the duration as tinybench kept it. No warm-up, no second call, no detection
 * call: one call is one sample. Rejects with the error of the cell, or ERR_OUT_OF_RANGE when it returned no numbers.
 */
export async function takeSample(cell: Cell, signal: AbortSignal): Promise<Sample> {
  let taken: Sample | undefined;
  const bench = new Bench({ iterations: 1, time: 0, warmup: false, retainSamples: true, throws: true });
  const sampleOnce = async () => {
    taken = await cell.sample(signal);
    requireNumbers(cell, taken);
    return { overriddenDuration: taken.durationMs };
  };
  bench.add(cell.id, sampleOnce, { async: true });
  const [task] = await bench.run();
  const result = task!.result;
  const durationMs = 'latency' in result ? result.latency.samples?.[0] : undefined;
  return { ...taken!, durationMs: durationMs ?? taken!.durationMs };
}
