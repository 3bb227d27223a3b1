/** `copytax watch`: how full the slot pools of this host are, and what it bounces, interval by interval. */
import { setTimeout as pause } from 'node:timers/promises';
import { givenHost } from '../../tracefs/given-host.js';
import { Undoing } from '../../tracefs/undoing.js';
import { Watcher } from '../../watch/watcher.js';
import { usageError } from '../options/usage.js';
import { parseDuration, parseInteger } from '../options/values.js';
import { Interrupt } from '../terminal/interrupt.js';
import { EXIT_FINE } from '../terminal/print-error.js';
import { SampleOutput } from '../terminal/sample-output.js';

/** The options as commander returns them. */
export interface WatchOptions {
  readonly count?: string;
  readonly interval: string;
  readonly json?: boolean;
  readonly plain?: boolean;
  readonly root?: string;
}

const INTERVAL_NS = { min: 1e7, max: 3.6e12 };
const COUNT = { min: 1, max: 1e9 };
const NS_PER_MS = 1e6;
/** How often events are taken from the ring. */
const DRAIN_MS = 100;

/** Waits for the end of an interval, and takes events meanwhile. */
async function waited(watcher: Watcher, ms: number, signal: AbortSignal): Promise<void> {
  const end = performance.now() + ms;
  for (let left = ms; left > 0 && !signal.aborted; left = end - performance.now()) {
    const wait = watcher.drain() ? 0 : Math.min(left, DRAIN_MS);
    await pause(wait, undefined, { signal }).catch(() => {});
  }
}

/**
 * Resolves to the exit code, after `count` samples, or when it is stopped, or stdout is closed. Rejects with ERR_USAGE,
 * and with ERR_TRACING where the host shows nothing.
 */
export async function watchCommand(options: WatchOptions): Promise<number> {
  if (options.json && options.plain) throw usageError('--json and --plain contradict each other');
  const intervalMs = parseDuration('--interval', options.interval, INTERVAL_NS) / NS_PER_MS;
  const count = options.count === undefined ? Number.POSITIVE_INFINITY : parseInteger('--count', options.count, COUNT);
  const { files, finder } = givenHost(options.root, process.argv.slice(2));
  const undoing = new Undoing();
  const interrupt = new Interrupt(() => process.exit(interrupt.exitCode));
  const closed = new AbortController();
  process.stdout.once('error', () => closed.abort());
  const signal = AbortSignal.any([interrupt.signal, closed.signal]);
  try {
    const watcher = new Watcher({ files, finder, undoing, now: () => performance.now() });
    const output = new SampleOutput(process.stdout, options);
    for (const line of watcher.notes) process.stderr.write(`copytax: ${line}\n`);
    for (let samples = 0; samples < count; samples++) {
      await waited(watcher, intervalMs, signal);
      if (signal.aborted) break;
      output.write(watcher.sample());
    }
    return interrupt.signal.aborted ? interrupt.exitCode : EXIT_FINE;
  } finally {
    for (const failure of undoing.undo()) process.stderr.write(`copytax: not undone: ${failure}\n`);
    interrupt.close();
  }
}
