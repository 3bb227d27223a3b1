/**
 * Files of data that experiments write: JSON, compressed where the name ends with `.gz`. They are replaced as a whole,
 * so that an experiment that is killed leaves what it had at the last time.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { fileError } from '../../lib/bench/files/file-error.js';
import { realFile, replaceFile, requireReplaceable } from '../../lib/bench/files/replace-file.js';
import { CopytaxError } from '../../lib/errors.js';

const isCompressed = (path: string) => path.endsWith('.gz');

/** Checks that data can be written there. What is there already stays. @throws ERR_RESULT_FILE */
export function requireWritable(path: string): void {
  try {
    requireReplaceable(realFile(path));
  } catch (error) {
    throw fileError(path, 'write', error);
  }
}

/** Replaces the file in one step. @throws ERR_RESULT_FILE; the previous content is then still there */
export function writeWhole(path: string, text: string): void {
  try {
    replaceFile(realFile(path), isCompressed(path) ? gzipSync(text, { level: 9 }) : text);
  } catch (error) {
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
