import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { MIB } from '../../lib/units.js';
import { scratchFolder } from '../scratch.js';

const { noRoom } = createRequire(import.meta.url)('../../../scripts/start/limits.cjs') as {
  noRoom(root?: string): string | null;
};

describe('what a start has room for', () => {
  let root: string;
  const put = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  const limits = (addresses: number | 'unlimited', processes: number | 'unlimited' = 'unlimited') =>
    put(
      'proc/self/limits',
      `Limit  Soft Limit  Hard Limit  Units\nMax processes      ${processes}    96364   processes\n` +
        `Max address space         ${addresses}            unlimited            bytes\n`,
    );
  const process = (pid: string, { user = 7, threads = 3, capabilities = '0000000000000000', kb = 700 * 1024 } = {}) =>
    put(
      `proc/${pid}/status`,
      `Name:\tnode\nUid:\t${user}\t${user}\nVmSize:\t  ${kb} kB\nThreads:\t${threads}\nCapEff:\t${capabilities}\n`,
    );
  beforeEach(() => {
    root = scratchFolder();
    limits('unlimited');
    process('self');
  });

  it('is enough without limits, and where nothing can be read', () => {
    expect({ limits: noRoom(root), files: noRoom(join(root, 'none')) }).toEqual({ limits: null, files: null });
  });

  it('is too little where the limit leaves few addresses', () => {
    limits(955 * MIB);
    expect(noRoom(root)).toBe(
      'loading takes 256 MiB of addresses, and the limit leaves 255 MiB. ' +
        'Raise the limit on addresses (`ulimit -v`, LimitAS= of a service).',
    );
    limits(956 * MIB);
    expect(noRoom(root)).toBeNull();
  });

  it('is too little where the user has nearly as many threads as are allowed', () => {
    for (const pid of ['10', '11']) process(pid);
    process('12', { user: 8 });
    limits('unlimited', 9);
    expect(noRoom(root)).toMatch(/^loading takes 4 threads, and the limit leaves 3\. .*ulimit -u/);
    limits('unlimited', 10);
    expect(noRoom(root)).toBeNull();
  });

  it.each([
    ['root', { user: 0 }],
    ['who may pass the limit', { capabilities: '0000000001000000' }],
  ])('is enough for %s, whom Linux does not limit', (_, more) => {
    for (const pid of ['self', '10', '11']) process(pid, more);
    limits('unlimited', 5);
    expect(noRoom(root)).toBeNull();
  });

  it.each([
    ['of its own', '0::/a/b\n', 'sys/fs/cgroup/a/b'],
    ['around it', '0::/a/b\n', 'sys/fs/cgroup/a'],
    ['of version 1', '8:pids:/a\n7:cpu:/\n', 'sys/fs/cgroup/pids/a'],
    ['that it sees as the root', '8:pids:/not/seen\n', 'sys/fs/cgroup/pids'],
  ])('is too little where a control group %s may have few more threads', (_, groups, folder) => {
    put('proc/self/cgroup', groups);
    put(`${folder}/pids.max`, '20\n');
    put(`${folder}/pids.current`, '17\n');
    expect(noRoom(root)).toMatch(/^loading takes 4 threads, and the limit leaves 3\. .*--pids-limit/);
    put(`${folder}/pids.max`, 'max\n');
    expect(noRoom(root)).toBeNull();
  });
});
