/**
 * Where results go. The file is opened before anything is measured, so that a wrong path costs no minute, and replaced
 * whole after each scenario, so that a killed run leaves the last complete document and never half of one.
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

function writeWhole(path: string, text: string): void {
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
  /** With symbolic links resolved: a link stays a link. */
  readonly path: string;
  /** Where the next content grows, or null for a device or a pipe, which must not be replaced by a file. */
  readonly #draft: string | null;

  private constructor(path: string, draft: string | null) {
    this.path = path;
    this.#draft = draft;
  }

  /** Proves that results can be written there, without touching what is there. Throws ERR_RESULT_FILE. */
  static open(name: string): ResultFile {
    try {
      if (statSync(name, { throwIfNoEntry: false })?.isDirectory())
        throw Object.assign(new Error(), { code: 'EISDIR' });
      closeSync(openSync(name, 'a'));
      const path = realpathSync(name);
      if (!statSync(path).isFile()) return new ResultFile(path, null);
      const draft = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
      writeWhole(draft, '');
      rmSync(draft);
      return new ResultFile(path, draft);
    } catch (error) {
      throw fileError(name, 'write', error);
    }
  }

  /**
   * Replaces the content in one step; a device or pipe only receives the `last` document.
   * Throws ERR_RESULT_FILE; then the previous content is still there.
   */
  write(document: ResultDocument, last: boolean): void {
    const text = `${JSON.stringify(document, null, 1)}\n`;
    try {
      if (this.#draft === null) {
        if (last) writeWhole(this.path, text);
        return;
      }
      writeWhole(this.#draft, text);
      renameSync(this.#draft, this.path);
    } catch (error) {
      if (this.#draft !== null) rmSync(this.#draft, { force: true });
      throw fileError(this.path, 'write', error);
    }
  }
}

/** Reads a result file. Throws ERR_RESULT_FILE when it cannot be read, ERR_RESULT_SCHEMA when it is something else. */
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
