/**
 * The file of a result. It is opened before anything is measured, so that a wrong path is refused at once. It is
 * replaced after each scenario, so that a run that is killed leaves the last complete document and never a part of one.
 */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CopytaxError } from '../../errors.js';
import { parseResult, type ResultDocument } from './result.js';

function fileError(path: string, verb: string, cause: unknown): CopytaxError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new CopytaxError('ERR_RESULT_FILE', `cannot ${verb} ${path} (${reason})`, { path, reason }, cause);
}

/**
 * JSON with one entry a line, indented by one space, except that an array of numbers stands on one line: two versions
 * of a file then differ in a line per changed cell, not in a line per sample.
 */
export function resultText(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  if (isList && value.every((item) => typeof item === 'number')) return JSON.stringify(value).replaceAll(',', ', ');
  const inner = `${indent} `;
  const entries = isList
    ? value.map((item) => resultText(item, inner))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${JSON.stringify(key)}: ${resultText(item, inner)}`);
  const [open, close] = isList ? '[]' : '{}';
  return entries.length === 0
    ? `${open}${close}`
    : `${open}\n${inner}${entries.join(`,\n${inner}`)}\n${indent}${close}`;
}

function writeComplete(path: string, text: string): void {
  const file = openSync(path, 'w');
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    if (fstatSync(file).isFile()) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Owned by the run that opened it; main thread only. */
export class ResultFile {
  /** The path with symbolic links resolved, so that a link stays a link. */
  readonly path: string;
  /** Where the next content is written, or null for a device or a pipe, which a file must not replace. */
  readonly #draft: string | null;

  private constructor(path: string, draft: string | null) {
    this.path = path;
    this.#draft = draft;
  }

  /** Checks that results can be written there, without changing what is there. @throws ERR_RESULT_FILE */
  static open(name: string): ResultFile {
    try {
      if (statSync(name, { throwIfNoEntry: false })?.isDirectory())
        throw Object.assign(new Error(), { code: 'EISDIR' });
      closeSync(openSync(name, 'a'));
      const path = realpathSync(name);
      if (!statSync(path).isFile()) return new ResultFile(path, null);
      const draft = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
      writeComplete(draft, '');
      rmSync(draft);
      return new ResultFile(path, draft);
    } catch (error) {
      throw fileError(name, 'write', error);
    }
  }

  /**
   * Replaces the content in one step. A device or a pipe receives only the `last` document.
   * @throws ERR_RESULT_FILE; the previous content is then still there
   */
  write(document: ResultDocument, last: boolean): void {
    const text = `${resultText(document)}\n`;
    try {
      if (this.#draft === null) {
        if (last) writeComplete(this.path, text);
        return;
      }
      writeComplete(this.#draft, text);
      renameSync(this.#draft, this.path);
    } catch (error) {
      if (this.#draft !== null) rmSync(this.#draft, { force: true });
      throw fileError(this.path, 'write', error);
    }
  }
}

/** Reads a result file. @throws ERR_RESULT_FILE if it cannot be read, ERR_RESULT_SCHEMA if it is not a result */
export function readResult(path: string): ResultDocument {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw fileError(path, 'read', error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CopytaxError('ERR_RESULT_SCHEMA', `${path} is not JSON`, { source: path }, error);
  }
  return parseResult(value, path);
}
