import { describe, expect, it } from '@jest/globals';
import { NO_PROGRESS_MS, ProgressWatch } from '../../../lib/machine/run/progress-watch.js';

describe('ProgressWatch', () => {
  let bytes = 0;
  let failures = 7;
  const watch = (
    fromMs: number,
    untilMs: number,
    stepMs: number,
    moved: number,
    one = new ProgressWatch(
      () => bytes,
      () => failures,
    ),
  ) => {
    for (let now = fromMs; now <= untilMs; now += stepMs) {
      bytes += moved;
      one.look(now);
    }
    return one;
  };

  it('finds that a machine has stopped after it moved nothing for long enough', () => {
    expect(watch(1e6, 1e6 + NO_PROGRESS_MS - 1, 1, 0).hasStopped).toBe(false);
    const stopped = watch(1e6, 1e6 + NO_PROGRESS_MS, 1, 0);
    expect(stopped.hasStopped).toBe(true);
    const message = 'a machine with design txbuf made no progress for 2 s, although data are still in flight';
    expect(() => stopped.assertProgress('txbuf')).toThrow(
      expect.objectContaining({ code: 'ERR_NEVER_ARRIVES', message }),
    );
    failures += 3;
    expect(() => stopped.assertProgress('txbuf')).toThrow(
      expect.objectContaining({ code: 'ERR_STALLED', message: `${message}; packets found no slots, 3 times` }),
    );
  });

  it('finds progress where a byte moved now and then', () => {
    const one = watch(0, 10 * NO_PROGRESS_MS, NO_PROGRESS_MS / 20, 1);
    for (let turn = 0; turn < 5; turn++) {
      const from = (11 + turn) * NO_PROGRESS_MS;
      bytes++;
      watch(from, from + NO_PROGRESS_MS - 1, 10, 0, one);
    }
    expect(one.hasStopped).toBe(false);
    expect(() => one.assertProgress('txbuf')).not.toThrow();
  });

  it('takes no pause of its own process for a machine that has stopped', () => {
    const one = watch(0, 10, 1, 0);
    one.look(100 * NO_PROGRESS_MS);
    expect(one.hasStopped).toBe(false);
  });
});
