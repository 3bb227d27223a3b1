import { describe, expect, it } from '@jest/globals';
import { errorLine, exitCodeOf } from '../../../lib/cli/terminal/print-error.js';
import { CopytaxError } from '../../../lib/errors.js';

describe('errorLine', () => {
  it('returns the code, what was wrong, and what to do', () => {
    const error = new CopytaxError('ERR_RESULT_FILE', 'cannot write /x (ENOENT)');
    expect(errorLine(error)).toMatch(/^copytax: ERR_RESULT_FILE: cannot write \/x \(ENOENT\)\. [A-Z].*\.$/);
  });

  it('does not repeat a remedy, and returns one line', () => {
    const error = new CopytaxError(
      'ERR_ADDON_NOT_BUILT',
      'no addon:\nrun `npx copytax build`, which needs a C++ compiler',
    );
    expect(errorLine(error)).toBe(
      'copytax: ERR_ADDON_NOT_BUILT: no addon: run `npx copytax build`, which needs a C++ compiler.',
    );
  });

  it('spells what a terminal would obey, and leaves out the middle of megabytes', () => {
    const line = (message: string) => errorLine(new CopytaxError('ERR_TRACE_SYNTAX', message));
    expect(line('column \u001b[2J\u009b\u202ex is not known')).toContain(
      'column \\u001b[2J\\u009b\\u202ex is not known. ',
    );
    const long = line(`operation "${'a'.repeat(5e6)}" is not known`);
    expect(long).toMatch(/^copytax: ERR_TRACE_SYNTAX: operation "a+ … a+" is not known\. /);
    expect(long.length).toBeLessThan(4000);
    const cause = Object.assign(new Error("EMFILE: open '/\u001b[2J'"), { code: 'EMFILE' });
    expect(errorLine(cause)).toContain("'/\\u001b[2J'");
  });

  it('recognises errors of other realms by name and code', () => {
    const foreign = { name: 'CopytaxError', code: 'ERR_USAGE', message: 'no' };
    expect(errorLine(foreign)).toMatch(/^copytax: ERR_USAGE: no\. /);
    expect(exitCodeOf(foreign)).toBe(2);
  });

  it('adds the stack of an unexpected error', () => {
    expect(errorLine(new TypeError('x is not a function'))).toMatch(/^copytax: unexpected error: x is.*\n\s+at /);
    expect(errorLine('thrown text')).toBe('copytax: unexpected error: thrown text');
    expect(exitCodeOf(new TypeError('x'))).toBe(1);
  });

  it.each([
    [
      { code: 'EMFILE', message: "EMFILE: too many open files, open '/x'" },
      "copytax: EMFILE: too many open files, open '/x'. Raise the limit on open files " +
        '(`ulimit -n`, LimitNOFILE= of a service).',
    ],
    [
      {
        code: 'ERR_ACCESS_DENIED',
        message: 'Access has been restricted',
        permission: 'FileSystemRead',
        resource: '/x',
      },
      'copytax: ERR_ACCESS_DENIED: Access has been restricted. Start Node with --allow-fs-read for /x, ' +
        'or without --permission.',
    ],
  ])('names the code of %j once, and says what to do instead of where it was thrown', (cause, line) => {
    expect(errorLine(Object.assign(new Error(), cause))).toBe(line);
  });

  it('does not repeat the code of an error that it knows nothing about', () => {
    const error = Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' });
    expect(errorLine(error)).toMatch(/^copytax: ENOENT: no such file\n\s+at /);
  });
});
