import { describe, expect, it } from '@jest/globals';
import { commitOf, programLine } from '../../lib/report/provenance.js';
import { textReport } from '../../lib/report/text.js';
import { verdict } from '../../lib/report/verdict.js';
import { designCells, resultOf } from './fixtures/result.js';

const result = resultOf(designCells());
const environment = { ...result.environment, commit: '0123456789'.repeat(4), changed: false };

describe('the commit of a result', () => {
  it('is nine digits, with a word where files differed from it', () => {
    expect(commitOf(environment)).toBe(' (012345678)');
    expect(commitOf({ ...environment, changed: null })).toBe(' (012345678)');
    expect(commitOf({ ...environment, changed: true })).toBe(' (012345678, changed)');
    expect(commitOf({ ...environment, commit: null, changed: null })).toBe('');
  });

  it('stands behind the version in the verdict', () => {
    const of = (changed: boolean) => verdict({ ...result, environment: { ...environment, changed } })[0];
    expect(of(true)).toContain('copytax 0.1.0 (012345678, changed), 2026');
    expect(of(false)).toContain('copytax 0.1.0 (012345678), 2026');
  });
});

describe('the program of a result', () => {
  it('is the runtime, the C library and the addon with its compiler and flags', () => {
    expect(programLine(environment)).toBe('Node 20.19.0, glibc 2.36; addon compiled by gcc 12.2.0: -O3 -std=c++17');
  });

  it('has the version of an addon that is not of this package, and no C library that is not known', () => {
    const addon = { ...environment.addon!, version: '0.0.9', libc: null };
    expect(programLine({ ...environment, addon })).toMatch(/^Node 20.19.0; addon of copytax 0.0.9 compiled by gcc/);
  });

  it('is not told of files from before, and stands in the last section of a report otherwise', () => {
    expect(programLine({ ...environment, addon: null })).toBeNull();
    const runOf = (addon: typeof environment.addon) =>
      textReport({ ...result, environment: { ...environment, addon } }).split('\nRun\n')[1];
    expect(runOf(environment.addon)).toContain('addon compiled by gcc');
    expect(runOf(null)).not.toContain('addon');
  });
});
