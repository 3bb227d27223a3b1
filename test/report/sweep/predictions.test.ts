import { describe, expect, it } from '@jest/globals';
import type { CellResult } from '../../../lib/bench/result/result.js';
import { modelOf } from '../../../lib/report/sweep/model-parameters.js';
import { checkPredictions } from '../../../lib/report/sweep/predictions.js';
import { MIB } from '../../../lib/units.js';
import { CALIBRATION, pair, sweepOf } from '../fixtures/sweep.js';

function checked(name: string, cells: readonly CellResult[], cpus = 16, cacheBytes = 32 * MIB) {
  const result = sweepOf([...cells, ...CALIBRATION], cpus, cacheBytes);
  return checkPredictions(result, modelOf(result)).find((one) => one.name === name)!.check;
}

/** Both designs at every N and Q, by what each moves. */
function scaled(bounce: (n: number, q: number) => number, pages: (n: number, q: number) => number) {
  return [1, 2, 4].flatMap((senders) =>
    [1, 2, 4]
      .filter((queues) => queues <= senders)
      .flatMap((queues) => {
        const rate = bounce(senders, queues);
        return pair(rate, pages(senders, queues) / rate, { senders, queues });
      }),
  );
}
const asPredicted = scaled(
  (n, q) => 50 * Math.min(n, 2, 2 * q) * q,
  (n) => 100 * n,
);

describe('the first prediction', () => {
  it('holds if bounce scales with queues and bounce-pages with senders', () => {
    expect(checked('1', asPredicted)).toMatchObject({
      verdict: 'holds',
      because:
        'bounce 50.0 (N=1) 100 (N=2) 100 (N=4), 100 (Q=1) 200 (Q=2) 400 (Q=4) Gbit/s; ' +
        'bounce-pages 100 (N=1) 200 (N=2) 400 (N=4), 400 (Q=1) 400 (Q=2) 400 (Q=4) Gbit/s',
    });
  });

  it.each([
    [
      'bounce scales with senders',
      scaled(
        (n, q) => 50 * n * q,
        (n) => 100 * n,
      ),
    ],
    [
      'bounce does not scale with queues',
      scaled(
        () => 50,
        (n) => 100 * n,
      ),
    ],
    [
      'bounce-pages does not scale with senders',
      scaled(
        (_n, q) => 50 * q,
        () => 200,
      ),
    ],
    [
      'bounce-pages scales with queues',
      scaled(
        (_n, q) => 50 * q,
        (n, q) => 100 * n * q,
      ),
    ],
  ])('does not hold if %s', (_why, cells) => {
    expect(checked('1', cells).verdict).toBe('does not hold');
  });

  it('is not judged if senders and queues share CPUs', () => {
    expect(checked('1', asPredicted, 6).verdict).toBe('holds');
    expect(checked('1', asPredicted, 5)).toMatchObject({
      verdict: 'not measurable here',
      because: expect.stringMatching(/there are 5 CPUs; measured: bounce 50\.0 \(N=1\)/),
    });
  });
});

describe('the second prediction', () => {
  const by = (one: number, four: number) =>
    scaled(
      () => 100,
      (_n, q) => 100 * (q === 1 ? one : four),
    );

  it('holds if the ratio is highest on one queue, and at most 2 with as many queues as senders', () => {
    expect(checked('2', by(4, 1.5))).toMatchObject({
      verdict: 'holds',
      because: '4.00 [4.00, 4.00] at N=4 Q=1, 1.50 [1.50, 1.50] at N=4 Q=2, 1.50 [1.50, 1.50] at N=4 Q=4',
    });
    expect(checked('2', by(1.2, 1.5)).verdict).toBe('does not hold');
    expect(checked('2', by(4, 3)).verdict).toBe('does not hold');
  });

  it('is not judged if senders and queues share CPUs, or without several queues', () => {
    expect(checked('2', by(4, 1.5), 2)).toMatchObject({
      verdict: 'not measurable here',
      because: expect.stringMatching(/measured: 4\.00/),
    });
    expect(checked('2', pair(100, 2)).because).toContain('no cell has several queues');
  });
});

