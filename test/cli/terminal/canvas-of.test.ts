import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { canvasOf, isPlainOutput } from '../../../lib/cli/terminal/canvas-of.js';

const UTF8 = { LANG: 'C.UTF-8', TERM: 'xterm' };
const terminal = (columns: number) => ({ isTTY: true, columns });
const drawn = { columns: 120, isPlain: false };

describe('canvasOf', () => {
  it('is of a terminal that is wide enough, and of none else', () => {
    expect(canvasOf(terminal(120), 'auto', UTF8)).toEqual(drawn);
    expect(canvasOf(terminal(99), 'auto', UTF8)).toBeNull();
    expect(canvasOf({ columns: 120 }, 'auto', UTF8)).toBeNull();
    expect(canvasOf({ isTTY: true }, 'auto', UTF8)).toBeNull();
    expect(canvasOf(terminal(120), 'auto', { ...UTF8, TERM: 'dumb' })).toBeNull();
  });

  it('takes the columns that the environment says for those of the terminal', () => {
    expect(canvasOf(terminal(80), 'auto', { ...UTF8, COLUMNS: '120' })).toEqual(drawn);
    expect(canvasOf(terminal(120), 'auto', { ...UTF8, COLUMNS: '80' })).toBeNull();
    for (const COLUMNS of ['', '0', '-1', 'wide', '1e9', '999999999']) {
      expect(canvasOf(terminal(120), 'auto', { ...UTF8, COLUMNS })).toEqual(drawn);
    }
  });

  it('is plain where the locale is not of UTF-8, and with NO_COLOR', () => {
    const plain = { ...drawn, isPlain: true };
    for (const other of [{ LANG: 'C' }, { LC_ALL: 'C' }, { LANG: undefined }, { NO_COLOR: '1' }]) {
      expect(canvasOf(terminal(120), 'auto', { ...UTF8, ...other })).toEqual(plain);
    }
    expect(canvasOf(terminal(120), 'auto', { ...UTF8, NO_COLOR: '' })).toEqual(drawn);
  });

  it('is there always, or never, on request', () => {
    expect(canvasOf({}, 'always', UTF8)).toEqual({ columns: 112, isPlain: false });
    expect(canvasOf(terminal(40), 'always', { ...UTF8, TERM: 'dumb' })).toEqual({ columns: 100, isPlain: true });
    expect(canvasOf(terminal(120), 'never', UTF8)).toBeNull();
  });
});

/** Runs its arguments on a terminal of their own, and prints what they write there. */
const ON_TERMINAL = 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)';
const hasTerminals = spawnSync('python3', ['-c', ON_TERMINAL, 'true']).status === 0;
if (!hasTerminals) console.warn('SKIPPED: python3 makes no terminal here');

const MAIN = fileURLToPath(new URL('../../../lib/cli/main.js', import.meta.url));
const RESULTS = 'benchmarks/results/same-host';

describe('what is drawn where there are no bars', () => {
  it('is of ASCII by the locale, by NO_COLOR and on a dumb terminal', () => {
    expect(isPlainOutput(UTF8)).toBe(false);
    for (const more of [{ LC_ALL: 'C' }, { NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      expect([more, isPlainOutput({ ...UTF8, ...more })]).toEqual([more, true]);
    }
    expect(isPlainOutput({ ...UTF8, NO_COLOR: '' })).toBe(false);
  });
});

describe('copytax compare', () => {
  const compare = [process.execPath, MAIN, 'compare', `${RESULTS}-first.json.gz`, `${RESULTS}-second.json.gz`, '--all'];
  const textOf = ([command, ...args]: readonly string[], environment: NodeJS.ProcessEnv = {}) => {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...UTF8, ...environment };
    const { stdout, stderr, status } = spawnSync(command!, args, {
      encoding: 'utf8',
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect([status, stderr]).toEqual([0, '']);
    return stdout.replaceAll('\r\n', '\n');
  };
  const piped = textOf(compare);

  it('has no marks in a pipe, also of the widest columns, but on request', () => {
    expect(piped).not.toMatch(/[├●○│]/);
    expect(textOf(compare, { COLUMNS: '300' })).toBe(piped);
    expect(textOf([...compare, '--bars', 'always'])).toMatch(/├─*[●○]─*┤/);
  });

  (hasTerminals ? it : it.skip)('has marks on a terminal that is wide enough, and not on request', () => {
    const onTerminal = ['python3', '-c', ON_TERMINAL, ...compare];
    expect(textOf(onTerminal, { COLUMNS: '160' })).toMatch(/ {2}bounce +rate .* ├─*┼?─*[●○]/);
    expect(textOf(onTerminal, { COLUMNS: '160', LC_ALL: 'C' })).toMatch(/\[-*[*o+-]*\]/);
    expect(textOf([...onTerminal, '--bars', 'never'], { COLUMNS: '160' })).toBe(piped);
    expect(textOf(onTerminal, { COLUMNS: '99' })).toBe(piped);
    expect(textOf(onTerminal, { COLUMNS: '160', TERM: 'dumb' })).toBe(piped);
  });
});
