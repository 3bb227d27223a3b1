/** The builder called by itself, with a node-gyp that stands for the slow one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { scratchFolder } from '../scratch.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const BUILT = join(root, 'build/Release/copytax.node');

/** Fails beside another one that lives, takes objects that are there for whole ones, and copies the addon at last. */
const GYP = `
const fs = require('node:fs');
const command = process.argv[2];
if (command === 'clean') fs.rmSync('build', { recursive: true, force: true });
if (command !== 'build') process.exit();
const lives = (pid) => {
  try {
    return !/\\) [ZX]/.test(fs.readFileSync('/proc/' + pid + '/stat', 'utf8')); // dead, and not collected
  } catch {
    return false;
  }
};
const others = fs.existsSync('builds') ? fs.readFileSync('builds', 'utf8').trim().split('\\n') : [];
if (others.some((pid) => lives(pid))) {
  fs.writeFileSync('collision', '');
  process.exit(1);
}
fs.appendFileSync('builds', process.pid + '\\n');
const object = 'build/Release/obj.target/a.o';
if (!fs.existsSync(object)) {
  fs.mkdirSync('build/Release/obj.target', { recursive: true });
  fs.writeFileSync(object, 'half');
  const until = Date.now() + 400;
  while (Date.now() < until || fs.existsSync('hang'));
  fs.writeFileSync(object, 'whole');
}
if (fs.readFileSync(object, 'utf8') !== 'whole') {
  console.error('a.o: file truncated');
  process.exit(1);
}
fs.copyFileSync(${JSON.stringify(BUILT)}, 'build/Release/copytax.node');`;

describe('the builder', () => {
  let folder: string;

  beforeEach(() => {
    folder = scratchFolder();
    cpSync(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true });
    for (const path of ['node_modules/node-gyp/bin', 'native', 'build/Release']) {
      mkdirSync(join(folder, path), { recursive: true });
    }
    writeFileSync(join(folder, 'node_modules/node-gyp/bin/node-gyp.js'), GYP);
    const old = new Date(Date.now() - 60_000);
    writeFileSync(join(folder, 'binding.gyp'), '{}');
    utimesSync(join(folder, 'binding.gyp'), old, old);
  });

  const at = (path: string) => join(folder, path);
  const env = { ...process.env, PYTHON: 'true', MAKE: 'true', CXX: 'true' };
  const start = () => spawn(process.execPath, [at('scripts/build-native.cjs')], { cwd: folder, env });
  async function ended(child: ChildProcess) {
    let said = '';
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding('utf8').on('data', (text) => (said += text));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, said };
  }
  const builds = () => readFileSync(at('builds'), 'utf8').trim().split('\n').length;

  it('waits for another one, and builds nothing again', async () => {
    const all = await Promise.all([start(), start()].map(ended));
    expect(all.map(({ code }) => code)).toEqual([0, 0]);
    expect(builds()).toBe(1);
    expect(existsSync(at('collision'))).toBe(false);
    expect(all.map(({ said }) => said).sort()[1]).toMatch(/waiting for another build|up to date/);
  });

  it.each(['with an addon from before', 'without one'])(
    'mends what a killed one left half-written, %s',
    async (how) => {
      if (how === 'with an addon from before') {
        const old = new Date(Date.now() - 120_000);
        cpSync(BUILT, at('build/Release/copytax.node'));
        utimesSync(at('build/Release/copytax.node'), old, old);
      }
      const object = at('build/Release/obj.target/a.o');
      writeFileSync(at('hang'), '');
      const killed = start();
      const end = ended(killed);
      const isHalf = () => existsSync(object) && readFileSync(object, 'utf8') === 'half';
      while (!isHalf()) await pause(10);
      killed.kill('SIGKILL');
      const left = Number(readFileSync(at('builds'), 'utf8').trim());
      process.kill(left, 'SIGKILL');
      await end;
      rmSync(at('hang'));
      expect(isHalf()).toBe(true);
      expect(await ended(start())).toMatchObject({ code: 0, said: expect.stringContaining('built build/Release') });
      expect(existsSync(at('build/unfinished'))).toBe(false);
      expect((await ended(start())).said).toContain('up to date');
    },
  );
});
