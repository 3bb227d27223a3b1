/** The built command: wrong usage. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const MAIN = fileURLToPath(new URL('../../../dev/main.js', import.meta.url));

function yardstick(args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'yardstick', ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('npm run yardstick', () => {
  it.each<[args: string[], status: number, said: RegExp]>([
    [['x'], 2, /ERR_USAGE: too many arguments for 'yardstick'/],
    [['--foo'], 2, /ERR_USAGE: unknown option '--foo'/],
    [['--rounds', '0'], 2, /ERR_USAGE: --rounds 0 is out of range: the nearest valid value is 6/],
    [['--rounds', 'x'], 2, /ERR_USAGE: --rounds 'x' is not a whole number/],
    [['--senders', '0'], 2, /ERR_USAGE: --senders 0 is out of range/],
    [['--message', 'much'], 2, /ERR_USAGE: --message 'much' is not a size/],
    [['--pool', '5M'], 2, /ERR_USAGE: --pool 5M is not a power of two/],
    [['--program', '/missing'], 2, /ERR_USAGE: the program \/missing does not print rates: spawnSync \/missing ENOENT/],
    [['--program', '/bin/true'], 2, /ERR_USAGE: the program \/bin\/true does not print rates/],
  ])('refuses %j in one line', (args, status, said) => {
    const refused = yardstick(args);
    expect(refused).toEqual({ status, stdout: '', stderr: expect.stringMatching(said) });
    expect(refused.stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
