import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../lib/bench/facts/host-files.js';
import { checkoutFacts, type GitAnswer, gitStatus } from '../../../lib/bench/host/checkout.js';
import { scratchFolder } from '../../scratch.js';
import { hostTree } from '../fixtures/host-tree.js';

const [COMMIT, OTHER] = ['a'.repeat(40), 'b'.repeat(40)];
const CLEAN: GitAnswer = { status: `# branch.oid ${COMMIT}\0# branch.head main\0` };

/** The facts of a checkout in /pkg of a tree of files, and what is missing. */
function factsOf(tree: Record<string, string>, answer: GitAnswer = { status: '' }) {
  const files = new HostFiles(hostTree(tree));
  return { ...checkoutFacts(files, '/pkg', () => answer), missing: files.missing };
}

describe('the commit of a checkout', () => {
  it.each<[string, Record<string, string>]>([
    ['a branch', { 'pkg/.git/HEAD': 'ref: refs/heads/main\n', 'pkg/.git/refs/heads/main': `${COMMIT}\n` }],
    ['no branch', { 'pkg/.git/HEAD': `${COMMIT}\n` }],
    [
      'a packed branch',
      {
        'pkg/.git/HEAD': 'ref: refs/heads/main\n',
        'pkg/.git/packed-refs': `# pack-refs\n${OTHER} refs/heads/also/refs/heads/main\n${COMMIT} refs/heads/main\n`,
      },
    ],
    [
      'a worktree, whose branch is in the common folder',
      {
        'pkg/.git': 'gitdir: /main/.git/worktrees/pkg\n',
        'main/.git/HEAD': `${OTHER}\n`,
        'main/.git/worktrees/pkg/HEAD': 'ref: refs/heads/side\n',
        'main/.git/worktrees/pkg/commondir': '../..\n',
        'main/.git/refs/heads/side': `${COMMIT}\n`,
      },
    ],
    [
      'a submodule, whose folder is named from its own',
      { 'pkg/.git': 'gitdir: ../main/.git/modules/pkg\n', 'main/.git/modules/pkg/HEAD': `${COMMIT}\n` },
    ],
    [
      'a reference to a reference',
      {
        'pkg/.git/HEAD': 'ref: refs/heads/alias\n',
        'pkg/.git/refs/heads/alias': 'ref: refs/heads/main\n',
        'pkg/.git/refs/heads/main': `${COMMIT}\n`,
      },
    ],
    ['a repository of 256 bits', { 'pkg/.git/HEAD': `${'c'.repeat(64)}\n` }],
  ])('is read from %s', (_name, tree) => {
    const { commit, missing } = factsOf(tree);
    expect([COMMIT, 'c'.repeat(64)]).toContain(commit);
    expect(missing).toEqual([]);
  });

  it('is what git says where references are kept in another way', () => {
    expect(factsOf({ 'pkg/.git/HEAD': 'ref: refs/heads/.invalid\n' }, CLEAN)).toMatchObject({ commit: COMMIT });
  });

  it.each<[string, Record<string, string>]>([
    ['a package without one', { 'pkg/package.json': '{}' }],
    ['a package in the checkout of another project', { '.git/HEAD': `${OTHER}\n`, 'pkg/package.json': '{}' }],
    ['an empty folder of that name', { 'pkg/.git/unrelated': '' }],
    ['a file of that name which is none', { 'pkg/.git': 'nothing\n' }],
  ])('is none of %s, and then nothing is missing', (_name, tree) => {
    expect(factsOf(tree, CLEAN)).toEqual({ commit: null, changed: null, missing: [] });
  });

  it('is missing where there is no commit yet, or references go in circles', () => {
    const missing = [{ fact: 'commit', reason: 'the checkout does not name it' }];
    const initial = { status: '# branch.oid (initial)\0' };
    expect(factsOf({ 'pkg/.git/HEAD': 'ref: refs/heads/main\n' }, initial)).toMatchObject({ commit: null, missing });
    const circle = { 'pkg/.git/HEAD': 'ref: refs/heads/a\n', 'pkg/.git/refs/heads/a': 'ref: refs/heads/a\n' };
    expect(factsOf(circle)).toMatchObject({ commit: null, missing });
  });
});

describe('whether a checkout is changed', () => {
  const tree = { 'pkg/.git/HEAD': `${COMMIT}\n` };

  it('is not known without git, and the reason is', () => {
    const reason = 'git is not installed';
    expect(factsOf(tree, { reason })).toEqual({
      commit: COMMIT,
      changed: null,
      missing: [{ fact: 'changed', reason }],
    });
  });

  it.each([
    ['nothing', '', false],
    ['a changed file', '1 .M N... 100644 100644 100644 1 2 lib/a.ts\0', true],
    ['a renamed file', '2 R. N... 100644 100644 100644 1 2 R100 lib/b.ts\0lib/a.ts\0', true],
    ['a conflict', 'u UU N... 1 2 3 4 5 6 7 lib/a.ts\0', true],
    ['a new file that may run', '? native/new.cc\0', true],
    ['a new file elsewhere', '? notes/lib/a.ts\0? result.json\0', false],
  ])('follows from %s', (_name, status, changed) => {
    expect(factsOf(tree, { status: `# branch.oid ${COMMIT}\0${status}` }).changed).toBe(changed);
  });
});

