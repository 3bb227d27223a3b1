/** Runs the built command on a folder that `fakeHost` made, with what Linux does there simulated in its process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TRACING } from './fake-tracing-files.js';

const MAIN = fileURLToPath(new URL('../../lib/cli/main.js', import.meta.url));
const PRELOAD = new URL('fake-preload.js', import.meta.url).href;

export interface CommandEnding {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `onText` is called for what comes on either stream, with all of it so far. `prefix`: a command that starts it. */
export async function onFakeHost(
  root: string,
  args: readonly string[],
  onText: (child: ChildProcess, said: string) => void = () => {},
  prefix: readonly string[] = [],
): Promise<CommandEnding> {
  const words = [...prefix, process.execPath, '--import', PRELOAD, MAIN, ...args, '--root', root];
  const child = spawn(words[0]!, words.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      onText(child, output.stdout + output.stderr);
    });
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, ...output };
}

/** All settings of the simulated tracing as text, which no command may change for longer than it runs. */
export function tracingSettings(root: string): string {
  const files = readdirSync(join(root, TRACING), { recursive: true, encoding: 'utf8' }).sort();
  return files
    .map((name) => join(root, TRACING, name))
    .map((file) => `${file}\n${statSync(file).isFile() ? readFileSync(file, 'utf8') : ''}`)
    .join('\n');
}
