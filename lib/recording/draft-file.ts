/**
 * Text that is written beside the file that it will become, packed if that ends in `.gz`: at any moment there is an old
 * file, a new one, or none, and never a part of one.
 */
import { closeSync, createWriteStream, fchmodSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { fileError } from '../bench/files/file-error.js';
import { realFile, requireReplaceable } from '../bench/files/replace-file.js';
import { hasEnded, nameOf, ownerOf, thisProcess } from '../tracefs/owner.js';
import type { Undoing } from '../tracefs/undoing.js';

const END = '.capture.tmp';
const PERMISSIONS = 0o7777;

/** Removes drafts beside a file that processes have left that were killed. Returns their names. */
function removeOldDrafts(folder: string): string[] {
  const old = readdirSync(folder).filter((name) => {
    const owner = name.endsWith(END) ? ownerOf(name) : null;
    return owner !== null && hasEnded(owner);
  });
  for (const name of old) rmSync(join(folder, name), { force: true });
  return old.map((name) => join(folder, name));
}

/** Owned by the command that made it; main thread only. */
export class DraftFile {
  /** Where the file will be, with symbolic links followed. */
  readonly path: string;
  /** Drafts of processes that were killed, which were removed. */
  readonly removed: readonly string[];
  readonly #draft: string;

  /**
   * Checks that a file of this name can be made or replaced. `undoing` removes the draft.
   * @throws ERR_RESULT_FILE, also for what is no regular file
   */
  constructor(name: string, undoing: Undoing) {
    try {
      const there = statSync(name, { throwIfNoEntry: false });
      if (there?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
      if (there !== undefined && !there.isFile()) throw Object.assign(new Error(), { code: 'ENOTSUP' });
      this.path = realFile(name);
      requireReplaceable(this.path);
      this.removed = removeOldDrafts(dirname(this.path));
    } catch (error) {
      throw fileError(name, 'write', error);
    }
    this.#draft = join(dirname(this.path), `.${nameOf(thisProcess())}${END}`);
    undoing.add(() => rmSync(this.#draft, { force: true }));
  }

  /** Writes all chunks, then becomes the file. Rejects with ERR_RESULT_FILE, and with what `chunks` throws. */
  async write(chunks: AsyncIterable<string> | Iterable<string>): Promise<void> {
    let failure: unknown;
    const source = Readable.from(
      watched(chunks, (error) => (failure = error)),
      { objectMode: true },
    );
    try {
      const draft = openSync(this.#draft, 'wx');
      const there = statSync(this.path, { throwIfNoEntry: false });
      if (there !== undefined) fchmodSync(draft, there.mode & PERMISSIONS);
      closeSync(draft);
      const packed = this.path.endsWith('.gz')
        ? createGzip()
        : new Transform({ transform: (c, _, done) => done(null, c) });
      await pipeline(source, packed, createWriteStream(this.#draft, { flags: 'r+', flush: true }));
      renameSync(this.#draft, this.path);
    } catch (error) {
      if (failure !== undefined) throw failure;
      throw fileError(this.path, 'write', error);
    }
  }
}

/**
 * Hands chunks on, and tells of what they throw. What is thrown into this generator is not theirs: that is what a
 * pipeline ends its source with when the file cannot be written.
 */
async function* watched(chunks: AsyncIterable<string> | Iterable<string>, onFailure: (error: unknown) => void) {
  const all = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  for (;;) {
    let next: IteratorResult<string>;
    try {
      next = await all.next();
    } catch (error) {
      onFailure(error);
      throw error;
    }
    if (next.done) return;
    yield next.value;
  }
}
