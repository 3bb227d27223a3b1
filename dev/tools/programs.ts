/** Programs of others: where they are, which version they have, and what they print. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { usageError } from '../../lib/cli/options/usage.js';

/** The tools that copytax is compared with, by the package of Debian that has each. */
export const TOOLS = { mbw: 'mbw', perf: 'linux-perf', 'stress-ng': 'stress-ng' } as const;
export type ToolName = keyof typeof TOOLS;
export const TOOL_NAMES = Object.keys(TOOLS) as ToolName[];

/** None of them takes as long, so one that does hangs. */
const LIMIT_MS = 120_000;

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Returns the path of a program; null where no folder of `path` has it. */
export function findProgram(name: string, path = process.env.PATH ?? ''): string | null {
  const files = path.split(delimiter).flatMap((folder) => (folder === '' ? [] : join(folder, name)));
  return files.find(isExecutable) ?? null;
}

export const missingLine = (name: ToolName): string =>
  `SKIPPED: ${name} is not installed: apt-get install ${TOOLS[name]}`;

/** Makes the error for a program whose output is not what it should be. */
export function strangeOutput(name: string, wanted: string, output: string): Error {
  const [line = ''] = output.split('\n').filter((text) => text.trim() !== '');
  const said = line === '' ? 'nothing' : `'${line.slice(0, 80)}' first`;
  return usageError(`${name} does not print ${wanted}: it prints ${said}`);
}

/** Runs a program to its end, on the CPU of this thread, and returns stdout. @throws ERR_USAGE if it does not run */
export function outputOf(file: string, args: readonly string[]): string {
  const { error, status, signal, stdout, stderr } = spawnSync(file, args, {
    encoding: 'utf8',
    timeout: LIMIT_MS,
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status === 0) return stdout;
  // Null where the program did not start.
  const said = (stderr as string | null)?.split('\n').find((line) => line.trim() !== '');
  const ended = error?.message ?? (status === null ? `it ended by ${signal}` : `it ended with ${status}`);
  throw usageError(`${[file, ...args].join(' ')} does not run: ${ended}${said === undefined ? '' : `: ${said}`}`);
}

/** Returns the version of a tool; null where it tells none, as `mbw`, and no package is known. */
export function versionOf(name: ToolName, file: string): string | null {
  try {
    if (name === 'mbw') return /^Version: (\S+)$/m.exec(outputOf('dpkg-query', ['--status', TOOLS.mbw]))?.[1] ?? null;
    return /\d+\.\d+[\w.-]*/.exec(outputOf(file, ['--version']))?.[0] ?? null;
  } catch {
    return null;
  }
}
