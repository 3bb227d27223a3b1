/**
 * The git checkout that a package ran from: its commit, and whether its files differ from it. The commit is read from
 * git's files. Only git can compare files with a commit, so it is run, briefly, and only where the package's own folder
 * is the top of a checkout: a package that was installed into the checkout of another project is none.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { HostFiles } from '../facts/host-files.js';

export interface Checkout {
  readonly commit: string | null;
  readonly changed: boolean | null;
}

/** What git said of a checkout, or why it said nothing. */
export type GitAnswer =
  | {
      readonly status: string;
      /** Whether git was told not to look for changes of some files. */
      readonly overlooks?: boolean;
    }
  | { readonly reason: string };

const LIMIT_MS = 2000;
/** Documents and results are written by runs, and nothing of them runs. */
const NOT_CODE = [':(exclude)docs', ':(exclude)benchmarks/results', ':(exclude,glob)**/*.md'];
/** Where a file that git does not know may be built or run. */
const CODE = /^(lib|native|benchmarks|scripts)\//;

/** Variables of git would make it look at another checkout: a hook, for instance, has them. */
function ownEnvironment(folder: string): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  return {
    ...Object.fromEntries(others),
    LC_ALL: 'C',
    GIT_CEILING_DIRECTORIES: dirname(folder),
    GIT_NO_LAZY_FETCH: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
}

/** What became of a call of git. Node's permissions may forbid to start it, and then Node throws. */
interface Ended {
  readonly error?: Error;
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function git(folder: string, ...options: string[]): Ended {
  try {
    return run(folder, options);
  } catch (error) {
    return { error: error as Error, status: null, stdout: '', stderr: '' };
  }
}

function run(folder: string, options: readonly string[]): Ended {
  return spawnSync('git', ['-c', 'core.fsmonitor=false', '--no-optional-locks', ...options], {
    cwd: folder,
    env: ownEnvironment(folder),
    encoding: 'utf8',
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 20,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Whether files are marked so that git does not look for changes of them: small letters, and S where one is there. */
function overlooks(folder: string): boolean {
  const { stdout } = git(folder, 'ls-files', '-v', '-z', '--', '.', ...NOT_CODE);
  return (stdout ?? '').split('\0').some((line) => {
    return /^[a-z] /.test(line) || (line.startsWith('S ') && existsSync(join(folder, line.slice(2))));
  });
}

/**
 * Asks git which files of the checkout in `folder` differ. Takes milliseconds for this package, four seconds at most.
 * Runs no hook, writes nothing, and fetches nothing.
 */
export function gitStatus(folder: string): GitAnswer {
  const options = ['--porcelain=v2', '--branch', '-z', '--untracked-files=normal', '--ignore-submodules=all'];
  const { error, status, stdout, stderr } = git(folder, 'status', ...options, '--', '.', ...NOT_CODE);
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  // A list that is cut off is as good: it has changes enough.
  if (code === 'ENOBUFS') return { status: stdout };
  if (code === 'ERR_ACCESS_DENIED') return { reason: 'this Node may not start git (--permission)' };
  if (code === 'ENOENT') return { reason: 'git is not installed' };
  if (code === 'ETIMEDOUT') return { reason: `git took longer than ${LIMIT_MS / 1000} s` };
  if (error === undefined && status === 0) return { status: stdout, overlooks: overlooks(folder) };
  if (/dubious ownership/.test(stderr ?? '')) return { reason: 'git refuses a checkout that belongs to another user' };
  return { reason: 'git cannot read the checkout' };
}

const isCommit = (text: string | null): text is string => /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text ?? '');

/** Returns the folder with HEAD, and the one with the references: they differ in a worktree. Null: there is none. */
function gitFolders(files: HostFiles, folder: string): { own: string; common: string } | null {
  const link = files.text(`${folder}/.git`);
  if (link === null) {
    const own = join(folder, '.git');
    return files.text(`${own}/HEAD`) === null ? null : { own, common: own };
  }
  const target = /^gitdir: (.+)$/m.exec(link)?.[1];
  if (target === undefined) return null;
  const own = resolve(folder, target);
  const common = files.text(`${own}/commondir`);
  return { own, common: common === null ? own : resolve(own, common) };
}

/** Returns what a reference refers to in the end, or null. References may refer to references. */
function resolved(files: HostFiles, folders: { own: string; common: string }): string | null {
  let text = files.text(`${folders.own}/HEAD`);
  for (let steps = 0; steps < 5; steps++) {
    const reference = /^ref: (\S+)$/.exec(text ?? '')?.[1];
    if (reference === undefined) return isCommit(text) ? text : null;
    const packed = () => files.text(`${folders.common}/packed-refs`)?.split('\n') ?? [];
    text =
      files.text(`${folders.own}/${reference}`) ??
      files.text(`${folders.common}/${reference}`) ??
      packed()
        .find((line) => line.endsWith(` ${reference}`))
        ?.split(' ')[0] ??
      null;
  }
  return null;
}

/** Reads the output of git: a record for each file that differs, each ended by a zero. */
function parsedStatus(status: string): Checkout {
  const records = status.split('\0');
  const commit = records.find((record) => record.startsWith('# branch.oid '))?.slice('# branch.oid '.length) ?? null;
  const isChange = (record: string) =>
    /^[12u] /.test(record) || (record.startsWith('? ') && CODE.test(record.slice(2)));
  return { commit: isCommit(commit) ? commit : null, changed: records.some(isChange) };
}

/**
 * Returns the checkout whose top is `folder`, a path below the root of `files`; nulls if there is none. What a checkout
 * does not tell is recorded as missing. `ask` is replaced by tests.
 */
export function checkoutFacts(files: HostFiles, folder: string, ask: () => GitAnswer): Checkout {
  const folders = gitFolders(files, folder);
  if (folders === null) {
    // One that is there and that this user may not read is a checkout nevertheless.
    const isHidden = [`${folder}/.git`, `${folder}/.git/HEAD`].some((path) => / may not /.test(files.reason(path)));
    if (isHidden) for (const fact of ['commit', 'changed']) files.miss(fact, 'this user may not read the checkout');
    return { commit: null, changed: null };
  }
  const answer = ask();
  const told = 'status' in answer ? parsedStatus(answer.status) : null;
  const commit = resolved(files, folders) ?? told?.commit ?? files.miss('commit', 'the checkout does not name it');
  if ('reason' in answer) files.miss('changed', answer.reason);
  if ('status' in answer && answer.overlooks && told?.changed === false) {
    return { commit, changed: files.miss('changed', 'git was told to overlook changes of some files') };
  }
  return { commit, changed: told?.changed ?? null };
}
