import { describe, expect, it } from '@jest/globals';
import type { Cell } from '../../../lib/bench/plan/scenario.js';
import { type Progress, type RunHooks, runScenarios } from '../../../lib/bench/run/runner.js';
import { DESIGNS } from '../../../lib/designs/designs.js';
import { addDesign } from '../../../lib/designs/own-designs.js';
import { FakeClock, QUIET_READING, scriptedCell, scriptedRecorder, scriptedScenario } from '../fixtures/scripted.js';

/** Number of warm-up rounds of cells that do not change. */
const WARM_UP = 4;
const STATE = { complete: true, interrupted: false };

function setUp(more: Parameters<typeof scriptedRecorder>[1] = {}) {
  const clock = new FakeClock();
  const abort = new AbortController();
  const hooks: RunHooks = {
    signal: abort.signal,
    now: clock.now,
    readHost: () => ({ ...QUIET_READING, atMs: clock.ms }),
    pulse: () => 1,
    watch: { begin: () => {}, stoodStill: async () => false, stoodMs: 0 },
  };
  return { clock, abort, hooks, recorder: scriptedRecorder(clock, more) };
}

/** A scenario, and the calls of its methods and of those of its cells, in order. */
function openedScenario(cells: readonly Cell[]) {
  const calls: string[] = [];
  const noting =
    <Result>(call: string, action: ((signal: AbortSignal) => Promise<Result>) | undefined) =>
    async (signal?: AbortSignal) => {
      calls.push(call);
      return (await action?.(signal!)) as Result;
    };
  const noted = cells.map((cell) => ({
    ...cell,
    prepare: noting(`prepare ${cell.id}`, cell.prepare),
    sample: async (signal: AbortSignal) => noting(`sample ${cell.id}`, () => cell.sample(signal))(),
    dispose: noting(`dispose ${cell.id}`, cell.dispose),
  }));
  return {
    calls,
    scenario: scriptedScenario(noted, { open: noting('open', undefined), close: noting('close', undefined) }),
  };
}

