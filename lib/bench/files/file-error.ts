/** Errors of files: what Linux said, in which place, and what helps against that cause. */
import { CopytaxError } from '../../errors.js';
import { MORE_FILES } from '../../threads.js';

const DISK = 'free some space there, or choose a path on another disk';

/** One clause each, as those of error codes are. What is not here is a matter of path or permissions. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: DISK,
  EDQUOT: 'free some of the quota of this user there, or choose a path on another disk',
  EFBIG: 'raise the limit on the size of files (`ulimit -f`), or choose a path on another file system',
  ENAMETOOLONG: 'choose a shorter name',
  ENOTDIR: 'choose another path: a part of this one is a file, and no folder',
  ELOOP: 'choose another path: symbolic links of this one go round in a circle',
  EEXIST: 'choose another folder: there is a file of this name',
  EISDIR: 'name a file, such as one in this folder',
  EROFS: 'choose a path on a file system that is not mounted read-only',
  EPIPE: 'look at why the reader of the pipe ended before it was given anything',
  ETIMEDOUT: 'look at why the reader of the pipe takes nothing from it',
  EIO: 'look at the disk: the log of the kernel says more',
  EMFILE: MORE_FILES,
  // Where Node was started with --permission, not Linux but Node refuses.
  ERR_ACCESS_DENIED: 'start Node with --allow-fs-read and --allow-fs-write for it, or without --permission',
};

/** Causes that mean something else to who reads than to who writes. */
const BY_VERB: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  read: { ENOENT: 'look at the spelling of the path: there is nothing of this name' },
  write: {
    ENOENT: 'make its folder first (`mkdir -p`), or choose another path',
    ENXIO: 'start what reads from it first; a socket takes bytes through a pipe to `cat` only',
  },
};

/** Returns what helps against a cause, by its code of Linux or Node; undefined for one without a remedy of its own. */
export function fileRemedy(verb: string, reason: string): string | undefined {
  return BY_VERB[verb]?.[reason] ?? REMEDIES[reason];
}

/** A file that could not be read or written. `cause` is what Linux said. */
export function fileError(path: string, verb: string, cause: unknown): CopytaxError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  const remedy = fileRemedy(verb, reason);
  const own = remedy === undefined ? {} : { remedy };
  return new CopytaxError('ERR_RESULT_FILE', `cannot ${verb} ${path} (${reason})`, { path, reason, ...own }, cause);
}
