/** The built command: a thousand seeds, failures as it prints them, and wrong usage. */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const MAIN = fileURLToPath(new URL('../../../dev/main.js', import.meta.url));
const BUGS = new URL('../fixtures/bugs.js', import.meta.url);

function explore(args: readonly string[], bug: string | null = null) {
  const planted = new URL(BUGS);
  if (bug !== null) planted.searchParams.set('bug', bug);
  const env = { ...process.env, NODE_OPTIONS: bug === null ? '' : `--import=${planted.href}` };
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'explore', ...args], { encoding: 'utf8', env });
  return { status, stderr, lines: stdout.trimEnd().split('\n') };
}

describe('npm run explore', () => {
  it('finds nothing in a thousand seeds', () => {
    const { status, stderr, lines } = explore([]);
    expect({ status, lines }).toEqual({ status: 0, lines: ['1000 passed, 0 failed'] });
    for (const line of stderr.split('\n').slice(0, -1)) {
      expect(line).toMatch(/^copytax: explore: \d+ of 1000 seeds, \d+ (s|min) left$/);
    }
  }, 600_000);

  it('prints a command that shows each failure again', () => {
    const { status, lines } = explore(['--seeds', '1000', '--from', '2', '--cpus', '2'], 'a holder too many');
    expect(status).toBe(1);
    expect(lines.at(-1)).toMatch(/^\d+ passed, 5 failed$/);
    const failures = lines.filter((line) => /^seed \d+: ERR_[A-Z_]+: ./.test(line));
    const commands = lines.filter((line) => / {2}again: npm run explore -- --cpus 2 --replay '\d+:\S*'$/.test(line));
    expect({ failures: failures.length, commands: commands.length }).toEqual({ failures: 5, commands: 5 });
    const again = explore(['--cpus', '2', '--replay', commands[0]!.split("'")[1]!], 'a holder too many');
    expect(again.status).toBe(1);
    expect(again.lines[0]!.split(': ').slice(0, 2)).toEqual(failures[0]!.split(': ').slice(0, 2));
    expect(again.lines.at(-1)).toBe('0 passed, 1 failed');
  });

  it('finds that the posted patch shows private payload to the host', () => {
    const { status, lines } = explore([
      '--design',
      'bounce-pages',
      '--flavour',
      'faithful',
      '--from',
      '30',
      '--seeds',
      '1',
    ]);
    expect(status).toBe(1);
    expect(lines[0]).toMatch(/^seed 30: ERR_EXPOSED: /);
    expect(lines[3]).toMatch(
      /^ {2}again: npm run explore -- --design bounce-pages --flavour faithful --replay '30:\S*'$/,
    );
  });

  it('replays a schedule that does not fail', () => {
    const { status, lines } = explore(['--replay', '3:0@20>1,1@7>0', '--design', 'bounce']);
    expect({ status, lines }).toEqual({ status: 0, lines: ['1 passed, 0 failed'] });
  });

  it('ends at Ctrl-C, with its counts and the command that continues', async () => {
    const interrupted = async (afterMs: number) => {
      const child = spawn(process.execPath, [MAIN, 'explore', '--cpus', '2', '--seeds', '100000'], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (text) => (stdout += text));
      child.stderr.on('data', (text) => (stderr += text));
      setTimeout(() => child.kill('SIGINT'), afterMs);
      const status = await new Promise((resolve) => child.on('close', resolve));
      return { status, stdout, stderr };
    };
    let ending = await interrupted(1500);
    // On a busy host it may not have begun to listen by then, and the signal has ended it.
    for (let afterMs = 3000; ending.status === null && afterMs < 20_000; afterMs *= 2) {
      ending = await interrupted(afterMs);
    }
    const { status, stdout, stderr } = ending;
    expect({ status, stdout: stdout.replace(/^\d+/, 'N') }).toEqual({ status: 130, stdout: 'N passed, 0 failed\n' });
    const [, from, seeds] = /continue with npm run explore -- --cpus 2 --from (\d+) --seeds (\d+)\n$/
      .exec(stderr)!
      .map(Number);
    expect(from! + seeds!).toBe(100_000);
    expect(from).toBeLessThanOrEqual(Number.parseInt(stdout, 10));
  });

  it.each([
    [['--seeds', '0'], /nearest valid value is 1 /],
    [['--seeds', '2', '--from', '4294967295'], /nearest valid value is 1 /],
    [['--design', 'bonce'], /did you mean 'bounce'/],
    [['--flavour', 'faithfull'], /did you mean 'faithful'/],
    [['--parallel', '0'], /nearest valid value is 1 /],
    [['--cpus', '99'], /nearest valid value is 13 /],
    [['--replay', '1@2'], /'1@2' is no schedule/],
    [['--replay', '5:0@3>77'], /the machine of seed 5 has the CPUs 0 to \d+, and no CPU 77/],
    [['--replay', '5:77@3>0'], /and no CPU 77/],
    [['--replay', '5:0@999999999>1'], /there is no point 999999999 of CPU 0: the run has 1 to \d+/],
  ])('refuses the options %j', (args, why) => {
    const { status, stderr } = explore(args);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^copytax: ERR_USAGE: /);
    expect(stderr).toMatch(why);
  });
});
