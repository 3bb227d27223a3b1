import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { CopytaxError, type ErrorCode, isErrorCode, remedyFor } from '../lib/errors.js';

const source = readFileSync(fileURLToPath(new URL('../../lib/errors.ts', import.meta.url)), 'utf8');
const codes = [...source.matchAll(/^ {2}(ERR_\w+):/gm)].map((match) => match[1] as ErrorCode);

describe('isErrorCode', () => {
  it('accepts every code, and nothing that only looks like one', () => {
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((code) => !isErrorCode(code))).toEqual([]);
    for (const other of ['ERR_', 'err_usage', 'toString', '__proto__', 'ENOENT', '', 1, null, undefined, {}]) {
      expect(isErrorCode(other)).toBe(false);
    }
  });

  it('accepts codes that have a remedy each: one clause without a full stop', () => {
    for (const code of codes) expect(remedyFor(code)).toMatch(/^[a-z].{10,}[^.]$/);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe('CopytaxError', () => {
  it('is an Error with a code, details for programs, and its cause if there is one', () => {
    const cause = new Error('below');
    const error = new CopytaxError('ERR_USAGE', 'no such option', { option: 'x' }, cause);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'CopytaxError', code: 'ERR_USAGE', message: 'no such option', cause });
    expect(error.details).toEqual({ option: 'x' });
    const bare = new CopytaxError('ERR_USAGE', 'no such option');
    expect(bare.details).toEqual({});
    expect('cause' in bare).toBe(false);
  });
});
