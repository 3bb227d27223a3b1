/**
 * The steps of deploy/Dockerfile without an engine: commands that pack and install run as written, in a folder that
 * stands for the root of the image. Those that take minutes or a network are replaced by what this checkout has built.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readResult } from '../../lib/bench/result/result-file.js';
import { scratchFolder } from '../scratch.js';
import { isLeftOut, lastStep, ROOT, repositoryStages } from './dockerfile.js';

const [build, runtime] = repositoryStages();
const image = scratchFolder();
const inImage = (path: string) => join(image, path);
/** Development dependencies that the image must not have. */
const DEVELOPMENT = ['yaml', 'dockerfile-ast'];
/** Steps of the build stage that are not run here. */
const REPLACED = /^apt-get|^npm (ci|run build)/;
const IS_ROOT = process.getuid?.() === 0;
/** What `--cap-drop ALL --security-opt no-new-privileges` does; an ordinary user has no capability to drop. */
const CONFINED = IS_ROOT ? ['setpriv', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all'] : [];

/** A command of the image, with its absolute paths below the scratch folder and the user who runs this test. */
const here = (text: string) =>
  text
    .replaceAll(/(?<![\w.])\/(opt|results|usr\/local\/bin)\b/g, (path) => inImage(path))
    .replaceAll('-o 1000 -g 1000', `-o ${process.getuid?.()} -g ${process.getgid?.()}`);

function run(step: string, folder: string): void {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', here(step)], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${step} ended with ${status}:\n${stdout}${stderr}`);
}

/** What `npm ci` leaves, as far as it matters: all dependencies of the package, and some that only developers need. */
function copyDependencies(to: string): string[] {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly optional?: boolean }>>;
  };
  const production = Object.entries(lock.packages)
    .filter(([path, { dev, optional }]) => path !== '' && !dev && !optional)
    .map(([path]) => path);
  const paths = [...production, ...DEVELOPMENT.map((name) => `node_modules/${name}`)];
  run(`cp -a --parents ${paths.join(' ')} ${to}`, ROOT);
  return production;
}

function copyRepository(to: string): void {
  const filter = (path: string) => !isLeftOut(relative(ROOT, path));
  for (const name of readdirSync(ROOT)) {
    if (filter(join(ROOT, name))) cpSync(join(ROOT, name), join(to, name), { recursive: true, filter });
  }
  // What `npm run build` makes, and `pack.mjs before` of it.
  const addon = 'build/Release/copytax.node';
  cpSync(join(ROOT, addon), join(to, addon), { preserveTimestamps: true });
  const bundle = `await (await import('${ROOT}/scripts/pack/bundle.mjs')).bundle('${ROOT}', '${to}/dist')`;
  run(`node --input-type=module -e "${bundle}"`, ROOT);
}

/** Each file with its time and size. */
function contents(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => ({ name, ...statSync(join(folder, name)) }))
    .map(({ name, mtimeMs, size }) => `${name} ${mtimeMs} ${size}`)
    .sort();
}

let production: string[] = [];

beforeAll(() => {
  const source = inImage('src');
  mkdirSync(inImage('usr/local/bin'), { recursive: true });
  copyRepository(source);
  production = copyDependencies(source);
  for (const { keyword, text } of build!.steps) {
    if (keyword === 'RUN' && !REPLACED.test(text)) run(text, source);
  }
  for (const { keyword, text } of runtime!.steps) if (keyword === 'RUN') run(text, image);
});

describe('the image', () => {
  it('holds the dependencies of the package, and none that only its developers need', () => {
    const has = (path: string) => statSync(inImage(`opt/copytax/${path}`), { throwIfNoEntry: false }) !== undefined;
    expect(production.length).toBeGreaterThan(2);
    expect(production.filter((path) => !has(path))).toEqual([]);
    expect(DEVELOPMENT.filter((name) => has(`node_modules/${name}`))).toEqual([]);
    expect(['test', 'dev', 'lib', '.git'].filter(has)).toEqual([]);
  });

  it('measures from a package that it cannot write to, without capabilities, and leaves a result', () => {
    const before = contents(inImage('opt'));
    const [program, ...args] = [...lastStep(runtime!, 'ENTRYPOINT').json!, ...lastStep(runtime!, 'CMD').json!];
    const small = ['--quick', '--rounds', '1', '--only', 'tx-designs'];
    const [command, ...rest] = [...CONFINED, inImage(`usr/local/bin/${program}`), ...args.map(here), ...small];
    run('chmod -R a-w /opt', image);
    const { status, stdout, stderr } = spawnSync(command!, rest, { cwd: inImage('results'), encoding: 'utf8' });
    run('chmod -R u+w /opt', image); // or an ordinary user could not remove it
    // On a starved host nothing may move in a cell for a whole round: exit code 1, and there is a result all the same.
    const { complete, results, failed } = readResult(inImage('results/result.json'));
    expect({ stderr, complete, status }).toEqual({
      stderr: expect.not.stringContaining('ERR_'),
      complete: true,
      status: failed.length === 0 ? 0 : 1,
    });
    expect(stdout).toContain('copytax');
    expect(results.length).toBeGreaterThan(2);
    expect(contents(inImage('opt'))).toEqual(before);
  });

  it('has the program that the scenario slot-pool compares with', () => {
    const found = spawnSync(inImage('opt/copytax/build/yardstick/slot_pool'), [], { encoding: 'utf8' });
    expect(found.error).toBeUndefined();
  });
});
