/**
 * The lines of a log or a capture, as they come: from a file or a stream, plain or gzipped, UTF-8 or UTF-16, in bounded
 * memory.
 */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CopytaxError } from '../errors.js';
import { fileRemedyOf } from '../remedies.js';
import { GIB } from '../units.js';

/** Bytes that a packed log may unpack to. */
export const MAX_UNPACKED_LOG_BYTES = 4 * GIB;
/** Characters of a line that are kept: what follows until its end is dropped. */
const LONGEST_LINE = 2 ** 14;

/** How logs begin that are packed in another way, or are no text: what to do about them. */
const FOREIGN: readonly (readonly [string, string, string])[] = [
  ['fd377a585a00', 'xz', 'xz -dc'],
  ['28b52ffd', 'zstd', 'zstd -dc'],
  ['425a68', 'bzip2', 'bzip2 -dc'],
  ['4c504b5348485248', 'a journal of systemd', 'journalctl -k --file'],
];

const LONGEST_MAGIC = 8;

const BY_PIPE = 'pass on what `gzip -dc FILE` prints, which ends where the data are damaged, and has no limit here';

/** The name under which errors tell of standard input. */
export const STDIN = 'standard input';

export interface LineOptions {
  /** Bytes that a packed log may unpack to. */
  readonly limit?: number;
  /** Called after each piece of the log, before the next one is read. */
  readonly onPause?: (() => Promise<void>) | undefined;
}

/**
 * Calls `onLine` for each line, without its line break; bytes that are no UTF-8 become U+FFFD. Resolves at the end.
 * Rejects with ERR_LOG_FILE if the log cannot be read, is damaged gzip data, or unpacks to more than `limit` bytes, and
 * with what `onLine` and `onPause` throw.
 */
export async function eachLine(
  source: string | NodeJS.ReadableStream,
  onLine: (line: string) => void,
  { limit = MAX_UNPACKED_LOG_BYTES, onPause }: LineOptions = {},
): Promise<void> {
  const name = typeof source === 'string' ? source : STDIN;
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  let rest = '';
  const take = (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!.slice(0, LONGEST_LINE);
    for (const line of lines) onLine(line);
  };
  const chunks = unpacked(source, name, limit);
  try {
    for (;;) {
      const { done, value: chunk } = await chunks.next().catch((cause) => Promise.reject(logError(name, cause)));
      if (done) break;
      decoder ??= new TextDecoder(encodingOf(chunk));
      take(decoder.decode(chunk, { stream: true }));
      await onPause?.();
    }
  } finally {
    await chunks.return(undefined).catch(() => {});
  }
  take(decoder?.decode() ?? '');
  if (rest !== '') onLine(rest);
}

/** UTF-16, which PowerShell writes, if the text begins with its mark, or with a character of ASCII. */
function encodingOf([first, second]: Buffer): string {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  return (first === 0xfe && second === 0xff) || (first === 0 && second !== 0 && second !== undefined)
    ? 'utf-16be'
    : 'utf-8';
}

/** The chunks of a stream, unpacked if they begin as gzip data do, and then at most `limit` bytes of them. */
async function* unpacked(
  source: string | NodeJS.ReadableStream,
  name: string,
  limit: number,
): AsyncGenerator<Buffer, undefined> {
  const stream = typeof source === 'string' ? createReadStream(source) : source;
  const chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  let first = Buffer.of();
  while (first.length < LONGEST_MAGIC) {
    const next = await chunks.next();
    if (next.done === true) break;
    first = Buffer.concat([first, next.value]);
  }
  const all = withFirst(first, chunks);
  const foreign = FOREIGN.find(([magic]) => first.toString('hex', 0, LONGEST_MAGIC).startsWith(magic));
  if (foreign !== undefined) {
    const [, what, command] = foreign;
    throw logFault(name, `is no text, but ${what}`, `pass on what \`${command} FILE\` prints`);
  }
  if (first[0] !== 0x1f || first[1] !== 0x8b) {
    yield* all;
    return;
  }
  let bytes = 0;
  for await (const chunk of unzipped(all)) {
    bytes += chunk.length;
    if (bytes > limit) throw logFault(name, `is too large: it unpacks to more than ${limit} bytes`, BY_PIPE);
    yield chunk;
  }
}

async function* withFirst(first: Buffer, others: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await others.next(); next.done !== true; next = await others.next()) yield next.value;
}

async function* unzipped(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const input = Readable.from(packed);
  input.on('error', (error) => gunzip.destroy(error));
  try {
    yield* input.pipe(gunzip) as AsyncIterable<Buffer>;
  } finally {
    input.destroy();
  }
}

function logFault(file: string, why: string, remedy?: string, cause?: unknown): CopytaxError {
  return new CopytaxError('ERR_LOG_FILE', `${file} ${why}`, { file, ...(remedy && { remedy }) }, cause);
}

function logError(file: string, cause: unknown): CopytaxError {
  if (cause instanceof CopytaxError) return cause;
  const { code = '', message } = cause as NodeJS.ErrnoException;
  if (code.startsWith('Z_')) return logFault(file, `is damaged gzip data (${message})`, BY_PIPE, cause);
  return logFault(file, `cannot be read (${code === '' ? message : code})`, fileRemedyOf('read', cause), cause);
}
