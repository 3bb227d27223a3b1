/** Makes folders that are written to. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those around it, as far as they are missing. Folder by folder: the recursive call of Node never
 * returns where the file system refuses with ENOENT, as /proc does.
 * @throws the error of Linux, as EACCES, or EEXIST where the path is a file
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let path = resolve(folder); !existsSync(path) && path !== dirname(path); path = dirname(path)) {
    missing.unshift(path);
  }
  for (const path of missing) {
    try {
      mkdirSync(path);
    } catch (error) {
      // Another process made it in between.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  // It is there: this refuses what is no folder.
  mkdirSync(folder, { recursive: true });
}
