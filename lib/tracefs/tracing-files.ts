/**
 * Files by which Linux is watched: of debugfs and tracefs, below a root folder that may be another than `/`, as where a
 * container has the folders of its host. Calls return at once: no file is waited for.
 */
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** Any thread. Each call throws the error of Linux, unless it says otherwise. */
export class TracingFiles {
  readonly root: string;

  constructor(root = '/') {
    this.root = root;
  }

  /** Where a file of Linux lies in this file system. */
  at(path: string): string {
    return join(this.root, path);
  }

  /** Never throws. */
  has(path: string): boolean {
    return existsSync(this.at(path));
  }

  /** Returns names in no certain order. */
  list(path: string): string[] {
    return readdirSync(this.at(path));
  }

  text(path: string): string {
    return readFileSync(this.at(path), 'utf8');
  }

  /** Returns the text without white space at its ends; null where it cannot be read. */
  textOrNull(path: string): string | null {
    try {
      return this.text(path).trim();
    } catch {
      return null;
    }
  }

  /** Writes a setting. The file has to be there. */
  write(path: string, text: string): void {
    this.#put(path, text, 0);
  }

  /** Adds a line to a file of which each line is a setting: without O_APPEND those of others would be removed. */
  append(path: string, line: string): void {
    this.#put(path, `${line}\n`, constants.O_APPEND);
  }

  makeFolder(path: string): void {
    mkdirSync(this.at(path));
  }

  /** Removes an instance of tracing, which is a folder that Linux fills and empties. */
  removeFolder(path: string): void {
    rmdirSync(this.at(path));
  }

  /** Opens for reading, so that a read of what has nothing to read fails with EAGAIN instead of waiting. */
  open(path: string): number {
    return openSync(this.at(path), constants.O_RDONLY | constants.O_NONBLOCK);
  }

  #put(path: string, text: string, flags: number): void {
    const file = openSync(this.at(path), constants.O_WRONLY | flags);
    try {
      writeSync(file, text);
    } finally {
      closeSync(file);
    }
  }
}
