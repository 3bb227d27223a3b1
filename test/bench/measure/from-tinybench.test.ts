import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { Bench } from 'tinybench';
import { fromTinybench, type TinybenchBench } from '../../../lib/bench/measure/from-tinybench.js';
import { parseResult } from '../../../lib/bench/result/result.js';
import { readResult } from '../../../lib/bench/result/result-file.js';
import { textReport } from '../../../lib/report/text.js';
import { scratchFolder } from '../../scratch.js';

const COPYTAX = fileURLToPath(new URL('../../../lib/cli/main.js', import.meta.url));
const short = { time: 5, warmup: false, iterations: 20 };

async function finished(options: ConstructorParameters<typeof Bench>[0] = {}): Promise<Bench> {
  const bench = new Bench({ ...short, name: 'lists', retainSamples: true, ...options });
  bench.add('push', () => [1, 2].push(3)).add('concat', () => [1, 2].concat(3));
  await bench.run();
  return bench;
}

/** A result as versions 2 to 5 have it; milliseconds. */
const older = (name: string, samples: readonly number[], isNested: boolean) => ({
  name,
  result: isNested ? { latency: { samples }, totalTime: 6 } : { samples, totalTime: 6 },
});

describe('fromTinybench', () => {
  it('makes a cell of each task, with all samples in nanoseconds, and the facts of the host', async () => {
    const bench = await finished({ time: 0, iterations: 64 }); // few, so that none is thinned out
    const result = fromTinybench(bench, { program: { name: 'my-tool', version: '1.0.0' } });
    expect(parseResult(JSON.parse(JSON.stringify(result)), 'the result')).toMatchObject({
      sampledBy: 'call',
      complete: true,
      ratios: [],
      environment: { program: { name: 'my-tool', version: '1.0.0' } },
    });
    expect(result.results.map(({ id, unit, batch }) => ({ id, unit, batch }))).toEqual(
      ['push', 'concat'].map((task) => ({ id: `lists/${task}`, unit: 'ns', batch: 1 })),
    );
    for (const [at, { samples, summary }] of result.results.entries()) {
      const taken = bench.tasks[at]!.result;
      if (taken.state !== 'completed') throw new Error(taken.state);
      const { samples: all, p50 } = taken.latency;
      expect(samples.toSorted((a, b) => a! - b!)).toEqual(all!.map((ms) => ms * 1e6));
      expect(summary.median).toBeCloseTo(p50 * 1e6, 3);
    }
    expect(result.warnings.map(({ code }) => code)).toContain('NOT_INTERLEAVED');
  });

  it('is shown as what it is: calls, no rounds, no verdict about bouncing', async () => {
    const text = textReport(fromTinybench(await finished(), { question: 'Which is faster?' }));
    expect(text).toMatch(/\nlists: Which is faster\?\n {2}\d+ calls in 0 s\n/);
    expect(text).not.toMatch(/warm-up|bounc|transmit/);
  });

  it('writes files that copytax compare compares', async () => {
    const folder = scratchFolder();
    const files = ['a.json', 'b.json'].map((name) => join(folder, name));
    const made = [];
    for (const json of files) made.push(fromTinybench(await finished(), { json }));
    expect(files.map(readResult)).toEqual(JSON.parse(JSON.stringify(made)));
    const { status, stdout } = spawnSync(process.execPath, [COPYTAX, 'compare', '--json', ...files], {
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    const { compared } = JSON.parse(stdout) as { compared: { rows: { id: string }[] }[] };
    expect(compared[0]!.rows.map(({ id }) => id).sort()).toEqual(['lists/concat', 'lists/push']);
  });

  it('has tasks that threw among those that failed, with their message', async () => {
    const bench = await finished();
    bench.add('bad', () => {
      throw new Error('not today');
    });
    await bench.run();
    const result = fromTinybench(bench);
    expect(result.failed).toEqual([
      { id: 'lists/bad', scenario: 'lists', params: { task: 'bad' }, samples: 0, why: 'threw', message: 'not today' },
    ]);
    expect(textReport(result)).toContain('\n  lists/bad: ended with an error: not today\n');
  });

  it('keeps 10,000 of more samples, with the same median', () => {
    const samples = Array.from({ length: 123_457 }, (_, at) => at / 1e6);
    const [cell] = fromTinybench({ tasks: [older('a', samples, true)] }).results;
    expect(cell!.samples).toHaveLength(10_000);
    expect(cell!.summary.median / 61_728).toBeCloseTo(1, 3);
    expect(cell!.ledger).toEqual({ 'own:calls': 123_457 });
  });

  it.each([true, false])(
    'takes results of earlier versions (latency: %s), in no order that has a trend',
    (isNested) => {
      const samples = Array.from({ length: 200 }, (_, at) => 1 + at / 1000);
      const { results, warnings, seconds } = fromTinybench({ tasks: [older('a', samples, isNested)] });
      expect({ id: results[0]!.id, median: results[0]!.summary.median, seconds }).toEqual({
        id: 'tinybench/a',
        median: expect.closeTo(1.0995e6, 3),
        seconds: 0.006,
      });
      expect(warnings.map(({ code }) => code)).toEqual(['NOT_INTERLEAVED']);
    },
  );

  it('says that a bench was aborted', () => {
    const result = { state: 'aborted-with-statistics', latency: { samples: [1, 2] }, totalTime: 3 };
    const { complete, interrupted } = fromTinybench({ tasks: [{ name: 'a', result }] });
    expect({ complete, interrupted }).toEqual({ complete: false, interrupted: true });
  });

  it.each<[string, () => Promise<unknown>, string, RegExp]>([
    [
      'a bench that has not run',
      async () => new Bench().add('a', () => {}),
      'ERR_TINYBENCH',
      /'a' has not run .*not-st/,
    ],
    ['one whose samples were not kept', () => finished({ retainSamples: false }), 'ERR_TINYBENCH', /retainSamples/],
    ['one without tasks', async () => new Bench(), 'ERR_TINYBENCH', /no tasks/],
    [
      'one whose tasks all threw',
      async () => ({ tasks: [{ name: 'a', result: { error: new Error('no') } }] }),
      'ERR_TINYBENCH',
      /each task/,
    ],
    ['samples that are no times', async () => ({ tasks: [older('a', [-1], true)] }), 'ERR_TINYBENCH', /no times/],
    ['a result alone', async () => ({ latency: {} }), 'ERR_INVALID_ARG_TYPE', /takes a Bench/],
    ['nothing', async () => undefined, 'ERR_INVALID_ARG_TYPE', /takes a Bench/],
  ])('refuses %s', async (_what, make, code, message) => {
    const bench = (await make()) as TinybenchBench;
    expect(() => fromTinybench(bench)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it.each<[string, object, object, string]>([
    ['a question that is no text', { question: 5 }, {}, 'ERR_INVALID_ARG_TYPE'],
    ['a program that is none', { program: 5 }, {}, 'ERR_INVALID_ARG_TYPE'],
    ['a program without a name', { program: {} }, {}, 'ERR_INVALID_ARG_TYPE'],
    ['a name that is no text', { name: 5 }, {}, 'ERR_INVALID_ARG_TYPE'],
    ['a name without a letter', { name: '\u001b' }, {}, 'ERR_OUT_OF_RANGE'],
    ['the name of a built-in scenario', { name: 'copy-cost' }, {}, 'ERR_OUT_OF_RANGE'],
    ['a name of the bench that is no text', {}, { name: 5 }, 'ERR_INVALID_ARG_TYPE'],
    ['two tasks of one name', {}, { tasks: ['a', 'a'].map((name) => older(name, [1], true)) }, 'ERR_TINYBENCH'],
    ['two tasks of one plain name', {}, { tasks: ['a', 'a\u0007'].map((n) => older(n, [1], true)) }, 'ERR_TINYBENCH'],
    ['a task without a name', {}, { tasks: [older('', [1], true)] }, 'ERR_TINYBENCH'],
    ['samples that are all 0', {}, { tasks: [older('a', [0, 0, 0], true)] }, 'ERR_TINYBENCH'],
    [
      'a total time that is no number',
      {},
      { tasks: [{ name: 'a', result: { samples: [1], totalTime: 'x' } }] },
      'ERR_TINYBENCH',
    ],
    ['samples with a gap', {}, { tasks: [older('a', new Array(3), true)] }, 'ERR_TINYBENCH'],
  ])('refuses %s before it writes', (_what, options, more, code) => {
    const json = join(scratchFolder(), 'result.json');
    const bench = { tasks: [older('a', [1, 2], true)], ...more };
    expect(() => fromTinybench(bench, { json, ...options })).toThrow(
      expect.objectContaining({ name: 'CopytaxError', code }),
    );
    expect(existsSync(json)).toBe(false);
  });

  it('keeps control characters out of the report', () => {
    const text = (of: string) => `\u001b${of}\u0007\u202e`;
    const threw = { name: text('bad'), result: { error: { message: text('not\ntoday') } } };
    const tasks = [older(text('push'), [1, 2, 3], true), threw];
    const options = { name: text('lists'), question: text('Which?') };
    const report = textReport(fromTinybench({ tasks }, options));
    expect(report).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    expect(report).toContain('\nlists: Which?\n');
    expect(report).toContain('\n  lists/bad: ended with an error: not today\n');
  });

  it('refuses an option that does not exist', async () => {
    const bench = await finished();
    const options = { title: 'x' } as object;
    expect(() => fromTinybench(bench, options)).toThrow(expect.objectContaining({ code: 'ERR_UNKNOWN_OPTION' }));
  });
});
