import { describe, expect, it } from '@jest/globals';
import { textReport } from '../../lib/report/text.js';
import { quietResult } from '../bench/fixtures/quiet-result.js';
import { designCells, resultOf } from './fixtures/result.js';

describe('textReport about anything', () => {
  const result = quietResult({ othersCpus: 0.9 });
  const text = textReport(result);

  it('is made of a result without built-in scenarios, and has no word about bouncing', () => {
    expect(text).not.toMatch(/bounc|transmit|Not measured|copy kernel| --/);
    const parts = ['copytax 0.1.0', 'Medians of 12 rounds, 95 % intervals.', '\nscripted: ', '\nWarnings\n', '\nRun\n'];
    const places = parts.map((part) => text.indexOf(part));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('is made of what is asked for, whatever the scenarios are', () => {
    expect(textReport(result, { about: 'anything' })).toBe(text);
    expect(textReport(result, { about: 'bouncing' })).toMatch(/No transmit design was measured.*lower bound/s);
    const designs = resultOf(designCells());
    expect(textReport(designs, { about: 'bouncing' })).toBe(textReport(designs));
    expect(textReport(designs, { about: 'anything' })).not.toMatch(/lower bound|Not measured/);
  });

  it.each([
    [{ about: 'all' }, 'ERR_OUT_OF_RANGE'],
    [{ abuot: 'anything' }, 'ERR_UNKNOWN_OPTION'],
  ])('is refused for %j', (options, code) => {
    expect(() => textReport(result, options as never)).toThrow(expect.objectContaining({ code }));
  });

  it('says of a result without samples that nothing was measured', () => {
    const empty = { ...result, results: [], ratios: [], warnings: [] };
    expect(textReport(empty)).toMatch(/\nscripted: .*\n {2}12 rounds .*\n\n {2}nothing was measured\n/);
  });
});
