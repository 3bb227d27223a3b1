/**
 * Loaded before a program (`node --import`): keeps the plans of its trials and makes the trials short, because a test
 * is not about rates. Environment: `TRIALS_FILE` takes the plans as JSON when the program ends; `MEASURE_MS` is how
 * long the measured part of a trial takes instead.
 */
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { ThreadedMachine } from '../../lib/index.js';

/** A trial as the program asked for it. */
export interface SeenTrial {
  readonly design: string;
  readonly warmupMs: number;
  readonly measureMs: number;
}

// Threads of a machine load this too, and run no machine.
if (isMainThread && process.env.TRIALS_FILE !== undefined) {
  const trials: SeenTrial[] = [];
  const measureMs = Number(process.env.MEASURE_MS);
  const { run } = ThreadedMachine.prototype;
  ThreadedMachine.prototype.run = function (config, plan, signal) {
    trials.push({ design: config.design, warmupMs: plan.warmupMs, measureMs: plan.measureMs });
    const short = { ...plan, warmupMs: 20, measureMs: Math.min(plan.measureMs, 1) * measureMs };
    return run.call(this, config, short, signal);
  };
  process.on('exit', () => writeFileSync(process.env.TRIALS_FILE!, JSON.stringify(trials)));
}
