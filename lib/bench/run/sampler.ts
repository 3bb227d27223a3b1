/**
 * Takes one sample of one cell. The cell measures itself; tinybench only calls it and keeps the duration, so that a
 * sample is what users of tinybench know by that name.
 */
import { Bench } from 'tinybench';
import { CopytaxError } from '../../errors.js';
import type { Cell, Sample } from '../plan/scenario.js';

/** Checked here because tinybench replaces an invalid duration by its own. */
function requireNumbers(cell: Cell, { value, durationMs }: Sample): void {
  if (Number.isFinite(value) && Number.isFinite(durationMs) && durationMs >= 0) return;
  const message = `${cell.id} returned ${value} ${cell.unit} after ${durationMs} ms, which is not a measurement`;
  throw new CopytaxError('ERR_SCENARIO', message, { id: cell.id });
}

/**
 * Resolves to what the cell returned. The cell is called exactly once: tinybench neither warms it up nor tries it
 * first. Rejects with the error of the cell, or with ERR_SCENARIO if it returned something that is not a finite number.
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
