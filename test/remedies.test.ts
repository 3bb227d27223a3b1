import { describe, expect, it } from '@jest/globals';
import { fileRemedyOf, remedyOf } from '../lib/remedies.js';

const thrown = (code: string, message = code, more: object = {}) =>
  Object.assign(new Error(message), { code, ...more });
const denied = (permission?: string, resource?: string) =>
  thrown('ERR_ACCESS_DENIED', 'Access to this API has been restricted', { permission, resource });

describe('the remedy of a cause', () => {
  it.each([
    [thrown('EMFILE', 'EMFILE: too many open files, open'), /ulimit -n/],
    [thrown('ENFILE', 'ENFILE: file table overflow, open'), /fs\.file-max/],
    [thrown('ENOMEM'), /memory/],
    [thrown('ERR_WORKER_OUT_OF_MEMORY'), /memory/],
    [thrown('ERR_WORKER_INIT_FAILED', 'Worker initialization failure: EAGAIN'), /ulimit -u/],
    [thrown('ERR_WORKER_INIT_FAILED', 'Worker initialization failure: EMFILE'), /ulimit -n/],
    [thrown('ERR_WORKER_INIT_FAILED', 'Worker initialization failure: ENOMEM'), /memory/],
    [new Error('EMFILE: too many open files, open'), /ulimit -n/],
    [thrown('EAGAIN', 'spawn node EAGAIN', { syscall: 'spawn node' }), /ulimit -u/],
    [denied('FileSystemRead', '/etc/x'), /^start Node with --allow-fs-read for \/etc\/x, or without --permission$/],
    [denied('ChildProcess'), /^start Node with --allow-child-process, or without --permission$/],
    [denied('Inspector'), /^start Node with what allows Inspector, or/],
  ])('of %s is the one that fits', (cause, remedy) => {
    expect(remedyOf(cause)).toMatch(remedy);
  });

  it.each([thrown('EAGAIN', 'write EAGAIN', { syscall: 'write' }), thrown('ENOENT'), new Error('of ours'), 'a', null])(
    'is not told for %s',
    (cause) => {
      expect(remedyOf(cause)).toBeUndefined();
    },
  );

  it('of a file is that of who writes or reads it', () => {
    expect(fileRemedyOf('read', thrown('ENOENT'))).toMatch(/spelling/);
    expect(fileRemedyOf('write', thrown('ENOENT'))).toMatch(/mkdir/);
    expect(fileRemedyOf('write', denied('FileSystemRead', '/x'))).toMatch(/--allow-fs-read and --allow-fs-write/);
    expect(fileRemedyOf('read', denied('FileSystemRead', '/x'))).toMatch(/--allow-fs-read for it/);
    expect(fileRemedyOf('read', thrown('ENFILE'))).toMatch(/fs\.file-max/);
    expect(fileRemedyOf('write', thrown('EACCES'))).toBeUndefined();
  });
});
