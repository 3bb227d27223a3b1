/**
 * The file of the experiment's data: JSON with one turn a line, compressed where its name ends with `.gz`. It is
 * replaced as a whole, so that an experiment that is killed leaves what it had at the last time.
 */
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { CopytaxError } from '../../lib/errors.js';
import { parseVariance, type VarianceData } from './turn.js';

function fileError(path: string, verb: string, cause: unknown): CopytaxError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new CopytaxError('ERR_RESULT_FILE', `cannot ${verb} ${path} (${reason})`, { path, reason }, cause);
}

/** Returns the data as JSON: a line for each turn, and one for each other entry. */
export function varianceText(data: VarianceData): string {
  const lines = Object.entries(data).map(([name, value]) => {
    const isLong = name === 'turns' && data.turns.length > 0;
    const text = isLong ? `[\n${data.turns.map((turn) => JSON.stringify(turn)).join(',\n')}\n]` : JSON.stringify(value);
    return `${JSON.stringify(name)}: ${text}`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}

const isCompressed = (path: string) => path.endsWith('.gz');

/** Checks that the data can be written there. What is there already stays. @throws ERR_RESULT_FILE */
export function requireWritable(path: string): void {
  try {
    closeSync(openSync(path, 'a'));
  } catch (error) {
    throw fileError(path, 'write', error);
  }
}

/** Replaces the file in one step. @throws ERR_RESULT_FILE; the previous content is then still there */
export function writeVariance(path: string, data: VarianceData): void {
  const draft = `${path}.${process.pid}.tmp`;
  const text = varianceText(data);
  try {
    writeFileSync(draft, isCompressed(path) ? gzipSync(text, { level: 9 }) : text);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw fileError(path, 'write', error);
  }
}

/** @throws ERR_RESULT_FILE if it cannot be read, ERR_RESULT_SCHEMA if it is not the data of an experiment */
export function readVariance(path: string): VarianceData {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw fileError(path, 'read', error);
  }
  let value: unknown;
  try {
    value = JSON.parse((isCompressed(path) ? gunzipSync(bytes) : bytes).toString('utf8'));
  } catch (error) {
    const what = isCompressed(path) ? 'compressed JSON' : 'JSON';
    throw new CopytaxError('ERR_RESULT_SCHEMA', `${path} is not ${what}`, { source: path }, error);
  }
  return parseVariance(value, path);
}
