import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { scratchFolder } from '../scratch.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const { descriptors, lock } = createRequire(import.meta.url)('../../../scripts/start/lock.cjs') as {
  descriptors(): readonly number[];
  lock(root: string, onWait: () => void): Promise<{ release(): void }>;
};

/** Stands for the slow builder: fails beside another one that lives, as node-gyp does, and is not ready at once. */
const BUILDER = `
const fs = require('node:fs');
const addonOf = (folder) => folder + '/built.cjs';
module.exports = { addonOf, isNewest: (folder) => fs.existsSync(addonOf(folder)) };
if (require.main === module) {
  const lives = (pid) => fs.existsSync('/proc/' + pid);
  const others = fs.existsSync('builds') ? fs.readFileSync('builds', 'utf8').trim().split('\\n') : [];
  if (others.some((pid) => lives(pid))) {
    fs.writeFileSync('collision', '');
    process.exit(1);
  }
  fs.appendFileSync('builds', process.pid + '\\n');
  setTimeout(() => fs.writeFileSync(addonOf(process.cwd()), ''), 400);
}`;

describe('first starts in one folder', () => {
  let folder: string;

  beforeEach(() => {
    folder = scratchFolder();
    cpSync(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true });
    writeFileSync(join(folder, 'scripts/build-native.cjs'), BUILDER);
    mkdirSync(join(folder, 'node_modules/typescript/bin'), { recursive: true });
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'node_modules/typescript/bin/tsc'), '');
    writeFileSync(join(folder, 'tsconfig.json'), '{}');
    for (const file of ['package-lock.json', 'node_modules/.package-lock.json']) {
      writeFileSync(join(folder, file), '{"packages":{}}');
    }
  });

  const start = () =>
    spawn(process.execPath, [join(folder, 'scripts/start.cjs'), 'build'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  async function ended(child: ChildProcess) {
    let stderr = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    return { code, signal, stderr };
  }
  const builds = () => readFileSync(join(folder, 'builds'), 'utf8').trim().split('\n').length;

  it('wait for the one that builds, and build nothing again', async () => {
    const all = await Promise.all([start(), start(), start()].map(ended));
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(builds()).toBe(1);
    expect(all.filter(({ stderr }) => stderr.includes('waiting for another start')).length).toBeGreaterThan(0);
  });

  it('are mended by the next one when they are killed at any moment, and wait for the builder left over', async () => {
    for (const afterMs of [0, 60, 150, 300, 500, 800]) {
      const killed = start();
      const end = ended(killed);
      await pause(afterMs);
      killed.kill('SIGKILL');
      killed.stderr!.destroy();
      await end;
    }
    expect(await ended(start())).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, 'built.cjs'))).toBe(true);
    expect(existsSync(join(folder, 'collision'))).toBe(false);
  });
});

describe('the lock of a folder', () => {
  it('has a descriptor that programs inherit, as long as it is held', async () => {
    const held = await lock(scratchFolder(), () => {});
    expect(descriptors()).toHaveLength(1);
    held.release();
    expect(descriptors()).toEqual([]);
  });

  it('is one by whatever name the folder has, and is waited for, which is told once', async () => {
    const folder = scratchFolder();
    const link = join(scratchFolder(), 'link');
    symlinkSync(folder, link);
    const first = await lock(folder, () => {});
    let told = 0;
    const second = await lock(link, () => {
      told++;
      first.release();
    });
    expect(told).toBe(1);
    second.release();
  });
});
