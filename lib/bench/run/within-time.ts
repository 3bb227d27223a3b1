/** Waits with a limit: a thread that never replies must not make the run wait with it. */
import { setTimeout } from 'node:timers/promises';
import { CopytaxError } from '../../errors.js';

/**
 * Settles as `work` does, but rejects with ERR_TIMED_OUT, naming `what`, after `limitMs`. The work is not stopped.
 * `why`: what may be the reason, for the end of the message.
 */
export async function withinTime<Value>(work: Promise<Value>, limitMs: number, what: string, why = ''): Promise<Value> {
  const done = new AbortController();
  const tooLong = setTimeout(limitMs, undefined, { signal: done.signal }).then(() => {
    const message = `${what} did not end within ${limitMs / 1000} s${why === '' ? '' : `: ${why}`}`;
    throw new CopytaxError('ERR_TIMED_OUT', message, { what, limitMs });
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    done.abort();
    tooLong.catch(() => {});
  }
}