describe('git that is asked for changes', () => {
  /** What is made of a git that runs these commands of a shell; without them there is none. */
  function answerOf(script?: string): GitAnswer {
    const folder = scratchFolder();
    const { PATH } = process.env;
    if (script !== undefined) {
      writeFileSync(join(folder, 'git'), `#!/bin/sh\nPATH='${PATH}'\n${script}\n`);
      chmodSync(join(folder, 'git'), 0o755);
    }
    process.env.PATH = folder;
    try {
      return gitStatus(folder);
    } finally {
      process.env.PATH = PATH;
    }
  }

  it('may have more to say than is read', () => {
    const files = new HostFiles(hostTree({ 'pkg/.git/HEAD': `${COMMIT}\n` }));
    const answer = answerOf(`printf '1 .M lib/a.ts\\0'; head -c 2000000 /dev/zero`);
    expect(checkoutFacts(files, '/pkg', () => answer)).toEqual({ commit: COMMIT, changed: true });
  });

  it.each([
    ['is not there', undefined, 'git is not installed'],
    ['does not end', 'exec sleep 30', 'git took longer than 2 s'],
    [
      'refuses',
      'echo "fatal: detected dubious ownership in repository" >&2; exit 128',
      'git refuses a checkout that belongs to another user',
    ],
    ['fails', 'echo "# branch.oid"; exit 1', 'git cannot read the checkout'],
  ])('is a reason where it %s', (_name, script, reason) => {
    expect(answerOf(script)).toEqual({ reason });
  });
});

const hasGit = spawnSync('git', ['--version']).status === 0;

(hasGit ? describe : describe.skip)('a checkout that git made', () => {
  let folder: string;

  function git(...options: string[]): string {
    const settings = ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'commit.gpgsign=false'];
    const { status, stdout, stderr } = spawnSync('git', [...settings, ...options], { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return stdout.trim();
  }
  const write = (file: string, text: string) => {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const facts = (of = folder) => checkoutFacts(new HostFiles(), of, () => gitStatus(of));

  beforeEach(() => {
    folder = join(scratchFolder(), 'pkg');
    mkdirSync(folder);
    git('init', '-q');
    for (const file of ['lib/a.ts', 'docs/copy-cost.svg', 'benchmarks/results/a.json', 'README.md']) write(file, 'old');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
  });

  it('is unchanged as it was committed, with its commit', () => {
    expect(facts()).toEqual({ commit: git('rev-parse', 'HEAD'), changed: false });
  });

  it.each(['--assume-unchanged', '--skip-worktree'])(
    'is not called unchanged where git overlooks files: %s',
    (mark) => {
      git('update-index', mark, 'lib/a.ts');
      const files = new HostFiles();
      expect(checkoutFacts(files, folder, () => gitStatus(folder)).changed).toBeNull();
      expect(files.missing).toEqual([{ fact: 'changed', reason: 'git was told to overlook changes of some files' }]);
      write('lib/b.ts', 'new');
      expect(facts().changed).toBe(true);
    },
  );

  it('stays unchanged when documents and results are written, and files elsewhere', () => {
    for (const file of ['docs/copy-cost.svg', 'benchmarks/results/b.json', 'README.md', 'mine.json'])
      write(file, 'new');
    expect(facts()).toMatchObject({ changed: false });
  });

  it.each([
    ['a changed file', 'lib/a.ts'],
    ['a new file', 'scripts/b.mjs'],
  ])('is changed by %s', (_name, file) => {
    write(file, 'new');
    expect(facts()).toMatchObject({ changed: true });
  });

  it('is read in a worktree, and after references were packed', () => {
    const beside = join(folder, '../beside');
    git('worktree', 'add', '-q', '-b', 'side', beside);
    const commit = git('rev-parse', 'HEAD');
    expect(facts(beside)).toEqual({ commit, changed: false });
    git('pack-refs', '--all');
    expect([facts(), facts(beside)]).toEqual([
      { commit, changed: false },
      { commit, changed: false },
    ]);
  });

  it('is not the one around a package whose own is broken', () => {
    const inner = join(folder, 'node_modules/copytax');
    write('node_modules/copytax/.git/HEAD', `${OTHER}\n`);
    const files = new HostFiles();
    expect(checkoutFacts(files, inner, () => gitStatus(inner))).toEqual({ commit: OTHER, changed: null });
    expect(files.missing).toEqual([{ fact: 'changed', reason: 'git cannot read the checkout' }]);
  });

  it('is asked without the variables by which a hook of git names another one', () => {
    const { GIT_DIR } = process.env;
    process.env.GIT_DIR = join(folder, 'elsewhere');
    try {
      expect(facts()).toMatchObject({ changed: false });
    } finally {
      if (GIT_DIR === undefined) delete process.env.GIT_DIR;
      else process.env.GIT_DIR = GIT_DIR;
    }
  });

  it('is not changed by being asked, and runs no program that it names', () => {
    const mark = join(folder, '../mark');
    git('config', 'core.fsmonitor', `touch ${mark}`);
    facts();
    expect(spawnSync('test', ['-e', mark]).status).toBe(1);
  });

  it('says no path in a reason', () => {
    rmSync(join(folder, '.git/objects'), { recursive: true });
    expect(gitStatus(folder)).toEqual({ reason: 'git cannot read the checkout' });
  });
});
