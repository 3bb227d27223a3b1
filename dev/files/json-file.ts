/**
 * Files of data that experiments write: JSON, compressed where the name ends with `.gz`. They are replaced as a whole,
 * so that an experiment that is killed leaves what it had at the last time.
 */
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { CopytaxError } from '../../lib/errors.js';

function fileError(path: string, verb: string, cause: unknown): CopytaxError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new CopytaxError('ERR_RESULT_FILE', `cannot ${verb} ${path} (${reason})`, { path, reason }, cause);
}

const isCompressed = (path: string) => path.endsWith('.gz');

/** Checks that data can be written there. What is there already stays. @throws ERR_RESULT_FILE */
export function requireWritable(path: string): void {
  try {
    closeSync(openSync(path, 'a'));
  } catch (error) {
    throw fileError(path, 'write', error);
  }
}

/** Replaces the file in one step. @throws ERR_RESULT_FILE; the previous content is then still there */
export function writeWhole(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, isCompressed(path) ? gzipSync(text, { level: 9 }) : text);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw fileError(path, 'write', error);
  }
}

/** Returns the value in the file. @throws ERR_RESULT_FILE if it cannot be read, ERR_RESULT_SCHEMA if it is not JSON */
export function readJson(path: string): unknown {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw fileError(path, 'read', error);
  }
  try {
    return JSON.parse((isCompressed(path) ? gunzipSync(bytes) : bytes).toString('utf8'));
  } catch (error) {
    const what = isCompressed(path) ? 'compressed JSON' : 'JSON';
    throw new CopytaxError('ERR_RESULT_SCHEMA', `${path} is not ${what}`, { source: path }, error);
  }
}
