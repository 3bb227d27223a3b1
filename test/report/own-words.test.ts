import { describe, expect, it } from '@jest/globals';
import { headLines, ownRemedy, subjectOf } from '../../lib/report/own-words.js';
import { quietResult } from '../bench/fixtures/quiet-result.js';
import { allWarnings } from '../documents/all-warnings.js';

describe('the subject of a result', () => {
  it('is bouncing where a scenario is built in, or there is none', () => {
    const of = (...names: readonly string[]) => subjectOf({ scenarios: names.map((name) => ({ name })) as never });
    expect([of(), of('copy-cost'), of('mine', 'copy-cost'), of('mine')]).toEqual([
      'bouncing',
      'bouncing',
      'bouncing',
      'anything',
    ]);
  });
});

describe('the head of a report about anything', () => {
  it('has the program that measured, if it named itself, and copytax', () => {
    const result = quietResult();
    const program = { name: 'my-tool', version: '3.2.1' };
    expect(headLines(result)[0]).toMatch(/^copytax 0\.1\.0, 2026-01-01: /);
    expect(headLines({ ...result, environment: { ...result.environment, program } })[0]).toMatch(
      /^my-tool 3\.2\.1, by copytax 0\.1\.0, 2026-01-01: /,
    );
  });
});

describe('what to do about a warning', () => {
  it.each(Object.values(allWarnings()))('names for $code no option that only copytax bench has', (warning) => {
    expect(ownRemedy(warning)).not.toMatch(/ --(?!ulimit)/);
  });

  it('is what the warning says where that names none', () => {
    const { GOVERNOR } = allWarnings();
    expect(ownRemedy(GOVERNOR)).toBe(GOVERNOR.remedy);
  });
});
