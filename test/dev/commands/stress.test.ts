/** The built command: a short run, a planted bug as it prints it, Ctrl-C, and wrong usage. */
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { DESIGN_NAMES } from '../../../lib/designs/designs.js';
import { scratchFolder } from '../../scratch.js';

const MAIN = fileURLToPath(new URL('../../../dev/main.js', import.meta.url));
const BUGS = new URL('../fixtures/bugs.js', import.meta.url);

function stress(args: readonly string[], bug: string | null = null) {
  const planted = new URL(BUGS);
  if (bug !== null) planted.searchParams.set('bug', bug);
  const env = { ...process.env, NODE_OPTIONS: bug === null ? '' : `--import=${planted.href}` };
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'stress', ...args], { encoding: 'utf8', env });
  return { status, stderr, lines: stdout.trimEnd().split('\n') };
}

describe('npm run stress', () => {
  it('finds nothing in a few seconds, and prints its counts', () => {
    const { status, lines } = stress(['--seconds', '4']);
    expect({ status, count: lines.length }).toEqual({ status: 0, count: 2 });
    expect(lines[0]).toMatch(/^[1-9]\d* packets; every invariant checked [1-9]\d* times$/);
    expect(lines[1]).toMatch(/^[1-9]\d* passed, 0 failed$/);
  });

  it('prints a planted bug with its seed and settings, and shows it again in the machine of that seed', () => {
    const { status, lines } = stress(['--seconds', '300', '--flavour', 'hardened'], 'a holder too many');
    expect(status).toBe(1);
    expect(lines.at(-1)).toMatch(/^\d+ passed, 5 failed$/);
    expect(lines[0]).toMatch(/^seed \d+: ERR_[A-Z_]+: ./);
    expect(lines[1]).toMatch(/^ {2}on thread \d+, after \d+ packets/);
    const settings = `^ {2}(${DESIGN_NAMES.join('|')}), hardened, CPUs [23], .* growth (none|pools|per-mapping)$`;
    expect(lines[2]).toMatch(new RegExp(settings));
    const [, seed] = / {2}the same .*: npm run stress -- --flavour hardened --seed (\d+)$/.exec(lines[3]!)!;
    expect(lines[0]).toContain(`seed ${seed}: `);
    const again = stress(['--seconds', '300', '--flavour', 'hardened', '--seed', seed!], 'a holder too many');
    expect(again.status).toBe(1);
    expect(again.lines.filter((line) => line.startsWith(`seed ${seed}: `))).toHaveLength(5);
  }, 600_000);

  it('ends at Ctrl-C, with its counts', async () => {
    const child = spawn(process.execPath, [MAIN, 'stress', '--seconds', '1000'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    child.stdout.on('data', (text) => (stdout += text));
    child.stderr.once('data', () => child.kill('SIGINT')); // after the first machine, so it listens
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(status).toBe(130);
    expect(stdout).toMatch(/^\d+ packets; .* times\n[1-9]\d* passed, 0 failed\n$/);
  });

  it('fails where no machine has sent a packet, and names the design', () => {
    const file = join(scratchFolder(), 'silent.mjs');
    const index = new URL('../../../lib/index.js', import.meta.url).href;
    writeFileSync(
      file,
      `import { addDesign, DESIGNS } from '${index}';
      const state = (arena, tables) => {
        const made = DESIGNS.bounce.state(arena, tables);
        const partsOf = made.partsOf.bind(made);
        const filler = { fill: () => 0, endSend: () => {} };
        return Object.assign(made, { partsOf: (cpu, tools) => ({ ...partsOf(cpu, tools), filler }) });
      };
      addDesign('is-silent', { ...DESIGNS.bounce, idea: 'sends nothing', state }, import.meta.url);`,
    );
    const { status, lines } = stress(['--seconds', '300', '--load', file]);
    expect({ status, lines }).toEqual({
      status: 1,
      lines: [
        "no machine has sent a packet, so nothing was checked: does the filler of the design 'is-silent' add bytes?",
        expect.stringMatching(/^0 packets; every invariant checked [1-9]\d* times$/),
        expect.stringMatching(/^0 passed, [1-9]\d* failed$/),
      ],
    });
  }, 400_000);

  it.each([
    [['--seconds', '0'], /nearest valid value is 1 /],
    [['--seed', '4294967296'], /nearest valid value is 4294967295 /],
    [['--flavour', 'faithfull'], /did you mean 'faithful'/],
  ])('refuses the options %j', (args, why) => {
    const { status, stderr } = stress(args);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^copytax: ERR_USAGE: /);
    expect(stderr).toMatch(why);
  });
});
