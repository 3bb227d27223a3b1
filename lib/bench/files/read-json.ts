/**
 * Reads files of JSON, plain or gzipped, and says what is wrong with those that are none. What is printed of a file is
 * an excerpt, on one line.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { CopytaxError } from '../../errors.js';
import { fileError } from './file-error.js';
import { excerptOf, jsonFault, placeOf } from './json-fault.js';

/** The largest text that is read, bytes; a gzipped file may say so little and become so much. */
const LIMIT_BYTES = 512 << 20;
/** One string of the engine holds a little less. */
const ENGINE_LIMIT_BYTES = 2 ** 29 - 24;

/** A file that can be read, and does not hold what it should. `remedy` is one clause, as those of error codes are. */
export function contentError(source: string, reason: string, remedy: string, path = 'the document'): CopytaxError {
  return new CopytaxError('ERR_RESULT_SCHEMA', `${source} ${reason}`, { source, path, reason, remedy });
}

const AGAIN = 'copy the file again from where it was written';
const BENCH = 'name a file that `copytax bench --json` wrote';

/** Files of this size and less are read into memory that is kept: new memory takes longer than the bytes. */
const KEPT_BYTES = 2 << 20;
let kept: Buffer | undefined;

/** Returns the bytes of a file, which are there until the next one is read by this thread. */
function readKept(file: number): Buffer {
  kept ??= Buffer.allocUnsafeSlow(KEPT_BYTES);
  let length = 0;
  for (;;) {
    const read = readSync(file, kept, length, KEPT_BYTES - length, length);
    length += read;
    if (read === 0) return kept.subarray(0, length);
    // It has grown since it was opened.
    if (length === KEPT_BYTES) return readFileSync(file);
  }
}

/** Returns the bytes of a regular file; does not wait for a writer of a pipe. */
function bytesOf(path: string, limitBytes: number): Buffer {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw fileError(path, 'read', error);
  }
  try {
    const facts = fstatSync(file);
    if (facts.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (facts.isFile() && facts.size <= limitBytes)
      return facts.size < KEPT_BYTES ? readKept(file) : readFileSync(file);
    const reason = facts.isFile() ? `more than ${limitBytes} bytes` : 'a pipe or a device, and no regular file';
    throw new CopytaxError('ERR_RESULT_FILE', `cannot read ${path} (${reason})`, { path, reason });
  } catch (error) {
    throw error instanceof CopytaxError ? error : fileError(path, 'read', error);
  } finally {
    closeSync(file);
  }
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Unpacks until the limit. What a file says of its own size is not asked: it may lie, or be cut off. */
function unpacked(bytes: Buffer, path: string, limitBytes: number): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: limitBytes, chunkSize: 1 << 18 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw contentError(path, `unpacks to more than ${limitBytes} bytes`, BENCH);
    const what = code === 'Z_BUF_ERROR' ? 'is cut off: it ends before its gzipped content does' : 'is damaged gzip';
    throw contentError(path, what, AGAIN);
  }
}

const NUL = 0;

/** JSON begins with a character of ASCII, which has a zero beside it in the other encodings. */
function isOtherUnicode([first, second]: Buffer): boolean {
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return hasMark || first === NUL || second === NUL;
}

function textOf(bytes: Buffer, path: string): string {
  if (bytes.length === 0) {
    throw contentError(path, 'is empty', 'measure again: a run that ended before its first result leaves such a file');
  }
  if (isOtherUnicode(bytes)) {
    throw contentError(path, 'is UTF-16 or UTF-32, or no text at all', 'save it as UTF-8, as JSON has to be');
  }
  // Nearly all results are, and are decoded in a tenth of the time.
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (!isUtf8(bytes)) throw contentError(path, 'has bytes that are no UTF-8', AGAIN);
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return bytes.toString('utf8', hasMark ? 3 : 0);
}

function syntaxError(text: string, path: string): CopytaxError {
  const { offset, isCutOff } = jsonFault(text) ?? { offset: 0, isCutOff: false };
  const { line, column } = placeOf(text, offset);
  const place = `line ${line}, column ${column}`;
  const excerpt = excerptOf(text, offset);
  if (isCutOff) return contentError(path, `is cut off: it ends at ${place}, behind ${excerpt}`, AGAIN, place);
  return contentError(path, `is not JSON from ${place}: ${excerpt}`, BENCH, place);
}

/**
 * Returns the value that a file of JSON holds, in UTF-8, with a byte-order mark or without, plain or gzipped whatever
 * its name. `limitBytes`: of the text; larger files are refused before they are read or unpacked whole.
 * @throws ERR_RESULT_FILE if it cannot be read, ERR_RESULT_SCHEMA with line and column if it is no JSON
 */
export function readJson(path: string, limitBytes = Math.min(LIMIT_BYTES, ENGINE_LIMIT_BYTES)): unknown {
  const bytes = bytesOf(path, limitBytes);
  const text = textOf(isGzip(bytes) ? unpacked(bytes, path, limitBytes) : bytes, path);
  try {
    return JSON.parse(text);
  } catch {
    throw syntaxError(text, path);
  }
}
