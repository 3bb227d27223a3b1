/** The entry of the `copytax` command: reads process.argv, runs it, and ends with its exit code. */

import { run } from './program.js';
import { EXIT_FINE } from './terminal/print-error.js';

// Whoever reads the report may stop reading, as in `copytax bench | head`; that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await run(process.argv.slice(2));

// Threads of a run that failed or was stopped may never end.
if (process.exitCode !== EXIT_FINE) process.exit();
