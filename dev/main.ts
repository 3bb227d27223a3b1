/** The entry of `npm run explore` and `npm run stress`: reads process.argv, runs it, and ends with its exit code. */
import { EXIT_FINE } from '../lib/cli/terminal/print-error.js';
import { flushed, guardStreams } from '../lib/cli/terminal/standard-streams.js';
import { run } from './program.js';

guardStreams();
process.exitCode = await run(process.argv.slice(2));

// Threads of a run that failed or was stopped may never end.
if (process.exitCode !== EXIT_FINE) {
  await flushed();
  process.exit();
}
