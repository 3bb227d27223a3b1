import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isLeftOut, lastStep, ROOT, repositoryStages, stagesOf } from './dockerfile.js';

const stages = repositoryStages();
const [build, runtime] = [stages[0]!, stages.at(-1)!];
const packageJson = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly files: readonly string[];
  readonly license: string;
  readonly engines: { readonly node: string };
};

describe('stagesOf', () => {
  it('fills in the defaults of arguments, and tells the JSON form from the other', () => {
    const [a, b] = stagesOf(`ARG V=1\nFROM x:\${V} AS a\nENTRYPOINT run me\nFROM y\nCOPY --from=a /b /c\nCMD ["d"]\n`);
    expect({ name: a!.name, image: a!.image, json: lastStep(a!, 'ENTRYPOINT').json }).toEqual({
      name: 'a',
      image: 'x:1',
      json: null,
    });
    expect({ from: lastStep(b!, 'COPY').from, json: lastStep(b!, 'CMD').json }).toEqual({ from: 'a', json: ['d'] });
  });
});

describe('deploy/Dockerfile', () => {
  it('has a stage that builds and one that runs, from one image whose version is pinned', () => {
    expect(stages.map(({ name }) => name)).toEqual(['build', null]);
    expect(build.image).toBe(runtime.image);
    expect(build.image).toMatch(/^node:\d+\.\d+\.\d+-\w+-slim$/);
  });

  it('uses only instructions that engines know', () => {
    const known = ['RUN', 'COPY', 'WORKDIR', 'ARG', 'LABEL', 'USER', 'ENTRYPOINT', 'CMD'];
    const used = stages.flatMap(({ steps }) => steps.map(({ keyword }) => keyword));
    expect(used.filter((keyword) => !known.includes(keyword))).toEqual([]);
  });

  it('runs on a Node that the package supports', () => {
    const [, major] = /^node:(\d+)/.exec(runtime.image)!;
    const [, least] = /^>=(\d+)/.exec(packageJson.engines.node)!;
    expect(Number(major)).toBeGreaterThanOrEqual(Number(least));
  });

  it('installs in the first stage all tools that the addon is built with, and no compiler in the last', () => {
    const tools = readFileSync(join(ROOT, 'scripts/build-native.cjs'), 'utf8').matchAll(/name: '(\S+)', commands/g);
    const installed = build.steps.find(({ text }) => text.includes('apt-get install'))!.text;
    const wanted = [...tools].map(([, tool]) => tool!);
    expect(wanted).toContain('g++');
    for (const tool of wanted) expect(installed.split(/\s+/)).toContain(tool);
    expect(runtime.steps.filter(({ text }) => /apt-get|npm /.test(text))).toEqual([]);
  });

  it('runs as a user whom Kubernetes can tell from root', () => {
    expect(lastStep(runtime, 'USER').text).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  it('starts the command without a shell, so that signals reach it', () => {
    expect(lastStep(runtime, 'ENTRYPOINT').json).toEqual(['copytax']);
    expect(lastStep(runtime, 'CMD').json).toEqual(['bench', '--json', '/results/result.json']);
  });

  it('copies files that are in the repository or come from a stage before', () => {
    const copies = stages.flatMap(({ steps }, at) =>
      steps.filter(({ keyword }) => keyword === 'COPY').map((step) => ({ ...step, earlier: stages.slice(0, at) })),
    );
    expect(copies.length).toBeGreaterThan(2);
    for (const { from, words, earlier } of copies) {
      if (from !== null) expect(earlier.map(({ name }) => name)).toContain(from);
      else expect(words.slice(0, -1).filter((path) => !existsSync(join(ROOT, path)) || isLeftOut(path))).toEqual([]);
    }
  });

  it('names licence and commit in labels', () => {
    const { text } = lastStep(runtime, 'LABEL');
    expect(text).toContain(`org.opencontainers.image.licenses="${packageJson.license}"`);
    expect(text).toContain(`org.opencontainers.image.revision="\${REVISION}"`);
  });
});

describe('.dockerignore', () => {
  it('lets through all that is compiled or packed', () => {
    const packed = packageJson.files.filter((file) => !/^!|^dist|^docs$/.test(file));
    expect(packed).toContain('native');
    const compiled = ['lib', 'benchmarks', 'scripts', 'tsconfig.json', 'package.json', 'package-lock.json', 'LICENSE'];
    expect([...packed, ...compiled].filter(isLeftOut)).toEqual([]);
  });

  it('keeps from the image what was built for this host, and the history', () => {
    const here = ['node_modules', 'build', 'dist', '.git', 'a/b.log'];
    expect(here.filter((path) => !isLeftOut(path))).toEqual([]);
  });
});
