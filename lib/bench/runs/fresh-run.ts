/** One run in a process of its own: the same Node with the same flags, on the CPUs that this process may use. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageFolder } from '../../package-facts.js';
import { parseResult, type ResultDocument } from '../result/result.js';
import type { Progress } from '../run/runner.js';
import type { RunMessage } from './run-reporter.js';

/** The `copytax` command. */
const COMMAND = join(packageFolder(), 'scripts', 'copytax.cjs');

/** A stopped run that has not ended after this time is killed. Who stopped it waits for no more than half a second. */
const GRACE_MS = 300;
/** How much of what a run has said on stderr is kept, characters from the end. */
const SAID = 20_000;

export interface FreshRunHooks {
  /** Stops the run: its process is gone within the second. */
  readonly signal: AbortSignal;
  readonly onProgress?: (step: Progress) => void;
  /** The program to run instead of the `copytax` command: a path. */
  readonly command?: string;
}

/** How a run has ended. */
export interface FreshRun {
  /** Null: the run did not complete. */
  readonly document: ResultDocument | null;
  /** `exit code 1` or `signal SIGKILL`, of its process. */
  readonly ending: string;
  /** What it said on stderr, with its last line end. */
  readonly said: string;
}

function stopWith(signal: AbortSignal, child: ChildProcess): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    child.kill('SIGTERM');
    timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return () => {
    signal.removeEventListener('abort', stop);
    clearTimeout(timer);
  };
}

/**
 * Runs `copytax bench` with these arguments in a new process. Resolves when that has ended, however it did; rejects
 * with ERR_RESULT_SCHEMA if its document is none.
 */
export async function freshRun(args: readonly string[], hooks: FreshRunHooks): Promise<FreshRun> {
  const { signal, onProgress, command = COMMAND } = hooks;
  const child = fork(command, ['bench', ...args, '--as-run'], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let said = '';
  let received: unknown = null;
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-SAID);
  });
  child.on('message', (message) => {
    const { kind } = message as RunMessage;
    if (kind === 'progress') onProgress?.((message as Extract<RunMessage, { kind: 'progress' }>).step);
    else received = (message as Extract<RunMessage, { kind: 'document' }>).document;
  });
  const release = stopWith(signal, child);
  try {
    const [code, killedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    const document = received === null ? null : parseResult(received, 'the run');
    const ending = killedBy === null ? `exit code ${code}` : `signal ${killedBy}`;
    return { document: document?.complete ? document : null, ending, said };
  } finally {
    release();
  }
}
