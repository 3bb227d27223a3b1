/** What may notice a planted error, run in a sandbox: tests by their path, or seeds of the explorer. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** How a finder ended: it found nothing, it failed, or it did not end in time, which is noticed as well. */
export type Ending = 'passed' | 'failed' | 'hung';

const LIMIT_MS = 240_000;
const EXPLORE = 'explore ';

/** The arguments of Node that run a finder. */
export function argumentsOf(finder: string): readonly string[] {
  if (finder.startsWith(EXPLORE)) return ['dist/dev/main.js', 'explore', '--seeds', finder.slice(EXPLORE.length)];
  const tests = `dist/${finder.replace(/\.ts$/, '.js')}`;
  const flags = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--bail', '--ci'];
  return [...flags, tests];
}

/** True if there is something to run under this name, in a built repository. */
export function exists(root: string, finder: string): boolean {
  return finder.startsWith(EXPLORE) || existsSync(join(root, finder));
}

/** Runs a finder in the folder of a sandbox. Resolves when its process has ended; a signal ends it. */
export function runFinder(folder: string, finder: string, signal: AbortSignal, limitMs = LIMIT_MS): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, argumentsOf(finder), { cwd: folder, stdio: 'ignore', detached: true });
    let ending: Ending = 'failed';
    // The whole group: tests have threads and processes of their own.
    const end = () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    };
    const timer = setTimeout(() => {
      ending = 'hung';
      end();
    }, limitMs);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve(code === 0 ? 'passed' : ending);
    });
  });
}
