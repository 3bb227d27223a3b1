/** The entry of the `copytax` command: runs the command line of the process, and ends with its exit code. */

import { run } from './program.js';
import { EXIT_FINE } from './terminal/print-error.js';
import { flushed, guardStreams } from './terminal/standard-streams.js';

guardStreams();
process.exitCode = await run(process.argv.slice(2));

// Threads of a run that failed or was stopped may never end by themselves.
if (process.exitCode !== EXIT_FINE) {
  await flushed();
  process.exit();
}
