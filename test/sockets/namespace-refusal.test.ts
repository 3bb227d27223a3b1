import { constants } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { CopytaxError } from '../../lib/errors.js';
import { namespaceRefusal, refusalText, rightRefusal } from '../../lib/sockets/namespace-refusal.js';

const { EPERM, EINVAL } = constants.errno;
const NOT_PERMITTED = { status: 1, said: 'unshare: unshare failed: Operation not permitted\n' };
/** As a file of /proc has it: with a line feed. */
const host = (files: Record<string, string>) => (path: string) => files[path] ?? null;
const FILTERED = { '/proc/self/status': 'Name:\tnode\nSeccomp:\t2\n' };

describe('namespaceRefusal()', () => {
  it.each([
    ['no program', { status: null, said: '', code: 'ENOENT' }, {}, /no program/, /util-linux/],
    ['a program that may not run', { status: null, said: '', code: 'EACCES' }, {}, /EACCES/, /root/],
    [
      'no user namespaces',
      { status: 1, said: 'unshare: unshare failed: No space left on device' },
      { '/proc/sys/user/max_user_namespaces': '0\n' },
      /user\.max_user_namespaces is 0/,
      /^sysctl -w user\.max_user_namespaces=/,
    ],
    [
      'no network namespaces',
      { status: 1, said: 'unshare: unshare failed: No space left on device' },
      { '/proc/sys/user/max_net_namespaces': '0\n', '/proc/sys/user/max_user_namespaces': '9\n' },
      /user\.max_net_namespaces is 0/,
      /^sysctl -w user\.max_net_namespaces=/,
    ],
    [
      'a limit that is reached',
      { status: 1, said: 'unshare: unshare failed: No space left on device' },
      { '/proc/sys/user/max_user_namespaces': '9\n' },
      /is reached/,
      /sysctl -w/,
    ],
    [
      'Linux without them',
      { status: 1, said: 'unshare failed: Invalid argument' },
      {},
      /CONFIG_USER_NS/,
      /use a Linux/,
    ],
    [
      'Debian without them for users',
      NOT_PERMITTED,
      { '/proc/sys/kernel/unprivileged_userns_clone': '0\n', ...FILTERED },
      /unprivileged_userns_clone is 0/,
      /^sysctl -w kernel\.unprivileged_userns_clone=1$/,
    ],
    [
      'AppArmor',
      { status: 1, said: 'unshare: write failed /proc/self/uid_map: Operation not permitted' },
      { '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n' },
      /apparmor_restrict_unprivileged_userns is 1/,
      /^sysctl -w kernel\.apparmor_restrict_unprivileged_userns=0$/,
    ],
    ['a container', NOT_PERMITTED, FILTERED, /seccomp filter/, /seccomp=unconfined.*RestrictNamespaces=no/],
    ['an unknown cause', NOT_PERMITTED, {}, /does not say.*unshare failed: Operation not permitted/, /root/],
    ['a silent end', { status: 1, said: '' }, FILTERED, /does not say.*nothing/, /root/],
  ])('tells %s', (_name, attempt, files, why, remedy) => {
    const refusal = namespaceRefusal(attempt, host(files));
    expect(refusal?.why).toMatch(why);
    expect(refusal?.remedy).toMatch(remedy);
  });

  it('takes settings that grant, and files that are empty, for no cause', () => {
    const granting = {
      '/proc/sys/user/max_user_namespaces': '\n',
      '/proc/sys/kernel/unprivileged_userns_clone': '1\n',
      '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '0\n',
      '/proc/self/status': 'Seccomp:\t0\n',
    };
    expect(namespaceRefusal(NOT_PERMITTED, host(granting))?.why).toMatch(/does not say/);
  });

  it('is null where namespaces can be made', () => {
    expect(namespaceRefusal({ status: 0, said: '' }, host({}))).toBeNull();
  });

  it('tells of this host whether they can', () => {
    const refusal = namespaceRefusal();
    if (refusal === null) return;
    expect(refusalText(refusal)).toMatch(/^a network namespace of its own is missing: .*; to grant it: ./);
  });
});

describe('rightRefusal()', () => {
  const refused = (errno: number, syscall: string, remedy?: string) =>
    new CopytaxError('ERR_SOCKET', `${syscall} failed`, { errno, syscall, ...(remedy && { remedy }) });

  it('tells of a right that is missing', () => {
    const what = 'socket(AF_XDP)';
    expect(rightRefusal(refused(EPERM, what, 'be root'))).toEqual({ what, why: `${what} failed`, remedy: 'be root' });
    expect(rightRefusal(refused(EPERM, what))?.remedy).toMatch(/error of Linux/);
  });

  it('is null for errors that no right would mend', () => {
    expect([
      rightRefusal(refused(EINVAL, 'socket(AF_XDP)')),
      rightRefusal(new CopytaxError('ERR_OUT_OF_RANGE', 'no')),
      rightRefusal(new Error('no')),
      rightRefusal(null),
    ]).toEqual([null, null, null, null]);
  });
});
