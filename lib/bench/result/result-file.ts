/**
 * The file of a result. It is opened before anything is measured, so that a wrong path is refused at once. It is
 * replaced after each scenario, so that a run that is killed leaves the last complete document and never a part of one.
 */
import { statSync } from 'node:fs';
import { isStdout, openByteStream, writeByteStream } from '../files/byte-stream.js';
import { fileError } from '../files/file-error.js';
import { readJson } from '../files/read-json.js';
import { realFile, replaceFile, requireReplaceable } from '../files/replace-file.js';
import { parseResult, type ResultDocument } from './result.js';

/** How long the reader of a pipe may take nothing, milliseconds: a stopped run has to be gone within a second. */
const PATIENCE_MS = 5000;
const STOPPED_PATIENCE_MS = 200;

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

/** Owned by the run that opened it; main thread only. */
export class ResultFile {
  /** The path; that of a file has its symbolic links resolved, so that a link stays a link. */
  readonly path: string;
  /** What is written there comes out of the standard output, which has then no room for anything else. */
  readonly isStdout: boolean;
  /** The descriptor of a pipe or a device, which a file must not replace. Null for a file. */
  readonly #stream: number | null;

  private constructor(path: string, stream: number | null, isOut: boolean) {
    this.path = path;
    this.#stream = stream;
    this.isStdout = isOut;
  }

  /**
   * Checks that results can be written there, without changing what is there. A pipe is opened, and stays so.
   * @throws ERR_RESULT_FILE, also for a pipe without a reader
   */
  static open(name: string): ResultFile {
    try {
      const facts = statSync(name, { throwIfNoEntry: false });
      if (facts?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
      // Not resolved: /dev/stdout is a link to what only Linux can open if it is a pipe, as in a container.
      if (facts !== undefined && (!facts.isFile() || isStdout(name, facts)))
        return new ResultFile(name, openByteStream(name), isStdout(name, facts));
      const path = realFile(name);
      requireReplaceable(path);
      return new ResultFile(path, null, false);
    } catch (error) {
      throw fileError(name, 'write', error);
    }
  }

  /** Replaces the content by a text. @throws ERR_RESULT_FILE; the previous content is then still there */
  replace(text: string): void {
    try {
      if (this.#stream !== null) writeByteStream(this.#stream, text, PATIENCE_MS);
      else replaceFile(this.path, text);
    } catch (error) {
      throw fileError(this.path, 'write', error);
    }
  }

  /**
   * Replaces the content in one step; mode and owner stay. A device or a pipe receives only the `last` document. A
   * document without a measured cell replaces nothing: it makes a file only of a run that is complete. Returns whether
   * the file has the document now.
   * @throws ERR_RESULT_FILE; the previous content is then still there
   */
  write(document: ResultDocument, last: boolean): boolean {
    try {
      if (this.#stream !== null) {
        const patienceMs = document.interrupted ? STOPPED_PATIENCE_MS : PATIENCE_MS;
        if (last) writeByteStream(this.#stream, `${resultText(document)}\n`, patienceMs);
        return last;
      }
      if (document.results.length === 0 && (!document.complete || this.#holdsSomething())) return false;
      replaceFile(this.path, `${resultText(document)}\n`);
      return true;
    } catch (error) {
      throw fileError(this.path, 'write', error);
    }
  }

  #holdsSomething(): boolean {
    const there = statSync(this.path, { throwIfNoEntry: false });
    return there?.isFile() === true && there.size > 0;
  }
}

/**
 * Reads a result file of this version or an older one, plain or gzipped.
 * @throws ERR_RESULT_FILE if it cannot be read, ERR_RESULT_SCHEMA if it is not a result: `details` has the path in it,
 * the reason and the remedy
 */
export function readResult(path: string): ResultDocument {
  return parseResult(readJson(path), path);
}
