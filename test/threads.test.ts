import { describe, expect, it } from '@jest/globals';
import { CopytaxError } from '../lib/errors.js';
import { addressRefusal, startRefusal, startThread } from '../lib/threads.js';

const thrown = (code: string, message: string, more: object = {}) =>
  Object.assign(new Error(message), { code, ...more });

describe('a thread that could not be started', () => {
  it.each([
    [thrown('ERR_WORKER_INIT_FAILED', 'Worker initialization failure: EAGAIN'), 'ulimit -u'],
    [thrown('ERR_WORKER_INIT_FAILED', 'Worker initialization failure: EMFILE'), 'ulimit -n'],
    [thrown('EMFILE', 'EMFILE: too many open files, open'), 'ulimit -n'],
    [thrown('ERR_WORKER_OUT_OF_MEMORY', 'Worker terminated due to reaching memory limit'), 'memory'],
    [
      thrown('ERR_ACCESS_DENIED', 'Access to this API has been restricted', { permission: 'WorkerThreads' }),
      '--allow-w',
    ],
    [thrown('ERR_ACCESS_DENIED', 'Access', { permission: 'FileSystemRead' }), '--allow-fs-read'],
  ])('says what to do about %s', (cause, remedy) => {
    const refusal = startRefusal(cause);
    expect(refusal).toBeInstanceOf(CopytaxError);
    expect(refusal).toMatchObject({ code: 'ERR_NO_THREAD', cause });
    expect(refusal!.message).toContain(cause.message);
    expect(refusal!.remedy).toContain(remedy);
  });

  it.each([new Error('of a scenario'), thrown('ERR_DESIGN', 'of ours'), 'a text', null, undefined])(
    'is not what %s is about',
    (cause) => {
      expect(startRefusal(cause)).toBeNull();
    },
  );

  it('passes on what is wrong with the call itself', () => {
    expect(() => startThread(new URL('https://example.org/'))).toThrow(
      expect.objectContaining({ code: expect.not.stringMatching('ERR_NO_THREAD') }),
    );
  });
});

describe('threads that would find no addresses', () => {
  const of = (limit: string) => (name: string) =>
    name === 'limits'
      ? `Max address space         ${limit}          unlimited            bytes\n`
      : 'VmSize:\t 1024 kB\n';
  const bytes = (mib: number) => of(`${mib * 1024 * 1024}`);

  it('are refused with what they take, what is left and the remedy', () => {
    const refusal = addressRefusal(2, bytes(1536));
    expect(refusal).toMatchObject({ code: 'ERR_NO_THREAD', remedy: expect.stringContaining('ulimit -v') });
    expect(refusal!.message).toMatch(/takes up to 1536 MiB of addresses, and the limit leaves 1535 MiB/);
  });

  it('are not where there are enough, no limit, or nothing to read', () => {
    const unreadable = () => {
      throw new Error('no /proc');
    };
    for (const read of [bytes(1537), of('unlimited'), () => '', unreadable]) expect(addressRefusal(2, read)).toBeNull();
  });
});
