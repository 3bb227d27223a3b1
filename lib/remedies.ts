/**
 * What helps against a cause, by what Linux or Node said: the one table of it. A remedy is one clause without a full
 * stop, as those of error codes are. Nothing here knows the errors of this package.
 */

/** What Linux or Node threw. `permission`, `resource`: what Node's permissions refused, and for what. */
interface Cause {
  readonly code?: string;
  readonly message?: string;
  readonly syscall?: string;
  readonly permission?: string;
  readonly resource?: string;
}

/** What to do about a limit on threads: of a user, or of the pids controller of a control group. */
export const MORE_THREADS = 'raise the limit on threads (`ulimit -u`, TasksMax= of a service, --pids-limit)';
/** What to do about a limit on the addresses of a process. */
export const MORE_ADDRESSES = 'raise the limit on addresses (`ulimit -v`, LimitAS= of a service), or use fewer CPUs';
const MORE_MEMORY = 'raise the limit on memory, or free some';

/** Limits of a process, a user or a system, whatever it was doing. */
const OF_LIMITS: Readonly<Record<string, string>> = {
  EMFILE: 'raise the limit on open files (`ulimit -n`, LimitNOFILE= of a service)',
  ENFILE: 'raise the limit on open files of the whole system (`sysctl fs.file-max`), or end what has many of them open',
  ENOMEM: MORE_MEMORY,
  ERR_WORKER_OUT_OF_MEMORY: MORE_MEMORY,
  ERR_WORKER_INIT_FAILED: MORE_THREADS,
};

/** Options of Node, by its word for what it did not permit. */
const PERMITTED_BY: Readonly<Record<string, string>> = {
  FileSystemRead: '--allow-fs-read',
  FileSystemWrite: '--allow-fs-write',
  ChildProcess: '--allow-child-process',
  WorkerThreads: '--allow-worker',
};

/** Causes of files that are neither a limit nor of Node's permissions. */
const OF_FILES: Readonly<Record<string, string>> = {
  ENOSPC: 'free some space there, or choose a path on another disk',
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
};

/** Causes that mean something else to who reads than to who writes. */
const BY_VERB: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  read: {
    ENOENT: 'look at the spelling of the path: there is nothing of this name',
    ERR_ACCESS_DENIED: 'start Node with --allow-fs-read for it, or without --permission',
  },
  write: {
    ENOENT: 'make its folder first (`mkdir -p`), or choose another path',
    ENXIO: 'start what reads from it first; a socket takes bytes through a pipe to `cat` only',
    // A file is replaced: what is there is looked at, and what was written is read back.
    ERR_ACCESS_DENIED: 'start Node with --allow-fs-read and --allow-fs-write for it, or without --permission',
  },
};

/** Codes that stand in messages only: of a thread that could not begin, and of errors that another thread threw. */
const IN_MESSAGE = /\b(EMFILE|ENFILE|ENOMEM)\b/;

/** Returns the code of the true cause; undefined where nothing names one. */
function codeOf({ code, message = '' }: Cause): string | undefined {
  if (code !== undefined && code !== 'ERR_WORKER_INIT_FAILED') return code;
  return IN_MESSAGE.exec(message)?.[1] ?? code;
}

/** Returns what helps where a limit was reached or Node's permissions refused; undefined for every other cause. */
export function remedyOf(thrown: unknown): string | undefined {
  const cause = (thrown ?? {}) as Cause;
  const code = codeOf(cause);
  if (code === 'EAGAIN') return cause.syscall?.startsWith('spawn') ? MORE_THREADS : undefined;
  if (code !== 'ERR_ACCESS_DENIED') return code === undefined ? undefined : OF_LIMITS[code];
  const option = PERMITTED_BY[cause.permission ?? ''] ?? `what allows ${cause.permission ?? 'it'}`;
  return `start Node with ${option}${cause.resource ? ` for ${cause.resource}` : ''}, or without --permission`;
}

/** Returns what helps against what a file could not be read ("read") or written ("write") for, as `remedyOf` does. */
export function fileRemedyOf(verb: string, thrown: unknown): string | undefined {
  const code = codeOf((thrown ?? {}) as Cause) ?? '';
  return BY_VERB[verb]?.[code] ?? OF_FILES[code] ?? remedyOf(thrown);
}
