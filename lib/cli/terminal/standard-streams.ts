/**
 * The standard streams of a command. What cannot be said on stderr is not said, and changes nothing else. A report that
 * stdout does not take is a failure, which is told in one line when the process ends.
 */
import { fileError } from '../../bench/files/file-error.js';
import { EXIT_FAILED, EXIT_FINE, errorLine } from './print-error.js';

/** What the guard needs of `process`. */
type Guarded = Pick<NodeJS.Process, 'stdout' | 'stderr' | 'exitCode' | 'on'>;

/** The reader of a pipe may close it early, as in `copytax bench | head`. That is not a failure. */
function isLoss(error: Error | null | undefined): error is Error {
  return error != null && (error as NodeJS.ErrnoException).code !== 'EPIPE';
}

/** Guards the streams of this process until it ends. Call it once, first of all. */
export function guardStreams(on: Guarded = process): void {
  let lost: Error | null = null;
  on.stderr.on('error', () => {});
  on.stdout.on('error', (error) => {
    if (isLoss(error)) lost ??= error;
  });
  on.on('exit', () => {
    // Where the process exits right after a write, its error has not been told yet.
    const error = lost ?? on.stdout.errored;
    if (!isLoss(error)) return;
    on.stderr.write(`${errorLine(fileError('the standard output', 'write', error))}\n`);
    if ((on.exitCode ?? EXIT_FINE) === EXIT_FINE) on.exitCode = EXIT_FAILED;
  });
}

/** Resolves when stdout has taken, or refused, what was written: a pipe takes it as fast as its reader reads. */
export function flushed(stream: Pick<NodeJS.WriteStream, 'write'> = process.stdout): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}
