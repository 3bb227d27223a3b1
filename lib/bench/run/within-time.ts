/** Waits with a limit: a thread that never replies must not make the run wait with it. */
import { CopytaxError } from '../../errors.js';

/** How often the time is looked at. */
const TICK_MS = 100;
/** A tick that comes later than this found the process standing still: that is not the time of the work. */
const LATE_MS = 1000;

/**
 * Settles as `work` does, but rejects with ERR_TIMED_OUT, naming `what`, after `limitMs` in which the process ran. The
 * work is not stopped. `why`: what may be the reason, for the end of the message.
 */
export function withinTime<Value>(work: Promise<Value>, limitMs: number, what: string, why = ''): Promise<Value> {
  return new Promise((resolve, reject) => {
    let spentMs = 0;
    let last = performance.now();
    const tick = (): void => {
      const now = performance.now();
      spentMs += Math.min(now - last, LATE_MS);
      last = now;
      if (spentMs < limitMs) return;
      const message = `${what} did not end within ${limitMs / 1000} s${why === '' ? '' : `: ${why}`}`;
      settle(() => reject(new CopytaxError('ERR_TIMED_OUT', message, { what, limitMs })));
    };
    const timer = setInterval(tick, Math.min(TICK_MS, limitMs));
    const settle = (finish: () => void): void => {
      clearInterval(timer);
      finish();
    };
    work.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}