describe('the third prediction', () => {
  it('is about the smallest messages on one queue', () => {
    const small = (gain: number) => [...pair(5, gain, { message: 64 }), ...pair(50, 3, { message: 1024 })];
    expect(checked('3a', small(1.1))).toMatchObject({
      verdict: 'holds',
      because: expect.stringMatching(/^1\.10 .* at 64 B, N=2, 3\.00/),
    });
    expect(checked('3a', small(1.5)).verdict).toBe('does not hold');
    expect(checked('3a', pair(50, 1)).verdict).toBe('not measurable here');
  });

  it('is also about one sender', () => {
    expect(checked('3b', pair(50, 0.9, { senders: 1 })).verdict).toBe('holds');
    expect(checked('3b', pair(50, 1.6, { senders: 1 })).verdict).toBe('does not hold');
    expect(checked('3b', pair(50, 1.6)).verdict).toBe('not measurable here');
  });
});

describe('the fourth prediction', () => {
  const pool = 1024 * MIB;
  const counts = { senders: 8, queues: 8, cpus: 16 };
  const windows = (gain: number, rate = 50) => [
    ...pair(100, 2, { ...counts, pool, window: 256 << 10 }),
    ...pair(rate, gain, { ...counts, pool, window: 64 * MIB }),
  ];

  it('holds if rates fall, and the ratio beyond the last-level cache is that of k', () => {
    const { verdict, because } = checked('4', windows(2.6));
    expect(because).toMatch(/^k is 5\.0 and 2\.0: 2 MiB in flight 2\.00 .*, 512 MiB in flight 2\.60/);
    expect(verdict).toBe('holds');
    expect(checked('4', windows(1.2)).verdict).toBe('does not hold');
    expect(checked('4', windows(2.6, 200)).verdict).toBe('does not hold');
  });

  it('is not judged if memory is not the limit, or everything fits the cache', () => {
    const slow = windows(2.6).map((cell) => ({ ...cell, params: { ...cell.params, cpus: 1 } }));
    expect(checked('4', slow)).toMatchObject({
      verdict: 'not measurable here',
      because: expect.stringMatching(/not the limit here, but CPUs/),
    });
    expect(checked('4', windows(2.6), 16, 2048 * MIB)).toMatchObject({
      verdict: 'not measurable here',
      because: expect.stringMatching(/no cell with room in the slot pool has more in flight than the last-level cache/),
    });
  });
});

describe('the fifth prediction', () => {
  const cells = (beyond: number) => [
    ...pair(100, 2),
    ...pair(100, 2, { percent: 50 }),
    ...pair(100, beyond, { percent: 10, pool: 16 * MIB }),
    ...pair(100, 9, { percent: 0 }), // off, not exhausted
  ];

  it('holds if less than half of the advantage is left beyond the room for pages', () => {
    const { verdict, because } = checked('5', cells(1.1));
    expect(because).toBe('ratio 2.00 2.00 where all pages fit, 1.10 at 2 times the room and more');
    expect(verdict).toBe('holds');
    expect(checked('5', cells(1.9)).verdict).toBe('does not hold');
  });

  it('is not judged if there is room for all pages', () => {
    expect(checked('5', pair(100, 2))).toMatchObject({
      verdict: 'not measurable here',
      because: expect.stringMatching(/at most 0\.139 of/),
    });
  });
});

describe('the sixth prediction', () => {
  it('is about cells in which throughput is about the same', () => {
    const cells = (share: number) => [...pair(100, 1.1, {}, [2, 2 * share]), ...pair(100, 3, { senders: 1 }, [1, 9])];
    expect(checked('6', cells(0.6))).toMatchObject({
      verdict: 'holds',
      because: expect.stringMatching(/^in 1 of 1 .* takes 60 % to 60 %/),
    });
    expect(checked('6', cells(1.2)).verdict).toBe('does not hold');
    expect(checked('6', pair(100, 3)).verdict).toBe('not measurable here');
  });
});

describe('checkPredictions', () => {
  it('checks no prediction with a few rounds', () => {
    const few = pair(50, 0.9, { senders: 1 }).map((cell) => ({ ...cell, samples: cell.samples.slice(0, 5) }));
    expect(checked('3b', few)).toMatchObject({
      verdict: 'not measurable here',
      because: '5 rounds of at least 6; measured: 0.90 [0.90, 0.90] at 64 KiB, N=1',
    });
  });

  it('returns no check without both designs', () => {
    expect(checkPredictions(sweepOf(CALIBRATION), null)).toEqual([]);
  });
});
