/** Programs in C++ that measurements are held against. They are no part of the package's library, so they are compiled when asked for. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CopytaxError } from '../../lib/errors.js';

const SOURCES = new URL('../../../native/yardstick/', import.meta.url);
const BUILD = fileURLToPath(new URL('../../../build/yardstick/', import.meta.url));

function modified(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Number.NEGATIVE_INFINITY;
}

/**
 * Compiles `native/yardstick/NAME.cc`, unless that was done since it and its `headers` changed, and answers the path of
 * the program. Takes a second or two. @throws ERR_NO_COMPILER
 */
export function nativeProgram(name: string, headers: readonly string[] = []): string {
  const [source, ...included] = [`${name}.cc`, ...headers].map((file) => fileURLToPath(new URL(file, SOURCES)));
  const program = `${BUILD}${name}`;
  if (modified(program) > Math.max(...[source!, ...included].map(modified))) return program;
  const compiler = process.env.CXX ?? 'c++';
  const unfinished = `${program}.${process.pid}`;
  try {
    mkdirSync(BUILD, { recursive: true });
    execFileSync(compiler, ['-std=c++17', '-O3', '-pthread', source!, '-o', unfinished], {
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    renameSync(unfinished, program);
  } catch (error) {
    const { message } = error as Error;
    throw new CopytaxError('ERR_NO_COMPILER', `${compiler} made no program of ${source}: ${message}`, { name }, error);
  }
  return program;
}
