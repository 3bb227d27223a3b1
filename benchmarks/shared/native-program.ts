/**
 * Programs in C++ that measurements are compared with. They are no part of the addon, so each is compiled when it is
 * asked for: again after `node-gyp rebuild`, which empties build/.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CopytaxError } from '../../lib/errors.js';

const sourcesFolder = () => fileURLToPath(new URL('../../../native/yardstick/', import.meta.url));
const buildFolder = () => fileURLToPath(new URL('../../../build/yardstick/', import.meta.url));

function modifiedMs(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Number.NEGATIVE_INFINITY;
}

/**
 * Compiles `native/yardstick/NAME.cc`, unless that was done since a file of that folder changed, and returns the path
 * of the program. Takes a second or two. @throws ERR_NO_COMPILER
 */
export function nativeProgram(name: string): string {
  const source = join(sourcesFolder(), `${name}.cc`);
  const program = join(buildFolder(), name);
  const changedMs = Math.max(...readdirSync(sourcesFolder()).map((file) => modifiedMs(join(sourcesFolder(), file))));
  if (modifiedMs(program) > changedMs) return program;
  const compiler = process.env.CXX ?? 'c++';
  const unfinished = `${program}.${process.pid}`;
  try {
    mkdirSync(buildFolder(), { recursive: true });
    execFileSync(compiler, ['-std=c++17', '-O3', '-pthread', source, '-o', unfinished], {
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    renameSync(unfinished, program);
  } catch (error) {
    // Results have this text, so it names no folder of the host. What the compiler said is in the cause.
    const called = basename(compiler);
    const { code, status } = error as { code?: string; status?: number | null };
    const why = code === undefined ? `it ended with ${status ?? 'a signal'}` : `spawnSync ${called} ${code}`;
    throw new CopytaxError(
      'ERR_NO_COMPILER',
      `${called} does not compile native/yardstick/${name}.cc: ${why}`,
      { name },
      error,
    );
  }
  return program;
}
