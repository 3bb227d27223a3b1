/** The entry of the `copytax` command: reads process.argv, runs it, and ends with its exit code. */
import { EXIT_INTERRUPTED } from './print-error.js';
import { run } from './program.js';

// Whoever reads the report may stop reading, as in `copytax bench | head`; that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await run(process.argv.slice(2));

// Whoever interrupts does not wait for threads that are slow to end.
if (process.exitCode === EXIT_INTERRUPTED) process.exit();
