import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The ending of a process that ended by itself, without an error and without a signal. */
export const CLEAN = { code: 0, signal: null, stderr: '' };

export interface RunOptions {
  /** Options of node. */
  readonly flags?: readonly string[];
  readonly args?: readonly string[];
  /** A command that starts node, with its arguments. */
  readonly prefix?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** After which it counts as a hang. */
  readonly limitMs?: number;
}

/** Runs a compiled fixture in a process of its own. Resolves to how it ended; a hang ends by SIGKILL. */
export function runFixture(
  url: URL,
  { flags = [], args = [], prefix = [], env = {}, limitMs = 240_000 }: RunOptions = {},
): Promise<Ending> {
  const command = [...prefix, process.execPath, '--no-warnings', ...flags, fileURLToPath(url), ...args];
  return new Promise((resolve, reject) => {
    const child = spawn(command[0]!, command.slice(1), {
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: limitMs,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text) => (stdout += text));
    child.stderr.on('data', (text) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** Runs a fixture of this folder by name. */
export function lifecycle(name: string, options?: RunOptions): Promise<Ending> {
  return runFixture(new URL(`fixtures/${name}.js`, import.meta.url), options);
}
