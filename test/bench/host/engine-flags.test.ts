import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ENGINE_FLAGS, requireOptimizer, slowingFlags, userEngineFlags } from '../../../lib/bench/host/engine-flags.js';
import { scratchFolder } from '../../scratch.js';

const FILE = new URL('../../../lib/bench/host/engine-flags.js', import.meta.url).href;

/** Runs a script that has imported the exports of the file, in a Node with these flags. */
function run(script: string, flags: readonly string[] = [], nodeOptions = '') {
  const source = `import * as flags from ${JSON.stringify(FILE)}; ${script}`;
  const args = [...flags, '--input-type=module', '-e', source];
  const env = { ...process.env, NODE_OPTIONS: nodeOptions };
  return spawnSync(process.execPath, args, { encoding: 'utf8', env });
}

/** Prints the code and the text of the error with which an engine is refused, or 'fine'. */
const REQUIRE =
  "try { flags.requireOptimizer(); console.log('fine'); } " +
  'catch (error) { console.log(error.code, error.message); }';
const required = (flags: readonly string[], nodeOptions = '', before = '') =>
  run(`${before} ${REQUIRE}`, flags, nodeOptions).stdout.trim();

/** What `requireOptimizer` says of these flags, for the engine that runs the tests. */
function refusal(execArgv: readonly string[], nodeOptions = ''): string | null {
  try {
    requireOptimizer({ execArgv, nodeOptions });
    return null;
  } catch (error) {
    expect(error).toMatchObject({ name: 'CopytaxError', code: 'ERR_ENGINE_FLAGS' });
    return (error as Error).message;
  }
}

describe('the flags of the engine', () => {
  it('are known to the engine, which complains about unknown ones', () => {
    const { status, stderr } = run('flags.setEngineFlags();');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('are accepted on the command line, where an unknown one ends the process', () => {
    expect(spawnSync(process.execPath, [...ENGINE_FLAGS, '-e', '0']).status).toBe(0);
  });
});

describe('requireOptimizer', () => {
  it('accepts an engine without flags, or with flags that do no harm, and leaves no trace', () => {
    const before = `const sees = () => { try { new Function('%DebugPrint'); return true } catch { return false } };`;
    const script = `${before} ${REQUIRE} console.log(sees());`;
    const harmless = ['--max-old-space-size=200', '--no-warnings', '--no-sparkplug', '--max-lazy'];
    for (const flags of [[], harmless]) {
      const { stdout, stderr } = run(script, flags);
      expect({ stdout, stderr }).toEqual({ stdout: 'fine\nfalse\n', stderr: '' });
    }
  });

  it.each([
    ['--jitless'],
    ['-jitless'],
    ['--lite-mode'],
    ['--no-opt'],
    ['--noopt'],
    ['--no_turbofan'],
    ['--max-opt=1'],
    ['--max-optimized-bytecode-size=20'],
    ['--turbo-filter=nothing'],
    ['--no-turbo-inlining'],
  ])('refuses an engine that was started with %s, and names it', (flag) => {
    const text = `ERR_ENGINE_FLAGS ${flag} (from the command line) keeps the engine from optimizing`;
    expect(required([flag])).toContain(text);
  });

  it('refuses an engine that NODE_OPTIONS told not to compile', () => {
    expect(required([], '--no-warnings "--jitless"')).toContain('ERR_ENGINE_FLAGS --jitless (from NODE_OPTIONS) keeps');
  });

  it('refuses an engine that a program told not to optimize, where no flag says so', () => {
    const module = join(scratchFolder(), 'before.cjs');
    writeFileSync(module, `require('node:v8').setFlagsFromString('--no-opt');`);
    expect(required(['--require', module])).toContain('ERR_ENGINE_FLAGS the engine does not optimize');
  });

  it('accepts an engine whose user allows its internals, and lets them', () => {
    const script = `${REQUIRE} console.log(new Function('return %IsTurbofanEnabled()')());`;
    expect(run(script, ['--allow-natives-syntax']).stdout).toBe('fine\ntrue\n');
  });

  it('lets the last of several flags decide, those of NODE_OPTIONS being the first', () => {
    expect(refusal(['--no-opt', '--opt'])).toBeNull();
    expect(refusal(['--no-turbofan', '--opt'])).toBeNull();
    expect(refusal(['--no-jitless'], '--jitless')).toBeNull();
    expect(refusal(['--opt', '--no-opt'])).toContain('--no-opt (from the command line)');
    expect(refusal(['--max-opt=9', '--no-use-ic'], '--jitless')).toBe(
      '--jitless (from NODE_OPTIONS) and --no-use-ic (from the command line) ' +
        'keep the engine from optimizing what is to be measured',
    );
  });

  it('takes limits for what they are', () => {
    const harmless = ['--max-opt=3', '--max-optimized-bytecode-size=61440', '--turbo-filter=*', '--interrupt-budget=9'];
    expect(refusal([...harmless, '--deopt-every-n-times=0', '--no-always-turbofan'])).toBeNull();
    expect(refusal(['--interrupt-budget=2000000000'])).not.toBeNull();
    expect(refusal(['--deopt-every-n-times=10'])).not.toBeNull();
  });

  it('takes no notice of what is not a flag', () => {
    expect(refusal(['-e', '--jitless', '--require', './no-opt.cjs', '--title=--no-opt'])).toBeNull();
  });
});

describe('userEngineFlags', () => {
  it('has flags in their order, and values only if they are numbers', () => {
    const execArgv = ['--max-old-space-size=4000', '--require', '/home/me/x.cjs', '--import=./y.mjs', '-e', '-secret'];
    const nodeOptions = '--title="a \\"b" --stack_size=-1.5';
    expect(userEngineFlags({ execArgv, nodeOptions })).toEqual(
      '--title=... --stack_size=-1.5 --max-old-space-size=4000 --require --import=... -e'.split(' '),
    );
  });

  it('is empty where the user gave none', () => {
    expect(userEngineFlags({ execArgv: [], nodeOptions: '' })).toEqual([]);
  });
});

describe('slowingFlags', () => {
  it('has debuggers, profilers and checks', () => {
    expect(
      slowingFlags(['--inspect-brk=...', '--cpu_prof', '--no-warnings', '--stress-runs=3', '--trace-warnings']),
    ).toEqual(['--inspect-brk=...', '--cpu_prof', '--stress-runs=3']);
  });
});

describe('engineFlagsSet', () => {
  it('says what was set, and nothing before', () => {
    const { stdout } = run(`
      const before = flags.engineFlagsSet();
      flags.setEngineFlags();
      console.log(JSON.stringify({ before, after: flags.engineFlagsSet() }));
    `);
    expect(JSON.parse(stdout)).toEqual({ before: [], after: [...ENGINE_FLAGS] });
  });
});
