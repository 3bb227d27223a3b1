/** Waiting, but not for ever: a thread that never answers must not make the whole run wait with it. */
import { setTimeout } from 'node:timers/promises';
import { CopytaxError } from '../../errors.js';

/** As `work`, but rejects with ERR_STALLED, naming `what`, when that takes longer. The work itself is not stopped. */
export async function withinTime<Value>(work: Promise<Value>, limitMs: number, what: string): Promise<Value> {
  const done = new AbortController();
  const tooLong = setTimeout(limitMs, undefined, { signal: done.signal }).then(() => {
    const message = `${what} did not end within ${limitMs / 1000} s`;
    throw new CopytaxError('ERR_STALLED', message, { what, limitMs });
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    done.abort();
    tooLong.catch(() => {});
  }
}
