import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { run } from '../../lib/cli/program.js';
import { EXIT_FINE, EXIT_USAGE } from '../../lib/cli/terminal/print-error.js';

afterEach(() => void jest.restoreAllMocks());

/** Runs a command line in this process. Returns its exit code and what it wrote. */
async function ran(...args: readonly string[]) {
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    jest.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += text;
      return true;
    });
  }
  const code = await run(args);
  jest.restoreAllMocks();
  return { code, ...written };
}

const COMMANDS = ['bench', 'doctor', 'fault', 'machine', 'plot', 'verify'];

describe('the command line', () => {
  it('lists every command in its help, and in its error if none is given', async () => {
    const { code, stdout, stderr } = await ran('--help');
    expect({ code, stderr }).toEqual({ code: EXIT_FINE, stderr: '' });
    const none = await ran();
    for (const command of COMMANDS) {
      expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
      expect(none.stderr).toContain(command);
    }
    expect(none).toMatchObject({ code: EXIT_USAGE, stdout: '' });
  });

  it.each(COMMANDS)('has help for the command %s, which refuses unknown options', async (command) => {
    expect(await ran(command, '--help')).toMatchObject({
      code: EXIT_FINE,
      stderr: '',
      stdout: expect.stringMatching(new RegExp(`^Usage: copytax ${command} `)),
    });
    const { code, stdout, stderr } = await ran(command, '--no-such-option');
    expect({ code, stdout }).toEqual({ code: EXIT_USAGE, stdout: '' });
    expect(stderr).toMatch(
      /^copytax: ERR_USAGE: (unknown option '--no-such-option'|required option '--out <folder>') ?.*\n$/,
    );
  });

  it('suggests the command or option that is nearest to what was written', async () => {
    expect((await ran('mashine')).stderr).toContain("unknown command 'mashine': did you mean 'machine'?");
    expect((await ran('machine', '--jsn')).stderr).toContain("unknown option '--jsn': did you mean --json?");
  });

  it.each([
    [['plot', 'a.json'], '--out'],
    [['plot', '--out', 'here'], 'result'],
    [['verify'], 'trace'],
    [['bench', '--rounds'], '--rounds'],
    [['machine', 'more'], 'too many arguments'],
  ])('says what is wrong with %j', async (args, named) => {
    const { code, stdout, stderr } = await ran(...args);
    expect({ code, stdout }).toEqual({ code: EXIT_USAGE, stdout: '' });
    expect(stderr).toContain(named);
    expect(stderr.split('\n')[0]).not.toMatch(/error:/);
  });

  it('ends with the output of the command and the code of its error', async () => {
    const { code, stdout } = await ran('machine', '--json');
    expect({ code, facts: JSON.parse(stdout) }).toMatchObject({ code: EXIT_FINE, facts: { arch: process.arch } });
    const failed = await ran('plot', '/nonexistent/a.json', '--out', '/nonexistent');
    expect(failed).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^copytax: ERR_RESULT_FILE: /) });
  });
});
