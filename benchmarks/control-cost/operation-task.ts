/** Measures an operation as a task of tinybench, which repeats it, keeps the times, and says how far they spread. */
import { Bench, type TimestampProvider } from 'tinybench';
import type { Sample } from '../../lib/bench/plan/scenario.js';
import { CopytaxError } from '../../lib/errors.js';
import type { Operation } from './control-operations.js';

/** Time of a sample. All cells of the scenario together stay far below a fifth of a second. */
const SAMPLE_MS = 5;
/** Calls in a sample, at least: on a slow or busy host they take longer than SAMPLE_MS. */
const MIN_CALLS = 16;

/**
 * Returns a sample whose value is the median cost of an operation, nanoseconds. tinybench times each call of the task,
 * which is `batch` operations, by `clock`. It does not warm up, because the runner discards rounds until code is
 * compiled. The first calls find caches that other cells have filled, and some are interrupted: they are in the mean,
 * but not in the median. Throws what the operation throws. Runs on the calling thread and takes some milliseconds.
 */
export function measureTask(name: string, operation: Operation, batch: number, clock: TimestampProvider): Sample {
  let proof = 0;
  const bench = new Bench({
    timestampProvider: clock,
    time: SAMPLE_MS,
    iterations: MIN_CALLS,
    warmup: false,
    throws: true,
  });
  const run = () => {
    proof += operation(batch);
  };
  bench.add(name, run, { async: false }); // or tinybench calls it once to see what it returns
  const { result } = bench.runSync()[0]!;
  if (result.state !== 'completed') throw new CopytaxError('ERR_SCENARIO', `${name} ended ${result.state}`, { name });
  const { p50, p99, rme, samplesCount } = result.latency;
  return {
    value: (p50 * 1e6) / batch,
    durationMs: result.totalTime,
    ledger: {
      proof,
      timedNs: p50 * 1e6,
      'own:p99Ns': (p99 * 1e6) / batch,
      'own:marginOfError': rme / 100,
      'own:calls': samplesCount,
    },
  };
}
