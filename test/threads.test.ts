import { describe, expect, it } from '@jest/globals';
import { CopytaxError } from '../lib/errors.js';
import { startRefusal, startThread } from '../lib/threads.js';

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
