import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { addon } from '../../../lib/addon/addon.js';
import { comparison } from '../../../lib/bench/measure/comparison.js';
import { type Measurable, type MeasureOptions, measure, measureBy } from '../../../lib/bench/measure/measure.js';
import type { Scenario } from '../../../lib/bench/plan/scenario.js';
import { parseResult } from '../../../lib/bench/result/result.js';
import { readResult } from '../../../lib/bench/result/result-file.js';
import { scratchFolder } from '../../scratch.js';
import { FakeClock, scriptedCell, scriptedScenario } from '../fixtures/scripted.js';

const DOOR = new URL('../../../benchmarks/bench-door.js', import.meta.url).href;
const quick = { rounds: 2, seed: 7 };

/** A scenario whose samples take 100 ms of the clock. */
const scripted = (clock: FakeClock, more: Partial<Scenario> = {}) =>
  scriptedScenario([scriptedCell('a', clock, () => 1)], more);

describe('measure', () => {
  it('begins its budget with the call, whatever the clock says then', async () => {
    const roundsFrom = async (ms: number) => {
      const clock = new FakeClock();
      clock.ms = ms;
      const { scenarios, seconds } = await measureBy(clock.now, scripted(clock), { seconds: 3, seed: 7 });
      return { rounds: scenarios[0]!.rounds.length, seconds: Math.round(seconds) };
    };
    const late = await roundsFrom(3_500_000);
    expect(late.rounds).toBeGreaterThan(10);
    expect(late.seconds).toBe((await roundsFrom(0)).seconds);
  });

  it('replaces its file every few seconds by what was measured until then', async () => {
    const clock = new FakeClock();
    const json = join(scratchFolder(), 'result.json');
    let kept: { complete: boolean; samples: number } | null = null;
    const cell = scriptedCell('a', clock, () => {
      if (clock.ms < 9000 || kept !== null) return 1;
      const { complete, results } = readResult(json);
      kept = { complete, samples: results[0]!.samples.length };
      return 1;
    });
    await measureBy(clock.now, scriptedScenario([cell]), { ...quick, rounds: 100, json });
    expect(kept).toEqual({ complete: false, samples: expect.any(Number) });
    expect((kept as unknown as { samples: number }).samples).toBeGreaterThan(10);
  });

  it('has its whole time in a program that begins late', () => {
    const source = `
      import { comparison, measure } from ${JSON.stringify(DOOR)};
      await new Promise((resolve) => setTimeout(resolve, 4000));
      const ways = { push: () => [1, 2].push(3), concat: () => [1, 2].concat(3) };
      const { scenarios, seconds } = await measure(comparison('late', 'Which?', ways), { seconds: 3 });
      const sinceStart = performance.now() / 1000;
      console.log(JSON.stringify({ rounds: scenarios[0].rounds.length, seconds, sinceStart }));
    `;
    const args = ['--input-type=module', '-e', source];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(stderr).toBe('');
    const { rounds, seconds, sinceStart } = JSON.parse(stdout);
    expect(rounds).toBeGreaterThan(1);
    expect(seconds).toBeLessThan(sinceStart - 3.9);
  });

  it('resolves to a result of the schema, which says who measured, and is that of the file', async () => {
    const clock = new FakeClock();
    const json = join(scratchFolder(), 'result.json');
    const program = { name: 'my-tool', version: '3.2.1' };
    const result = await measureBy(clock.now, scripted(clock), { ...quick, json, program });
    const { environment, settings, complete, interrupted, results } = result;
    expect({ program: environment.program, engineFlags: environment.engineFlags, complete, interrupted }).toEqual({
      program,
      engineFlags: [],
      complete: true,
      interrupted: false,
    });
    expect(settings).toMatchObject({ seed: 7, rounds: 2, scenarios: ['scripted'], cpus: addon().affinity() });
    expect(results.map(({ samples }) => samples)).toEqual([[1, 1]]);
    expect(parseResult(JSON.parse(JSON.stringify(result)), 'the result')).toEqual(readResult(json));
  });

  it('interleaves several scenarios, and makes those that are factories of its settings', async () => {
    const clock = new FakeClock();
    const efforts: string[] = [];
    const factory = async ({ effort, cpus }: { effort: string; cpus: readonly number[] }) => {
      efforts.push(`${effort} ${cpus.join()}`);
      return scriptedScenario([scriptedCell('b', clock, () => 2)], { name: 'made' });
    };
    const [cpu] = addon().affinity();
    const { scenarios } = await measureBy(clock.now, [scripted(clock), factory], {
      ...quick,
      seconds: 60,
      cpus: [cpu!],
    });
    expect(efforts).toEqual([`default ${cpu}`]);
    expect(scenarios.map(({ name, rounds }) => [name, rounds.length])).toEqual([
      ['scripted', 2],
      ['made', 2],
    ]);
  });

  it('reports its progress, and resolves to what was measured when it is stopped', async () => {
    const clock = new FakeClock();
    const abort = new AbortController();
    const phases = new Set<string>();
    const result = await measureBy(clock.now, scripted(clock), {
      rounds: 1000,
      signal: abort.signal,
      onProgress: ({ phase, rounds }) => {
        phases.add(phase);
        if (rounds === 3) abort.abort();
      },
    });
    expect([...phases]).toEqual(['prepare', 'warm-up', 'round']);
    expect({ rounds: result.results[0]!.samples.length, ...result }).toMatchObject({
      rounds: 3,
      complete: false,
      interrupted: true,
    });
  });

  it('rejects with the error of a cell, and the file has what the others measured', async () => {
    const clock = new FakeClock();
    const json = join(scratchFolder(), 'result.json');
    const bad = scriptedCell('bad', clock, () => {
      throw new Error('no such luck');
    });
    const scenarios = [scriptedScenario([bad], { name: 'bad' }), scripted(clock)];
    await expect(measureBy(clock.now, scenarios, { ...quick, json })).rejects.toThrow('no such luck');
    const { complete, results } = readResult(json);
    expect({ complete, measured: results.map(({ id }) => id) }).toEqual({ complete: false, measured: ['a'] });
  });

  it('refuses a second call while one measures, and none after it', async () => {
    const clock = new FakeClock();
    const first = measureBy(clock.now, scripted(clock), quick);
    await expect(measure(scripted(clock), quick)).rejects.toMatchObject({
      code: 'ERR_ALREADY_RUNNING',
      details: { remedy: expect.stringContaining('await the first call') },
    });
    await first;
    const failing = comparison('failing', 'Does it?', { fail: () => Promise.resolve() });
    await expect(measure(failing, quick)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    expect((await measureBy(clock.now, scripted(clock), quick)).complete).toBe(true);
  });

  it('refuses nothing, and says what to do about a scenario that is given twice', async () => {
    const twice = comparison('twice', 'Does it?', { way: () => 0 });
    await expect(measure(undefined as unknown as Measurable)).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    await expect(measure([twice, twice], quick)).rejects.toMatchObject({
      code: 'ERR_SCENARIO',
      message: 'two cells are called twice/way',
      remedy: 'pass each scenario once, and give each cell an id of its own',
    });
  });

  it('refuses two scenarios of one name, whose tables a report could not tell apart', async () => {
    const [one, other] = [comparison('same', 'One?', { a: () => 0 }), comparison('same', 'Other?', { b: () => 0 })];
    await expect(measure([one, other], quick)).rejects.toMatchObject({
      code: 'ERR_SCENARIO',
      message: 'two scenarios are called same',
      remedy: 'give each scenario a name of its own',
    });
  });

  it.each<[string, unknown, unknown, string]>([
    ['no scenario', [], {}, 'ERR_OUT_OF_RANGE'],
    ['what is no scenario', [{ name: 'x' }], {}, 'ERR_INVALID_ARG_TYPE'],
    ['nothing in a list', [undefined], {}, 'ERR_INVALID_ARG_TYPE'],
    ['cells that are none', { name: 'x', cells: [5], ratios: [], tables: [] }, {}, 'ERR_INVALID_ARG_TYPE'],
    ['a function that makes no scenario', async () => 5, {}, 'ERR_INVALID_ARG_TYPE'],
    ['a misspelt option', null, { second: 1 }, 'ERR_UNKNOWN_OPTION'],
    ['options that are no object', null, 3, 'ERR_INVALID_ARG_TYPE'],
    ['no time', null, { seconds: 0 }, 'ERR_OUT_OF_RANGE'],
    ['time as text', null, { seconds: '2' }, 'ERR_OUT_OF_RANGE'],
    ['a part of a round', null, { rounds: 1.5 }, 'ERR_OUT_OF_RANGE'],
    ['a negative seed', null, { seed: -1 }, 'ERR_OUT_OF_RANGE'],
    ['no CPUs', null, { cpus: [] }, 'ERR_OUT_OF_RANGE'],
    ['a CPU that there is not', null, { cpus: [65_000] }, 'ERR_OUT_OF_RANGE'],
    ['CPUs as a number', null, { cpus: 1 }, 'ERR_INVALID_ARG_TYPE'],
    ['a path that is none', null, { json: 1 }, 'ERR_INVALID_ARG_TYPE'],
    ['a folder that is not there', null, { json: '/no/such/folder/a.json' }, 'ERR_RESULT_FILE'],
    ['a signal that is none', null, { signal: {} }, 'ERR_INVALID_ARG_TYPE'],
    ['a callback that is none', null, { onProgress: 1 }, 'ERR_INVALID_ARG_TYPE'],
    ['a program without a version', null, { program: { name: 'x' } }, 'ERR_INVALID_ARG_TYPE'],
  ])('refuses %s before anything is measured', async (_what, scenarios, options, code) => {
    const cell = scriptedCell('a', new FakeClock(), () => 1);
    const given = (scenarios ?? scriptedScenario([cell])) as Measurable;
    await expect(measure(given, options as MeasureOptions)).rejects.toMatchObject({ code });
    expect({ calls: cell.calls, folder: existsSync('/no/such/folder') }).toEqual({ calls: [], folder: false });
  });
});
