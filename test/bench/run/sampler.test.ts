import { describe, expect, it } from '@jest/globals';
import type { Cell } from '../../../lib/bench/plan/scenario.js';
import { Sampler, type SamplerSources } from '../../../lib/bench/run/sampler.js';

const cellOf = (sample: Cell['sample']): Cell => ({
  id: 'a',
  params: {},
  unit: 'ns',
  higherIsBetter: false,
  batch: 1,
  sample,
});
const steady = cellOf(async () => ({ value: 7, durationMs: 1 }));

/** A sampler whose process stands still as `stands` says, one answer for each try; then it does not. */
function samplerOf(stands: readonly boolean[] = [], more: Partial<SamplerSources> = {}) {
  const stops = [...stands];
  const abort = new AbortController();
  let pulses = 0;
  const sampler = new Sampler({
    signal: abort.signal,
    now: () => 42,
    pulse: () => ++pulses,
    watch: { begin: () => {}, stoodStill: async () => stops.shift() ?? false },
    limitMs: 10_000,
    ...more,
  });
  return { sampler, abort };
}

describe('Sampler', () => {
  it('calls the cell once, with the signal, and keeps what it measured and when', async () => {
    const { sampler, abort } = samplerOf();
    const seen: AbortSignal[] = [];
    const taken = await sampler.take(
      cellOf(async (given) => {
        seen.push(given);
        return { value: 7, durationMs: 1234.5, ledger: { bytes: 1 } };
      }),
    );
    expect(seen).toEqual([abort.signal]);
    const sample = { value: 7, durationMs: 1234.5, ledger: { bytes: 1 }, pulseNs: [2] };
    expect(taken).toEqual({ sample, startedMs: 42, repeats: 0 });
  });

  it('tries a cell again that has no value, unless the cell says that this host has none', async () => {
    const { sampler } = samplerOf();
    const triesOf = async (whyNone?: string) => {
      let tries = 0;
      await sampler.take(
        cellOf(async () => ({ value: null, durationMs: 0, ...(whyNone && { whyNone }), tries: ++tries })),
      );
      return tries;
    };
    expect({ untold: await triesOf(), told: await triesOf('it has one node') }).toEqual({ untold: 3, told: 1 });
  });

  it('keeps the slower of the pulses before and after, and takes one between two samples', async () => {
    const speeds = [5, 3, 4, 9];
    const { sampler } = samplerOf([], { pulse: () => speeds.shift()! });
    const pulses = [];
    for (let sample = 0; sample < 3; sample++) pulses.push((await sampler.take(steady))!.sample.pulseNs);
    expect(pulses).toEqual([[5], [4], [9]]);
  });

  it('takes a new pulse after a pause', async () => {
    const speeds = [5, 1, 3, 2];
    const { sampler } = samplerOf([], { pulse: () => speeds.shift()! });
    await sampler.take(steady);
    sampler.pause();
    expect((await sampler.take(steady))!.sample.pulseNs).toEqual([3]);
  });

  it('leaves the pulses of a cell that has taken them itself', async () => {
    const { sampler } = samplerOf();
    const taken = await sampler.take(cellOf(async () => ({ value: 7, durationMs: 1, pulseNs: [0.25, 0.5] })));
    expect(taken!.sample.pulseNs).toEqual([0.25, 0.5]);
  });

  it('takes a new pulse where other threads took theirs in between, or where a sample failed', async () => {
    const own = cellOf(async () => ({ value: 7, durationMs: 1, pulseNs: [9] }));
    const failing = cellOf(() => Promise.reject(new Error('full')));
    for (const between of [own, failing]) {
      const speeds = [1, 6, 2, 3];
      const { sampler } = samplerOf([], { pulse: () => speeds.shift()! });
      await sampler.take(steady); // 1 before, 6 behind, which is the one before the next as well
      await sampler.take(between).catch(() => {});
      expect((await sampler.take(steady))!.sample.pulseNs).toEqual([3]);
    }
  });

  it('began a sample when it took it for the last time', async () => {
    let now = 0;
    const { sampler } = samplerOf([true], { now: () => now });
    const cell = cellOf(async () => {
      now += 100;
      return { value: 7, durationMs: 1 };
    });
    expect(await sampler.take(cell)).toMatchObject({ startedMs: 100, repeats: 1 });
  });

  it('takes a sample again in which the process stood still, and says how often', async () => {
    const values = [1, 2, 3];
    const cell = cellOf(async () => ({ value: values.shift()!, durationMs: 1 }));
    const taken = await samplerOf([true, true]).sampler.take(cell);
    expect([taken!.sample.value, taken!.repeats]).toEqual([3, 2]);
  });

  it('takes a sample again that failed because the process stood still, and no other one', async () => {
    const flaky = () => {
      let calls = 0;
      return cellOf(async () => {
        if (++calls === 1) throw new Error('stalled');
        return { value: 5, durationMs: 1 };
      });
    };
    expect((await samplerOf([true]).sampler.take(flaky()))!.sample.value).toBe(5);
    await expect(samplerOf([false]).sampler.take(flaky())).rejects.toThrow('stalled');
  });

  it('does not take a sample again beside one that was given up and still runs', async () => {
    let calls = 0;
    const late = cellOf(async () => {
      calls++;
      throw Object.assign(new Error('late'), { code: 'ERR_TIMED_OUT' });
    });
    await expect(samplerOf([true]).sampler.take(late)).rejects.toThrow('late');
    expect(calls).toBe(1);
  });

  it('gives up repeating on a host that stands still again and again', async () => {
    const taken = await samplerOf(new Array(99).fill(true)).sampler.take(steady);
    expect(taken!.repeats).toBe(3);
  });

  it('returns null for what the signal has cut short, also if that failed', async () => {
    const { sampler, abort } = samplerOf();
    const torn = cellOf(async () => {
      abort.abort();
      throw new Error('torn down');
    });
    expect(await sampler.take(torn)).toBeNull();
  });

  it('takes null for a sample in which nothing moved', async () => {
    const taken = await samplerOf().sampler.take(cellOf(async () => ({ value: null, durationMs: 1 })));
    expect(taken!.sample.value).toBeNull();
  });

  it('tries a sample in which nothing moves three times', async () => {
    const tries = async (...values: (number | null)[]) => {
      const left = [...values];
      const taken = await samplerOf().sampler.take(cellOf(async () => ({ value: left.shift()!, durationMs: 1 })));
      return [taken!.sample.value, values.length - left.length, taken!.repeats];
    };
    expect(await tries(null, 5, 6, 7)).toEqual([5, 2, 0]);
    expect(await tries(null, null, null, 7)).toEqual([null, 3, 0]);
  });

  it('rejects what is no sample, and pulses that are no times', async () => {
    const rejected = (sample: unknown) =>
      expect(samplerOf().sampler.take(cellOf(async () => sample as never))).rejects.toMatchObject({
        code: 'ERR_SCENARIO',
      });
    await rejected(undefined);
    for (const ns of [Number.NaN, 0, Number.POSITIVE_INFINITY])
      await rejected({ value: 1, durationMs: 1, pulseNs: [1, ns] });
  });

  it.each([
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 1],
    [1, Number.NaN],
    [1, -1],
  ])('rejects a value of %d after %d ms', async (value, durationMs) => {
    const taken = samplerOf().sampler.take(cellOf(async () => ({ value, durationMs })));
    await expect(taken).rejects.toMatchObject({ code: 'ERR_SCENARIO' });
  });

  it('rejects with the error of the cell itself', async () => {
    const error = Object.assign(new Error('full'), { code: 'ERR_SWIOTLB_FULL' });
    await expect(samplerOf().sampler.take(cellOf(() => Promise.reject(error)))).rejects.toBe(error);
  });
});
