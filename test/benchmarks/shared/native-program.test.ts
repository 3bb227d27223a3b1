import { existsSync, rmSync, statSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { nativeProgram } from '../../../benchmarks/shared/native-program.js';

describe('nativeProgram', () => {
  it('compiles a program that an emptied build folder has lost, and only then', () => {
    rmSync(nativeProgram('bare_copies'));
    const program = nativeProgram('bare_copies');
    expect(existsSync(program)).toBe(true);
    const { mtimeMs } = statSync(program);
    expect(statSync(nativeProgram('bare_copies')).mtimeMs).toBe(mtimeMs);
  });

  it('says which compiler does not compile which source', () => {
    expect(() => nativeProgram('no_such_program')).toThrow(
      expect.objectContaining({ code: 'ERR_NO_COMPILER', message: expect.stringContaining('no_such_program.cc') }),
    );
  });

  it('names no folder of the host, which would stand in a result', () => {
    const { CXX } = process.env;
    try {
      process.env.CXX = '/home/me/bin/no-such-compiler';
      expect(() => nativeProgram('no_such_program')).toThrow(
        'no-such-compiler does not compile native/yardstick/no_such_program.cc: spawnSync no-such-compiler ENOENT',
      );
      process.env.CXX = 'false';
      expect(() => nativeProgram('no_such_program')).toThrow(
        /^false does not compile native\/yardstick\/no_such_program.cc: it ended with 1$/,
      );
    } finally {
      if (CXX === undefined) delete process.env.CXX;
      else process.env.CXX = CXX;
    }
  });
});
