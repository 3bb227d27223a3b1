/** Runs commands that Linux refuses some system calls, by `refuse-calls.py` beside this file's source. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { it } from '@jest/globals';

// Compiled files are in dist, and only sources have the program beside them.
const PROGRAM = fileURLToPath(new URL('../../../test/support/refuse-calls.py', import.meta.url));

/**
 * Returns the command that runs another one, to be appended, to which these calls fail with `errno`, or with one of
 * their own, as in `clone3=ENOSYS`.
 */
export function refusing(calls: readonly string[], errno = 'EPERM'): string[] {
  return ['python3', PROGRAM, ...calls.map((call) => (call.includes('=') ? call : `${call}=${errno}`)), '--'];
}

const tried = spawnSync('python3', [PROGRAM, '--', 'true'], { encoding: 'utf8' });
const canRefuse = tried.status === 0;
if (!canRefuse) console.warn(`SKIPPED: calls cannot be refused here: ${tried.error ?? tried.stderr}`);

/** `it`, or `it.skip` on a host where no filter can be set. */
export const itRefused: typeof it | typeof it.skip = canRefuse ? it : it.skip;
