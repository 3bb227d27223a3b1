import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { run } from '../../lib/cli/program.js';
import { EXIT_FINE, EXIT_USAGE } from '../../lib/cli/terminal/print-error.js';
import { COPY_KERNEL_NAMES } from '../../lib/memory/copy-kernels.js';

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

const COMMANDS = [
  'bench',
  'build',
  'capture',
  'compare',
  'doctor',
  'explain',
  'fault',
  'machine',
  'plot',
  'replay',
  'report',
  'size',
  'verify',
  'watch',
];

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

  it('leaves out the dashes that pnpm hands on, but not those before names of files', async () => {
    expect((await ran('bench', '--', '--quick', '--only', 'other')).stderr).toContain("unknown scenario 'other'");
    expect((await ran('bench', 'x', '--', '--quick')).stderr).toContain('too many arguments');
    expect((await ran('verify', '--', '--odd.jsonl')).stdout).toMatch(/^--odd\.jsonl: refused\n/);
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
      /^copytax: ERR_USAGE: (unknown option '--no-such-option'|required option '(--out <folder>|-o, --out <file>)') ?.*\n$/,
    );
  });

  it('suggests the command or option that is nearest to what was written', async () => {
    expect((await ran('mashine')).stderr).toContain("unknown command 'mashine': did you mean 'machine'?");
    expect((await ran('machine', '--jsn')).stderr).toContain("unknown option '--jsn': did you mean --json?");
  });

  it.each([[['xyz']], [['inspect', 'result.json']], [['inspect', 'result.json', '--json']], [['help', 'inspect']]])(
    'names the commands that there are, and guesses none, for %j',
    async (args) => {
      const { code, stdout, stderr } = await ran(...args);
      expect({ code, stdout }).toEqual({ code: EXIT_USAGE, stdout: '' });
      expect(stderr).toMatch(/^copytax: ERR_USAGE: unknown command '(xyz|inspect)'\. Valid are bench, build, .*\n$/);
    },
  );

  it.each([[['help']], [['help', 'bench']]])('takes %j for the option --help', async (args) => {
    const { code, stdout, stderr } = await ran(...args);
    expect({ code, stderr }).toEqual({ code: EXIT_FINE, stderr: '' });
    expect(stdout).toBe((await ran(...args.slice(1), '--help')).stdout);
  });

  it.each([
    ['fault', ['fault', '--json=out.json']],
    ['fault', ['fault', '--json', 'out.json']],
    ['verify', ['verify', 'trace.jsonl', '--json', 'missing.json']],
    ['compare', ['compare', 'a.json', 'b.json', '--json=c']],
  ])('says how to get a file of the JSON that %s prints, for %j', async (command, args) => {
    const { code, stdout, stderr } = await ran(...args);
    expect({ code, stdout }).toEqual({ code: EXIT_USAGE, stdout: '' });
    expect(stderr).toMatch(/^copytax: ERR_USAGE: --json of [a-z]+ prints to stdout, and takes no file: .*\n$/);
    expect(stderr).toContain(`copytax ${command} ... --json > FILE`);
  });

  it('lists copy kernels, and takes one that this CPU does not have for a wrong option', async () => {
    const { stdout } = await ran('machine', '--json');
    const { copyKernels } = JSON.parse(stdout) as { copyKernels: { name: string; supported: boolean }[] };
    expect(copyKernels.map(({ name }) => name)).toEqual([...COPY_KERNEL_NAMES]);
    const absent = copyKernels.find(({ supported }) => !supported)!.name;
    const { code, stderr } = await ran('bench', '--quick', '--copy', absent);
    expect(code).toBe(EXIT_USAGE);
    expect(stderr).toMatch(/^copytax: ERR_KERNEL_UNSUPPORTED: .*that `copytax machine` lists as supported\.\n$/);
    expect((await ran('machine')).stdout).toMatch(new RegExp(`not supported .*\\b${absent}\\b`));
  });

  it.each([
    [['bench', '--json', '--full'], "--json has no value: '--full' behind it is an option"],
    [['bench', '--json', ''], '--json has an empty value'],
    [['bench', '--json', 'a', '--json', 'b'], "--json is given twice, as 'a' and 'b'"],
    [['plot', 'a.json', '--out', ''], '--out has an empty value'],
  ])('refuses %j, which would lose what was meant', async (args, message) => {
    const { code, stdout, stderr } = await ran(...args);
    expect({ code, stdout }).toEqual({ code: EXIT_USAGE, stdout: '' });
    expect(stderr).toContain(`copytax: ERR_USAGE: ${message}`);
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
