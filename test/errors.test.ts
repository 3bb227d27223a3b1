import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { CopytaxError, type ErrorCode, isCopytaxError, isErrorCode, remedyFor } from '../lib/errors.js';
import { checkOptions } from '../lib/limits.js';

const source = readFileSync(fileURLToPath(new URL('../../lib/errors.ts', import.meta.url)), 'utf8');
const codes = [...source.split('} as const')[0]!.matchAll(/^ {2}(ERR_\w+):/gm)].map((match) => match[1] as ErrorCode);

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

  it('has the remedy of its code, unless its details have a better one', () => {
    expect(new CopytaxError('ERR_USAGE', 'no such option').remedy).toBe(remedyFor('ERR_USAGE'));
    expect(new CopytaxError('ERR_USAGE', 'no such option', { remedy: 'write -- first' }).remedy).toBe('write -- first');
    expect(new CopytaxError('ERR_USAGE', 'no such option', { remedy: 7 }).remedy).toBe(remedyFor('ERR_USAGE'));
  });
});

describe('isCopytaxError', () => {
  it('accepts errors of the package, also of other realms, and no others', () => {
    const error = new CopytaxError('ERR_USAGE', 'no such option');
    const ofOtherRealm = { name: 'CopytaxError', code: 'ERR_USAGE', message: '', details: {} };
    const none = [null, undefined, 1, 'ERR_USAGE', new Error('x'), { name: 'CopytaxError', code: 'ENOENT' }];
    expect([error, ofOtherRealm, ...none].map((one) => isCopytaxError(one))).toEqual([
      true,
      true,
      ...none.map(() => false),
    ]);
    expect([isCopytaxError(error, 'ERR_USAGE'), isCopytaxError(error, 'ERR_SQL')]).toEqual([true, false]);
  });

  it('tells the compiler what the details are', () => {
    let thrown: unknown;
    try {
      checkOptions('f()', { sender: 1 }, ['senders']);
    } catch (error) {
      thrown = error;
    }
    if (!isCopytaxError(thrown, 'ERR_UNKNOWN_OPTION')) throw thrown;
    const { option, nearest }: { option: string; nearest: string | null } = thrown.details;
    expect({ option, nearest, remedy: thrown.remedy }).toEqual({
      option: 'sender',
      nearest: 'senders',
      remedy: remedyFor('ERR_UNKNOWN_OPTION'),
    });
  });
});