describe('runScenarios', () => {
  it('samples each cell once per round, and discards the warm-up rounds', async () => {
    const { clock, hooks, recorder } = setUp({ rounds: 4 });
    const cells = ['a', 'b', 'c'].map((id) => scriptedCell(id, clock, (call) => call));
    await runScenarios([scriptedScenario(cells)], recorder, hooks);
    const { results, scenarios } = recorder.document(STATE);
    expect(results.map(({ id, samples }) => [id, samples])).toEqual(['a', 'b', 'c'].map((id) => [id, [4, 5, 6, 7]]));
    expect(scenarios[0]).toMatchObject({ name: 'scripted', warmUpRounds: 4, seconds: 2.4 });
    expect(scenarios[0]!.rounds).toHaveLength(4);
    for (const cell of cells) {
      expect(cell.calls).toEqual(['prepare', ...new Array(8).fill('sample'), 'dispose']);
    }
  });

  it('begins to measure once no cell gets better, or a third of its time is over', async () => {
    const warmUp = async (rate: (call: number) => number, more: Parameters<typeof scriptedRecorder>[1]) => {
      const { clock, hooks, recorder } = setUp(more);
      await runScenarios([scriptedScenario([scriptedCell('a', clock, rate)])], recorder, hooks);
      const { results, scenarios } = recorder.document(STATE);
      return [scenarios[0]!.warmUpRounds, results[0]!.samples[0]];
    };
    const risingUntil = (end: number) => (call: number) => Math.min(call, end) + 1;
    const timed = { rounds: null, budgetMs: 6000, limitMs: 6000 };
    expect(await warmUp(risingUntil(5), timed)).toEqual([9, 6]);
    expect(await warmUp(risingUntil(1000), timed)).toEqual([20, 21]);
    expect(await warmUp(risingUntil(1000), { rounds: 2 })).toEqual([2, 3]);
  });

  it('refuses a hook that there is not, before anything is opened', async () => {
    const { hooks, recorder } = setUp({ rounds: 4 });
    const { calls, scenario } = openedScenario([]);
    const misspelt = { ...hooks, onProgres: () => {} };
    await expect(runScenarios([scenario], recorder, misspelt)).rejects.toMatchObject({
      code: 'ERR_UNKNOWN_OPTION',
      details: { option: 'onProgres', nearest: 'onProgress' },
    });
    expect(calls).toEqual([]);
  });

  it('ends a scenario that has no cells', async () => {
    const { hooks, recorder } = setUp({ rounds: 4 });
    const { calls, scenario } = openedScenario([]);
    await runScenarios([scenario], recorder, hooks);
    expect({ calls, results: recorder.document({ complete: true, interrupted: false }).results }).toEqual({
      calls: [],
      results: [],
    });
  });

  it('draws a new order for each round, the same for the same seed', async () => {
    const order = async (seed: number) => {
      const { clock, hooks, recorder } = setUp({ rounds: 20, seed });
      const log: string[] = [];
      const cells = ['a', 'b', 'c'].map((id) => scriptedCell(id, clock, () => 1, { onSample: () => log.push(id) }));
      await runScenarios([scriptedScenario(cells)], recorder, hooks);
      return log.join('');
    };
    const first = await order(1);
    expect(await order(1)).toBe(first);
    expect(await order(2)).not.toBe(first);
    expect(new Set(first.match(/.{3}/g)).size).toBe(6);
  });

  it('draws other orders for a scenario of another name', async () => {
    const order = async (name: string) => {
      const { clock, hooks, recorder } = setUp({ rounds: 4, seed: 1 });
      const log: string[] = [];
      const cells = [...'abcdef'].map((id) => scriptedCell(id, clock, () => 1, { onSample: () => log.push(id) }));
      await runScenarios([scriptedScenario(cells, { name })], recorder, hooks);
      return log.join('');
    };
    expect(await order('second')).not.toBe(await order('first'));
  });

  it('measures no more rounds than a scenario allows', async () => {
    const { clock, hooks, recorder } = setUp({ rounds: null, budgetMs: 3000, limitMs: 4000, minRounds: 1 });
    await runScenarios([scriptedScenario([scriptedCell('a', clock, () => 1)], { maxRounds: 2 })], recorder, hooks);
    expect(recorder.document(STATE).results[0]!.samples).toEqual([1, 1]);
  });

  it('adds rounds until its part of the budget is spent', async () => {
    const { clock, hooks, recorder } = setUp({ rounds: null, budgetMs: 3000, limitMs: 4000, minRounds: 2 });
    const first = scriptedScenario([scriptedCell('a', clock, () => 1)], { name: 'first', weight: 2 });
    const second = scriptedScenario([scriptedCell('b', clock, () => 1)], { name: 'second', weight: 1 });
    await runScenarios([first, second], recorder, hooks);
    const { scenarios, seconds } = recorder.document(STATE);
    expect(scenarios.map(({ rounds }) => rounds.length)).toEqual([16, 7]);
    expect(seconds).toBe(3);
  });

  it('does not exceed the limit to complete the minimum of rounds', async () => {
    const { clock, hooks, recorder } = setUp({ rounds: null, budgetMs: 300, limitMs: 500, minRounds: 9 });
    await runScenarios([scriptedScenario([scriptedCell('a', clock, () => 1)])], recorder, hooks);
    expect(recorder.document(STATE).seconds).toBe(0.5);
    expect(recorder.document(STATE).warnings.map(({ code }) => code)).toContain('FEW_SAMPLES');
  });

  it('measures one round even if that takes too long, and warns about it', async () => {
    const { clock, hooks, recorder } = setUp({ rounds: null, budgetMs: 300, limitMs: 500 });
    const cell = scriptedCell('a', clock, () => 1, { durationMs: 1000 });
    await runScenarios([scriptedScenario([cell])], recorder, hooks);
    const document = recorder.document(STATE);
    expect(document.results[0]!.samples).toEqual([1]);
    expect(document.warnings.map(({ code }) => code)).toContain('OVERRUN');
  });

  it('interleaves the rounds of all scenarios over the whole run', async () => {
    const { clock, hooks, recorder } = setUp({ rounds: null, budgetMs: 12_000, limitMs: 14_000, minRounds: 2 });
    const scenarios = [3, 1].map((weight) =>
      scriptedScenario([scriptedCell(`of ${weight}`, clock, () => 1)], { name: `weight ${weight}`, weight }),
    );
    await runScenarios(scenarios, recorder, hooks);
    const { results, seconds } = recorder.document(STATE);
    expect(seconds).toBe(12);
    const [often, rarely] = results.map(({ startedMs }) => startedMs!);
    expect(often!.length / rarely!.length).toBeGreaterThan(2.5);
    expect(often!.length / rarely!.length).toBeLessThan(3.5);
    for (const times of [often!, rarely!]) {
      expect(times[0]).toBeLessThan(2000);
      expect(times.at(-1)).toBeGreaterThan(11_000);
      const gaps = times.slice(1).map((at, index) => at - times[index]!);
      expect(Math.max(...gaps)).toBeLessThan(1200);
    }
  });

  it('records when each sample began, which is the order that was drawn', async () => {
    const { clock, hooks, recorder } = setUp({ rounds: 5 });
    const log: string[] = [];
    const cells = ['a', 'b', 'c'].map((id) => scriptedCell(id, clock, () => 1, { onSample: () => log.push(id) }));
    await runScenarios([scriptedScenario(cells)], recorder, hooks);
    const { results } = recorder.document(STATE);
    const order = results.flatMap(({ id, startedMs }) => startedMs!.map((at) => ({ id, at })));
    expect(order.toSorted((one, other) => one.at - other.at).map(({ id }) => id)).toEqual(log.slice(3 * WARM_UP));
  });

  it('gives cells fresh memory, as often as that takes little of the time', async () => {
    const renewals = async (renewalMs: number) => {
      const { clock, hooks, recorder } = setUp({ rounds: 20 });
      const renew = async () => {
        clock.ms += renewalMs;
      };
      await runScenarios([scriptedScenario([scriptedCell('a', clock, () => 1)], { renew })], recorder, hooks);
      return recorder.document(STATE).scenarios[0]!.rounds.map(({ placement }) => placement);
    };
    expect(await renewals(10)).toEqual(Array.from({ length: 20 }, (_, round) => round));
    expect(await renewals(50)).toEqual([0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5]);
  });

  it('measures the other scenarios to their end if one fails', async () => {
    const { clock, hooks, recorder } = setUp({ rounds: 5 });
    const failing = scriptedCell('bad', clock, () => 1, {
      onSample: (call) => {
        if (call === WARM_UP + 1) throw new Error('out of slots');
      },
    });
    const good = scriptedScenario([scriptedCell('good', clock, () => 2)], { name: 'good' });
    const run = runScenarios([scriptedScenario([failing]), good], recorder, hooks);
    await expect(run).rejects.toThrow('out of slots');
    expect(recorder.document(STATE).results.map(({ id, samples }) => [id, samples])).toEqual([
      ['bad', [1]],
      ['good', [2, 2, 2, 2, 2]],
    ]);
  });

  it('measures a scenario for whose memory there is no room beside the others when they have ended', async () => {
    const { clock, hooks, recorder } = setUp({ rounds: null, budgetMs: 4000, limitMs: 4500, minRounds: 2 });
    let isFull = false;
    const memory = (name: string) => ({
      name,
      open: async () => {
        if (isFull) throw Object.assign(new Error('no memory'), { code: 'ERR_REGION_MAP' });
        isFull = true;
      },
      close: async () => {
        isFull = false;
      },
    });
    const scenarios = ['first', 'second'].map((name) =>
      scriptedScenario([scriptedCell(name, clock, () => 1)], memory(name)),
    );
    await runScenarios(scenarios, recorder, hooks);
    const { results, scenarios: recorded, seconds } = recorder.document(STATE);
    expect(recorded.map(({ name }) => name)).toEqual(['first', 'second']);
    const [first, second] = results.map(({ startedMs }) => startedMs!);
    expect(first!.at(-1)).toBeLessThan(second![0]!);
    expect(Math.min(first!.length, second!.length)).toBeGreaterThan(9);
    expect(seconds).toBeLessThanOrEqual(4);
  });

  it('rejects with a failure also if scenarios ran later, for whose memory there was no room', async () => {
    const { clock, hooks, recorder } = setUp({ rounds: 2 });
    let isFull = true;
    const failing = scriptedScenario(
      [
        scriptedCell('bad', clock, () => 1, {
          onSample: () => {
            throw new Error('out of slots');
          },
        }),
      ],
      { name: 'first' },
    );
    const good = scriptedScenario([scriptedCell('good', clock, () => 1)], { name: 'second' });
    const late = scriptedScenario([scriptedCell('late', clock, () => 1)], {
      name: 'third',
      open: async () => {
        if (isFull) throw Object.assign(new Error('no memory'), { code: 'ERR_REGION_MAP' });
      },
    });
    const close = async () => {
      isFull = false;
    };
    await expect(runScenarios([failing, { ...good, close }, late], recorder, hooks)).rejects.toThrow('out of slots');
    expect(recorder.document(STATE).results.map(({ id }) => id)).toEqual(['good', 'late']);
  });

  it('rejects with the first failure of several', async () => {
    const { clock, hooks, recorder } = setUp({ rounds: 5 });
    const failsAt = (id: string, at: number) => {
      const onSample = (call: number) => {
        if (call === WARM_UP + at) throw new Error(`${id} failed`);
      };
      return scriptedScenario([scriptedCell(id, clock, () => 1, { onSample })], { name: id });
    };
    const run = runScenarios([failsAt('late', 4), failsAt('early', 0)], recorder, hooks);
    await expect(run).rejects.toThrow('early failed');
  });

  it('listens for no signal any more when it has ended, however it did', async () => {
    const { clock, hooks, recorder } = setUp({ rounds: 1 });
    const { watch: _none, ...others } = hooks;
    const before = process.listenerCount('SIGCONT');
    await runScenarios([scriptedScenario([scriptedCell('a', clock, () => 1)])], recorder, others);
    const open = () => Promise.reject(new Error('no memory'));
    const scenario = scriptedScenario([scriptedCell('b', clock, () => 1)], { open });
    await expect(runScenarios([scenario], recorder, others)).rejects.toThrow('no memory');
    expect(process.listenerCount('SIGCONT')).toBe(before);
  });

  it('opens no scenario beside others where little memory is available', async () => {
    const { clock, hooks, recorder } = setUp({ rounds: 4 });
    let open = 0;
    let most = 0;
    const memory = {
      open: async () => {
        most = Math.max(most, ++open);
      },
      close: async () => {
        open--;
      },
    };
    const scenarios = ['first', 'second', 'third'].map((name) =>
      scriptedScenario([scriptedCell(name, clock, () => 1)], { name, ...memory }),
    );
    await runScenarios(scenarios, recorder, { ...hooks, availableBytes: () => 200 << 20 });
    expect(recorder.document(STATE).results.map(({ samples }) => samples.length)).toEqual([4, 4, 4]);
    expect(most).toBe(1);
    const afterOthers = recorder.document(STATE).scenarios.map((scenario) => scenario.afterOthers);
    expect(afterOthers).toEqual([undefined, true, true]);
  });

  it('rejects if there is no room for the memory of a scenario alone', async () => {
    const { clock, hooks, recorder } = setUp({ rounds: 2 });
    const open = () => Promise.reject(Object.assign(new Error('no memory'), { code: 'ERR_REGION_MAP' }));
    const scenario = scriptedScenario([scriptedCell('a', clock, () => 1)], { open });
    await expect(runScenarios([scenario], recorder, hooks)).rejects.toThrow('no memory');
  });

  it('repeats a sample in which the process stood still, and counts it in its round', async () => {
    const { clock, hooks, recorder } = setUp({ rounds: 5 });
    let tries = 0;
    const watch = { begin: () => {}, stoodStill: async () => ++tries === 7, stoodMs: 0 };
    await runScenarios([scriptedScenario([scriptedCell('a', clock, (call) => call)])], recorder, { ...hooks, watch });
    const { results, scenarios } = recorder.document(STATE);
    expect(results[0]!.samples).toEqual([5, 7, 8, 9, 10]);
    expect(scenarios[0]!.rounds.map(({ repeats }) => repeats)).toEqual([0, 1, 0, 0, 0]);
  });

  it('takes the time in which the process stood still from neither warm-up nor rounds', async () => {
    const { clock, hooks, recorder } = setUp({ rounds: null, budgetMs: 3000, limitMs: 4000, minRounds: 2 });
    let stoodMs = 0;
    const onSample = (call: number) => {
      if (call !== 1) return;
      clock.ms += 60_000;
      stoodMs = 60_000;
    };
    const watch = {
      begin: () => {},
      stoodStill: async () => false,
      get stoodMs() {
        return stoodMs;
      },
    };
    await runScenarios([scriptedScenario([scriptedCell('a', clock, () => 1, { onSample })])], recorder, {
      ...hooks,
      watch,
    });
    const { scenarios, results } = recorder.document(STATE);
    expect([scenarios[0]!.warmUpRounds, results[0]!.samples.length]).toEqual([WARM_UP, 26]);
    expect(recorder.document(STATE)).toMatchObject({ stoodStillMs: 60_000 });
  });

  it('names cells in which nothing ever moved, and keeps the place of single such samples', async () => {
    const { clock, hooks, recorder } = setUp({ rounds: 5 });
    const still = (id: string, until: number): Cell => {
      let call = 0;
      return {
        ...scriptedCell(id, clock, () => 1),
        sample: async () => ({ value: ++call > until ? 5 : null, durationMs: 1 }),
      };
    };
    await runScenarios([scriptedScenario([still('never', 99), still('late', 12)])], recorder, hooks);
    const { results, failed } = recorder.document(STATE);
    expect(results.map(({ id, samples }) => [id, samples])).toEqual([['late', [null, 5, 5, 5, 5]]]);
    expect(failed).toEqual([
      { id: 'never', scenario: 'scripted', params: { name: 'never' }, samples: 5, why: 'nothing moved' },
    ]);
  });

  it('stops when the signal cuts a sample short, and keeps the others', async () => {
    const { clock, abort, hooks, recorder } = setUp();
    const cells: Cell[] = ['a', 'b', 'c'].map((id) =>
      scriptedCell(id, clock, () => 1, { onSample: (call) => id === 'b' && call === WARM_UP + 1 && abort.abort() }),
    );
    await runScenarios([scriptedScenario(cells)], recorder, hooks);
    const { results, scenarios } = recorder.document(STATE);
    expect(results.find(({ id }) => id === 'b')!.samples).toHaveLength(1);
    const total = results.map(({ samples }) => samples.length).reduce((a, b) => a + b);
    expect(scenarios[0]!.rounds.reduce((cells, round) => cells + round.cells, 0)).toBe(total);
    for (const cell of cells) expect((cell as ReturnType<typeof scriptedCell>).calls.at(-1)).toBe('dispose');
  });

  it('does not treat the rejection of an aborted sample as an error', async () => {
    const { clock, abort, hooks, recorder } = setUp();
    const cell = scriptedCell('a', clock, () => 1, {
      onSample: (call) => {
        if (call < WARM_UP + 1) return;
        abort.abort();
        throw new Error('torn down');
      },
    });
    await runScenarios([scriptedScenario([cell]), scriptedScenario([], { name: 'later' })], recorder, hooks);
    expect(recorder.document(STATE).results[0]!.samples).toEqual([1]);
    expect(recorder.document(STATE).results).toHaveLength(1);
  });

  it('begins nothing when the signal was aborted before the call', async () => {
    const { clock, abort, hooks, recorder } = setUp();
    const { calls, scenario } = openedScenario([scriptedCell('a', clock, () => 1)]);
    abort.abort();
    await runScenarios([scenario], recorder, hooks);
    expect({ calls, scenarios: recorder.document(STATE).scenarios }).toEqual({ calls: [], scenarios: [] });
  });

  it('disposes of all cells and keeps results if one fails', async () => {
    const { clock, hooks, recorder } = setUp();
    const broken = { onSample: (call: number) => call === WARM_UP + 2 && fail() };
    const fail = () => {
      throw new Error('out of slots');
    };
    const cells = [scriptedCell('a', clock, () => 1, broken), scriptedCell('b', clock, () => 1)];
    await expect(runScenarios([scriptedScenario(cells)], recorder, hooks)).rejects.toThrow('out of slots');
    expect(recorder.document(STATE).results[0]!.samples).toEqual([1, 1]);
    for (const cell of cells) expect(cell.calls.at(-1)).toBe('dispose');
  });

  it('disposes of the cells that were prepared if preparing one fails', async () => {
    const { clock, hooks, recorder } = setUp();
    const good = scriptedCell('a', clock, () => 1);
    const bad: Cell = { ...scriptedCell('b', clock, () => 1), prepare: () => Promise.reject(new Error('no memory')) };
    await expect(runScenarios([scriptedScenario([good, bad])], recorder, hooks)).rejects.toThrow('no memory');
    expect(good.calls).toEqual(['prepare', 'dispose']);
  });

  it('disposes of a cell whose own preparation failed', async () => {
    const { clock, hooks, recorder } = setUp();
    const bad = { ...scriptedCell('a', clock, () => 1), prepare: () => Promise.reject(new Error('no memory')) };
    await expect(runScenarios([scriptedScenario([bad])], recorder, hooks)).rejects.toThrow('no memory');
    expect(bad.calls).toEqual(['dispose']);
  });

  it('opens a scenario before its first cell is prepared, and closes it after the last was disposed of', async () => {
    const { clock, hooks, recorder } = setUp({ rounds: 1 });
    const { calls, scenario } = openedScenario(['a', 'b'].map((id) => scriptedCell(id, clock, () => 1)));
    await runScenarios([scenario], recorder, hooks);
    expect(calls.filter((call) => !call.includes('sample'))).toEqual([
      'open',
      'prepare a',
      'prepare b',
      'dispose a',
      'dispose b',
      'close',
    ]);
  });

  it('closes a scenario that failed or was interrupted, also if opening it or disposing of a cell failed', async () => {
    const fail = () => Promise.reject(new Error('no memory'));
    const ends = async (change: (cell: Cell, abort: AbortController) => Cell, open?: () => Promise<never>) => {
      const { clock, abort, hooks, recorder } = setUp({ rounds: 1 });
      const { calls, scenario } = openedScenario([
        change(
          scriptedCell('a', clock, () => 1),
          abort,
        ),
      ]);
      const run = runScenarios([open === undefined ? scenario : { ...scenario, open }], recorder, hooks);
      const error = await run.then(
        () => null,
        ({ message }: Error) => message,
      );
      return { error, last: calls.at(-1) };
    };
    const abortInSample = (cell: Cell, abort: AbortController): Cell => ({
      ...cell,
      sample: async (signal) => {
        abort.abort();
        return cell.sample(signal);
      },
    });
    expect(await ends((cell) => ({ ...cell, sample: fail }))).toEqual({ error: 'no memory', last: 'close' });
    expect(await ends((cell) => ({ ...cell, prepare: fail }))).toEqual({ error: 'no memory', last: 'close' });
    expect(await ends((cell) => ({ ...cell, dispose: fail }))).toEqual({ error: 'no memory', last: 'close' });
    expect(await ends((cell) => cell, fail)).toEqual({ error: 'no memory', last: 'close' });
    expect(await ends(abortInSample)).toEqual({ error: null, last: 'close' });
  });

  it('does not treat it as an error that opening, preparing or fresh memory was given up at the signal', async () => {
    const ends = async (part: 'open' | 'prepare' | 'renew', reasonOf: (signal: AbortSignal) => unknown) => {
      const { clock, abort, hooks, recorder } = setUp({ rounds: 1 });
      const giveUp = (signal?: AbortSignal): Promise<void> => {
        abort.abort();
        return Promise.reject(reasonOf(signal!));
      };
      const cell = scriptedCell('a', clock, () => 1);
      const { calls, scenario } = openedScenario([part === 'prepare' ? { ...cell, prepare: giveUp } : cell]);
      const run = runScenarios([part === 'prepare' ? scenario : { ...scenario, [part]: giveUp }], recorder, hooks);
      return { failure: await run.catch((error: unknown) => error), last: calls.at(-1) };
    };
    for (const part of ['open', 'prepare', 'renew'] as const) {
      expect(await ends(part, ({ reason }) => reason)).toEqual({ failure: undefined, last: 'close' });
      const failure = new Error('no memory');
      expect(await ends(part, () => failure)).toEqual({ failure, last: 'close' });
    }
  });

  it('closes no scenario that it did not open', async () => {
    const { clock, abort, hooks, recorder } = setUp();
    const { calls, scenario } = openedScenario([scriptedCell('a', clock, () => 1)]);
    await runScenarios([scenario], recorder, { ...hooks, onProgress: () => abort.abort() });
    expect(calls).toEqual([]);
  });

  it('ends with what it has if a cell never settles, neither its sample nor its cleaning up', async () => {
    const { clock, hooks, recorder } = setUp();
    const good = scriptedCell('a', clock, () => 1);
    let calls = 0;
    const never = new Promise<never>(() => {});
    const hung: Cell = {
      ...scriptedCell('b', clock, () => 1),
      sample: async () => (++calls > WARM_UP + 1 ? never : { value: 1, durationMs: 1 }),
      dispose: () => never,
    };
    const run = runScenarios([scriptedScenario([good, hung])], recorder, { ...hooks, sampleLimitMs: 20 });
    await expect(run).rejects.toMatchObject({ code: 'ERR_TIMED_OUT', message: 'b did not end within 0.02 s' });
    expect(recorder.document(STATE).results.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(good.calls.at(-1)).toBe('dispose');
  });

  it("says of a program's own design that it may not come to an end", async () => {
    const { clock, hooks, recorder } = setUp();
    const design = addDesign('endless', { ...DESIGNS.bounce, idea: 'never ends' }, 'file:///x/endless.js');
    const hung = {
      ...scriptedCell('b', clock, () => 1),
      params: { design },
      sample: () => new Promise<never>(() => {}),
    };
    const run = runScenarios([scriptedScenario([hung])], recorder, { ...hooks, sampleLimitMs: 20 });
    const message = "b did not end within 0.02 s: the design 'endless' of endless.js may not come to an end";
    await expect(run).rejects.toMatchObject({ code: 'ERR_TIMED_OUT', message });
  });

  it('reports progress between measurements only', async () => {
    const { clock, hooks, recorder } = setUp({ rounds: 2 });
    const seen: Progress[] = [];
    let measuring = false;
    const cell: Cell = {
      ...scriptedCell('a', clock, () => 1),
      async sample() {
        measuring = true;
        await Promise.resolve();
        clock.ms += 100;
        measuring = false;
        return { value: 1, durationMs: 100 };
      },
    };
    const onProgress = (progress: Progress) => {
      expect(measuring).toBe(false);
      seen.push(progress);
    };
    await runScenarios([scriptedScenario([cell])], recorder, { ...hooks, onProgress });
    expect(seen.map(({ phase, leftMs }) => [phase, leftMs])).toEqual([
      ['prepare', null],
      ['warm-up', null],
      ['warm-up', 200],
      ['round', 200],
      ['round', 100],
    ]);
  });

  it('refuses two cells with the same id', async () => {
    const { clock, hooks, recorder } = setUp();
    const cells = [scriptedCell('a', clock, () => 1), scriptedCell('a', clock, () => 1)];
    await expect(runScenarios([scriptedScenario(cells)], recorder, hooks)).rejects.toMatchObject({
      code: 'ERR_SCENARIO',
      remedy: 'pass each scenario once, and give each cell an id of its own',
    });
  });
});
