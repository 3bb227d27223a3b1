import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { comparison } from '../../../lib/bench/measure/comparison.js';
import { measure } from '../../../lib/bench/measure/measure.js';

const DOOR = new URL('../../../benchmarks/bench-door.js', import.meta.url).href;
const NOTHING = () => 0;

describe('comparison', () => {
  it('makes a cell of each way, and a ratio of each other way to the first', () => {
    const { name, question, cells, ratios, tables } = comparison('copies', 'Which?', {
      'set()': NOTHING,
      'slice 64 KiB': NOTHING,
      clone: NOTHING,
    });
    expect({ name, question, tables }).toEqual({
      name: 'copies',
      question: 'Which?',
      tables: [{ kind: 'plain' }, { kind: 'ratios' }],
    });
    expect(cells.map(({ id, params, unit, higherIsBetter }) => ({ id, params, unit, higherIsBetter }))).toEqual(
      ['set()', 'slice 64 KiB', 'clone'].map((way) => {
        return { id: `copies/${way}`, params: { way }, unit: 'ns', higherIsBetter: false };
      }),
    );
    expect(ratios).toEqual(
      ['slice 64 KiB', 'clone'].map((way) => {
        return { id: `copies/${way} / set()`, of: `copies/${way}`, to: 'copies/set()' };
      }),
    );
  });

  it('is measured: batches that take some milliseconds, a value per call, and paired ratios', async () => {
    let calls = 0;
    const ways = {
      once: () => {
        calls++;
      },
      often: () => {
        for (let at = 0; at < 2000; at++) calls++;
      },
    };
    const { results, ratios } = await measure(comparison('counts', 'Which?', ways), { rounds: 6, seed: 1 });
    const [once, often] = results;
    expect(once!.batch).toBeGreaterThan(often!.batch);
    for (const { batch, samples, durationsMs } of results) {
      expect(samples.map((ns) => (ns! * batch) / 1e6)).toEqual(durationsMs.map((ms) => expect.closeTo(ms, 9)));
    }
    expect(calls).toBeGreaterThan(6 * (once!.batch + 2000 * often!.batch));
    expect(ratios).toEqual([expect.objectContaining({ of: 'counts/often', to: 'counts/once', rounds: 6 })]);
  });

  it('takes a single way, which has no ratio', () => {
    expect(comparison('one', 'How long?', { way: NOTHING }).ratios).toEqual([]);
  });

  it('names the way that throws', async () => {
    const cause = new Error('not today');
    const fail = () => {
      throw cause;
    };
    const failing = measure(comparison('fails', 'Does it?', { fine: NOTHING, fail }), { rounds: 1 });
    await expect(failing).rejects.toMatchObject({
      code: 'ERR_SCENARIO',
      message: 'fails/fail threw: not today',
      cause,
    });
  });

  it('refuses ways that are asynchronous: by what they are, or by what they return', async () => {
    const async = async () => {};
    expect(() => comparison('async', 'Which?', { async })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE', message: expect.stringContaining("'async' is async") }),
    );
    const later = () => Promise.resolve(1);
    await expect(measure(comparison('later', 'Which?', { later }), { rounds: 1 })).rejects.toMatchObject({
      code: 'ERR_INVALID_ARG_TYPE',
      message: expect.stringContaining("'later' is async"),
    });
  });

  it('refuses a way whose promise rejects, which then ends nothing', () => {
    const source = `
      import { comparison, measure } from ${JSON.stringify(DOOR)};
      const later = () => Promise.reject(new Error('not today'));
      await measure(comparison('later', 'Which?', { later }), { rounds: 1 }).catch(({ code }) => console.log(code));
      setTimeout(() => console.log('alive'), 50);
    `;
    const args = ['--input-type=module', '-e', source];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'ERR_INVALID_ARG_TYPE\nalive\n', stderr: '' });
  });

  it.each<[string, unknown, string]>([
    ['an object without text', Object.create(null), 'fails/fail threw: an object'],
    ['a symbol', Symbol('no'), 'fails/fail threw: Symbol(no)'],
    ['a text', 'no', 'fails/fail threw: no'],
  ])('says what a way threw: %s', async (_what, cause, message) => {
    const fail = () => {
      throw cause;
    };
    const failing = measure(comparison('fails', 'Does it?', { fail }), { rounds: 1 });
    await expect(failing).rejects.toMatchObject({ code: 'ERR_SCENARIO', message });
  });

  it.each<[string, unknown, unknown, unknown, string]>([
    ['no name', undefined, 'Why?', { a: NOTHING }, 'ERR_INVALID_ARG_TYPE'],
    ['an empty name', '', 'Why?', { a: NOTHING }, 'ERR_OUT_OF_RANGE'],
    ['a name with a slash', 'a/b', 'Why?', { a: NOTHING }, 'ERR_OUT_OF_RANGE'],
    ['a name with a line end', 'a\nb', 'Why?', { a: NOTHING }, 'ERR_OUT_OF_RANGE'],
    ['the name of a built-in scenario', 'copy-cost', 'Why?', { a: NOTHING }, 'ERR_OUT_OF_RANGE'],
    ['no question', 'a', undefined, { a: NOTHING }, 'ERR_INVALID_ARG_TYPE'],
    ['no ways', 'a', 'Why?', {}, 'ERR_OUT_OF_RANGE'],
    ['a list of ways', 'a', 'Why?', [NOTHING], 'ERR_INVALID_ARG_TYPE'],
    ['a way that is no function', 'a', 'Why?', { b: 1 }, 'ERR_INVALID_ARG_TYPE'],
    ['a way with an equals sign', 'a', 'Why?', { 'size=1': NOTHING }, 'ERR_OUT_OF_RANGE'],
  ])('refuses %s', (_what, name, question, ways, code) => {
    const make = () => comparison(name as string, question as string, ways as Record<string, () => void>);
    expect(make).toThrow(expect.objectContaining({ code }));
  });
});
