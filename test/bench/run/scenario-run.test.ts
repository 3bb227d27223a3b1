import { describe, expect, it } from '@jest/globals';
import type { Cell } from '../../../lib/bench/plan/scenario.js';
import { ScenarioRecord } from '../../../lib/bench/result/scenario-record.js';
import { Sampler } from '../../../lib/bench/run/sampler.js';
import { type RunParts, ScenarioRun } from '../../../lib/bench/run/scenario-run.js';
import { FakeClock, QUIET_READING, scriptedCell, scriptedScenario, scriptedSettings } from '../fixtures/scripted.js';

function setUp(renewalMs: number | null = null, durationMs = 100) {
  const clock = new FakeClock();
  const calls: string[] = [];
  const cell = scriptedCell('a', clock, () => 1, { durationMs, onSample: () => calls.push('sample') });
  const renew = async () => {
    clock.ms += renewalMs!;
    calls.push('renew');
  };
  const scenario = scriptedScenario([cell], {
    open: async () => {
      calls.push('open');
    },
    close: async () => {
      calls.push('close');
    },
    ...(renewalMs === null ? {} : { renew }),
  });
  const { signal } = new AbortController();
  const watch = { begin: () => {}, stoodStill: async () => false };
  const parts: RunParts = {
    settings: scriptedSettings(),
    signal,
    now: clock.now,
    readHost: () => ({ ...QUIET_READING, atMs: clock.ms }),
    sampler: new Sampler({ signal, now: clock.now, pulse: () => 1, watch, limitMs: 1e6 }),
    onProgress: () => {},
  };
  return { clock, calls, run: new ScenarioRun(new ScenarioRecord(scenario), parts) };
}

/** A scenario of these cells after its warm-up; `stands`: whether the process stands still in a sample, by its number. */
async function warmed(
  cells: readonly Cell[],
  clock: FakeClock,
  stands: (sample: number) => boolean,
  signal: AbortSignal,
  warmUpMs = 0,
) {
  let samples = 0;
  const watch = { begin: () => {}, stoodStill: async () => stands(samples++) };
  const run = new ScenarioRun(new ScenarioRecord(scriptedScenario(cells)), {
    settings: scriptedSettings(),
    signal,
    now: clock.now,
    readHost: () => QUIET_READING,
    sampler: new Sampler({ signal, now: clock.now, pulse: () => 1, watch, limitMs: 1e6 }),
    onProgress: () => {},
  });
  await run.begin(warmUpMs);
  samples = 0;
  return run;
}

describe('ScenarioRun', () => {
  it('opens, warms up until cells get no better, measures rounds, and closes once', async () => {
    const { calls, run } = setUp();
    await run.begin(1e6);
    expect([run.record.warmUpRounds, run.rounds]).toEqual([4, 0]);
    await run.round();
    await run.round();
    await run.end();
    await run.end();
    expect(calls).toEqual(['open', ...new Array(6).fill('sample'), 'close']);
    expect(run.record.seconds).toBeCloseTo(0.6);
  });

  it('knows how long its last round took, with the time for fresh memory', async () => {
    const { run } = setUp(10);
    expect(run.roundMs).toBe(0);
    await run.begin(1e6);
    await run.round();
    expect(run.roundMs).toBe(100);
    await run.round();
    expect(run.roundMs).toBe(110);
  });

  it('renews memory once before it warms up, and then not before anything was measured in it', async () => {
    const { calls, run } = setUp(0);
    await run.begin(0);
    await run.round();
    expect(calls).toEqual(['open', 'renew', 'sample', 'sample']);
    await run.round();
    expect(calls.slice(4)).toEqual(['renew', 'sample']);
    expect(run.record.rounds.map(({ placement }) => placement)).toEqual([0, 1]);
  });

  it('counts the repeats of all cells of a round', async () => {
    const clock = new FakeClock();
    const cells = ['a', 'b', 'c'].map((id) => scriptedCell(id, clock, () => 1));
    // The first sample is taken three times, the second one twice.
    const { signal } = new AbortController();
    const run = await warmed(cells, clock, (sample) => [0, 1, 3].includes(sample), signal);
    await run.round();
    expect(run.record.rounds.map(({ repeats }) => repeats)).toEqual([3]);
  });

  it('records a round that the signal cut short, with the cells that it has, and none without any', async () => {
    for (const [stopAt, rounds] of [
      [4, [1]],
      [3, []],
    ] as const) {
      const clock = new FakeClock();
      const abort = new AbortController();
      let samples = 0;
      const onSample = () => void (samples++ === stopAt && abort.abort());
      const cells = ['a', 'b', 'c'].map((id) => scriptedCell(id, clock, () => 1, { onSample }));
      const run = await warmed(cells, clock, () => false, abort.signal);
      await run.round();
      expect(run.record.rounds.map(({ cells: sampled }) => sampled)).toEqual(rounds);
    }
  });

  it('counts no warm-up round that the signal cut short', async () => {
    const clock = new FakeClock();
    const abort = new AbortController();
    let samples = 0;
    const onSample = () => void (++samples === 5 && abort.abort());
    const cells = ['a', 'b', 'c'].map((id) => scriptedCell(id, clock, () => 1, { onSample }));
    const run = await warmed(cells, clock, () => false, abort.signal, 1e6);
    expect(run.record.warmUpRounds).toBe(1);
  });
});
