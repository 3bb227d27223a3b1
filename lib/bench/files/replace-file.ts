/** Replaces files as a whole, so that at any moment there is an old content or a new one, and never a part of one. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** As many links in a row as Linux follows. */
const MOST_LINKS = 40;
const PERMISSIONS = 0o7777;

/**
 * Returns where a file is that is, or would be made, under this name: links are followed, also one to nothing.
 * @throws the error of Linux, as ENOENT for a folder that is not there
 */
export function realFile(name: string): string {
  let path = resolve(name);
  for (let links = 0; links <= MOST_LINKS; links++) {
    path = join(realpathSync(dirname(path)), basename(path));
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return path;
    path = resolve(dirname(path), readlinkSync(path));
  }
  throw Object.assign(new Error(), { code: 'ELOOP' });
}

/** A name beside the file that no other writer has. It is short: that of the file may be as long as names can be. */
function draftBeside(path: string): string {
  return join(dirname(path), `.copytax-${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
}

/** Gives the draft the owner and the mode of what it will replace. Only root can give files away. */
function takeAfter(draft: number, { uid, gid, mode }: Stats): void {
  try {
    fchownSync(draft, uid, gid);
  } catch {
    // The new file then belongs to who wrote it.
  }
  fchmodSync(draft, mode & PERMISSIONS);
}

function writeDraft(draft: string, content: string | Uint8Array, like: Stats | undefined): void {
  const file = openSync(draft, 'wx');
  try {
    if (like !== undefined) takeAfter(file, like);
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Replaces the content of a regular file in one step, or makes the file. Mode and owner stay as they are. `path`: with
 * its links followed, as `realFile` returns it, or a link would be replaced by a file.
 * @throws the error of Linux; the old content is then still there, and no draft
 */
export function replaceFile(path: string, content: string | Uint8Array): void {
  const draft = draftBeside(path);
  try {
    writeDraft(draft, content, statSync(path, { throwIfNoEntry: false }));
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Checks that `replaceFile` could, without a trace. @throws the error of Linux */
export function requireReplaceable(path: string): void {
  // A file that may not be written is to stay, though its folder would let it be replaced.
  const there = statSync(path, { throwIfNoEntry: false });
  if (there !== undefined) closeSync(openSync(path, 'r+'));
  const draft = draftBeside(path);
  try {
    writeDraft(draft, '', there);
  } finally {
    rmSync(draft, { force: true });
  }
  // The folder takes the short name of a draft, and may yet refuse this one.
  if (there === undefined) closeSync(openSync(path, 'ax'));
  if (there === undefined) rmSync(path);
}
