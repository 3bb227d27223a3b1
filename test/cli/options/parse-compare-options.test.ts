import { describe, expect, it } from '@jest/globals';
import { type CompareOptions, parseCompareOptions } from '../../../lib/cli/options/parse-compare-options.js';

describe('the options of a comparison', () => {
  it('have defaults: text, an effect of 3 %, small families, and the mode that the hosts say', () => {
    expect(parseCompareOptions({})).toEqual({
      comparison: { minimalEffect: 0.03, isStrict: false },
      conditions: [],
      output: 'text',
      bars: 'auto',
    });
  });

  it('take an effect as a share or in percent', () => {
    const effectOf = (minEffect: string) => parseCompareOptions({ minEffect }).comparison.minimalEffect;
    expect(['5%', '0.05', '5 %', '0', '.5', '100%'].map(effectOf)).toEqual([0.05, 0.05, 0.05, 0, 0.5, 1]);
  });

  it('take modes, conditions and one kind of output', () => {
    const failIf = ['*:ratio < 0.9', '*:cost > 1.1'];
    expect(parseCompareOptions({ mode: 'same', strict: true, failIf, json: true })).toMatchObject({
      comparison: { mode: 'same machine', isStrict: true },
      conditions: [{ measure: 'ratio' }, { measure: 'cost' }],
      output: 'json',
    });
    expect(parseCompareOptions({ mode: 'across', email: true })).toMatchObject({
      comparison: { mode: 'across machines' },
      output: 'email',
    });
  });

  it.each([
    [{ minEffect: '3x' }, "--min-effect '3x' is not a share"],
    [{ minEffect: '300%' }, 'at most 100%'],
    [{ mode: 'acros' }, "did you mean 'across'?"],
    [{ json: true, email: true }, '--json and --email contradict'],
    [{ all: true, email: true }, 'leave out --all'],
    [{ failIf: ['x'] }, "--fail-if 'x'"],
  ] as [CompareOptions, string][])('refuse %j', (options, message) => {
    expect(() => parseCompareOptions(options)).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
    expect(() => parseCompareOptions(options)).toThrow(message);
  });
});
