/** The built command: wrong usage, missing tools, strange output, and a run with the real mbw. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { usualSizes } from '../../../dev/commands/tool-agreement.js';
import { parseAgreement, writeAgreement } from '../../../dev/tools/agreement-file.js';
import { findProgram, missingLine } from '../../../dev/tools/programs.js';
import { agreementData } from '../tools/fixtures/agreement-data.js';
import { FakeTools } from '../tools/fixtures/fake-tools.js';
import { MBW } from '../tools/fixtures/outputs.js';

const MAIN = fileURLToPath(new URL('../../../dev/main.js', import.meta.url));
const MIB = 2 ** 20;

let tools: FakeTools;
beforeEach(() => {
  tools = new FakeTools();
});
afterEach(() => tools.remove());

function toolAgreement(args: readonly string[], PATH = tools.folder) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'tool-agreement', ...args], {
    encoding: 'utf8',
    env: { ...process.env, PATH },
  });
  return { status, stdout, stderr };
}

describe('npm run tool-agreement', () => {
  it.each<[args: string[], said: RegExp]>([
    [['x'], /ERR_USAGE: too many arguments for 'tool-agreement'/],
    [['--tools', 'mbv'], /ERR_USAGE: unknown tool 'mbv'.*mbw/],
    [['--rounds', '5'], /ERR_USAGE: --rounds 5 is out of range: the nearest valid value is 6/],
    [['--sizes', '4K'], /ERR_USAGE: --sizes 4K is out of range: the nearest valid value is 1M/],
    [['--sizes', '3M'], /ERR_USAGE: --sizes 3M is not a power of two/],
    [['--analyse', 'a.json', '--rounds', '6'], /ERR_USAGE: --analyse measures nothing/],
    [['--analyse', '/nowhere/a.json'], /ERR_RESULT_FILE/],
    [['--out', '/nowhere/a.json'], /ERR_RESULT_FILE/],
  ])('refuses %j in one line', (args, said) => {
    const { status, stdout, stderr } = toolAgreement(args);
    expect({ isFine: status === 0, stdout, stderr }).toEqual({
      isFine: false,
      stdout: '',
      stderr: expect.stringMatching(said),
    });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('says loudly what is missing, and fails where nothing is left to compare', () => {
    const { status, stdout, stderr } = toolAgreement([]);
    const lines = (['mbw', 'perf', 'stress-ng'] as const).map(missingLine);
    expect({ status, stderr }).toEqual({ status: 1, stderr: `${lines.join('\n')}\n` });
    expect(stdout.trimEnd().split('\n').slice(-5)).toEqual([...lines, '', 'FAILED: nothing was compared.']);
  });

  it('compares the tools that are there, and keeps what it measured', () => {
    tools.add('mbw', MBW);
    const out = join(tools.folder, 'tools.json');
    const { status, stdout, stderr } = toolAgreement(['--sizes', '1M', '--rounds', '6', '--out', out]);
    const data = parseAgreement(JSON.parse(readFileSync(out, 'utf8')), out);
    expect(stderr).toContain(missingLine('perf'));
    expect([0, 1]).toContain(status);
    expect(data.comparisons.map(({ tool, kind }) => `${tool} ${kind}`)).toEqual([
      'mbw MEMCPY (-t0)',
      'mbw DUMB (-t1)',
      'mbw MCBLOCK (-t2)',
    ]);
    expect([...new Set(Object.values(data.rates).map((rates) => rates.length))]).toEqual([6]);
    expect(data.skipped).toEqual([missingLine('perf'), missingLine('stress-ng')]);
    expect(toolAgreement(['--analyse', out])).toEqual({ status, stdout, stderr: '' });
  }, 60_000);

  it('ends with the code of what it says', () => {
    const file = join(tools.folder, 'tools.json');
    const statusOf = (third: number) => {
      writeAgreement(file, agreementData(Array.from({ length: 10 }, () => third)));
      return toolAgreement(['--analyse', file]).status;
    };
    expect({ agreeing: statusOf(20), differing: statusOf(60) }).toEqual({ agreeing: 0, differing: 1 });
  });

  it('ends in one line, and writes nothing, where a tool prints something else', () => {
    tools.add('mbw', 'mbw: new words\n');
    const out = join(tools.folder, 'tools.json');
    const { status, stdout, stderr } = toolAgreement([
      '--tools',
      'mbw',
      '--sizes',
      '1M',
      '--rounds',
      '6',
      '--out',
      out,
    ]);
    const said = "mbw does not print MiB per second of two runs: it prints 'mbw: new words' first";
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n').at(-1)).toContain(said);
    expect(existsSync(out)).toBe(false);
  });
});

describe('usualSizes', () => {
  it('are one that a cache holds twice, and one that it does not hold', () => {
    for (const cache of [8, 12, 32, 48, 96].map((mib) => mib * MIB)) {
      const [small, large] = usualSizes(cache) as [number, number];
      expect({ isHeld: small * 4 <= cache, isBeyond: large > cache, isWhole: small % MIB === 0 }).toEqual({
        isHeld: true,
        isBeyond: true,
        isWhole: true,
      });
    }
  });

  it('are some where the cache is unknown, and no more than memory usually has', () => {
    expect(usualSizes(null)).toEqual([4 * MIB, 64 * MIB]);
    expect(usualSizes(2 ** 31)).toEqual([16 * MIB, 512 * MIB]);
    expect(usualSizes(MIB)).toEqual([MIB, 16 * MIB]);
  });
});

const mbw = findProgram('mbw');
if (mbw === null) console.warn(missingLine('mbw'));
(mbw === null ? describe.skip : describe)('npm run tool-agreement with the installed mbw', () => {
  it('compares each of its tests', () => {
    const args = ['--tools', 'mbw', '--sizes', '1M', '--rounds', '6'];
    const { status, stdout } = toolAgreement(args, process.env.PATH);
    expect([0, 1]).toContain(status);
    expect(stdout).toMatch(/^mbw .*; 6 rounds, /m);
    expect(stdout.match(/^mbw +(MEMCPY|DUMB|MCBLOCK) .* 1M .*\]/gm)).toHaveLength(3);
  }, 60_000);
});
