/** The entry of the `copytax` command: runs the command line of the process, and ends with its exit code. */

import { run } from './program.js';
import { EXIT_FINE } from './terminal/print-error.js';

// The reader of a pipe may close it early, as in `copytax bench | head`. That is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await run(process.argv.slice(2));

// Threads of a run that failed or was stopped may never end by themselves.
if (process.exitCode !== EXIT_FINE) process.exit();
