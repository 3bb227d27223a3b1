/** The host that a command is to look at, by its option `--root`, and what finds out what is missing there. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { CopytaxError } from '../errors.js';
import { MissingFinder } from './missing.js';
import { ownRights } from './rights.js';
import { shellWord } from './shell-word.js';
import { TracingFiles } from './tracing-files.js';

export interface GivenHost {
  readonly files: TracingFiles;
  readonly finder: MissingFinder;
}

/** What every root of a Linux has, once /sys is mounted there. */
const OF_LINUX = 'sys/kernel';

/** Returns why a folder cannot be listed; null if it can. */
function whyNoFolder(path: string): string | null {
  try {
    return statSync(path).isDirectory() ? null : 'it is a file, and no folder';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'there is no such folder' : `Linux refuses it (${code})`;
  }
}

/** @throws ERR_USAGE for what cannot be the root of a Linux: else that would be told to show nothing */
function requireRoot(root: string): void {
  const why = root === '' ? 'it is empty' : whyNoFolder(root);
  const within = why === null && whyNoFolder(join(root, OF_LINUX)) !== null;
  if (why === null && !within) return;
  const message = within
    ? `--root ${root}: it is not the root of a Linux with /sys, since ${join(root, OF_LINUX)} is not there`
    : `--root ${root === '' ? "''" : root}: ${why}`;
  throw new CopytaxError('ERR_USAGE', message, {
    option: '--root',
    given: root,
    remedy: 'name the folder that has sys and proc of the host in it, or leave out --root',
  });
}

/** `words`: of the command line, as they were given. @throws ERR_USAGE if `root` cannot be the root of a Linux */
export function givenHost(root: string | undefined, words: readonly string[]): GivenHost {
  if (root !== undefined) requireRoot(root);
  const files = new TracingFiles(root);
  const own = new TracingFiles();
  const rights = ownRights(own.textOrNull('/proc/self/status'), own.textOrNull('/proc/self/uid_map'));
  const command = ['npx', 'copytax', ...words.map(shellWord)].join(' ');
  return { files, finder: new MissingFinder(files, rights, command) };
}
