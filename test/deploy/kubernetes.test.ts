import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import type { DaemonSet } from 'kubernetes-types/apps/v1.js';
import type { Job } from 'kubernetes-types/batch/v1.js';
import type { Container, PodSpec } from 'kubernetes-types/core/v1.js';
import { parseAllDocuments } from 'yaml';
import { addBenchOptions } from '../../lib/cli/options/declare-bench-options.js';
import { type BenchOptions, benchSettings } from '../../lib/cli/options/parse-bench-options.js';
import { scratchFolder } from '../scratch.js';
import { lastStep, ROOT, repositoryStages } from './dockerfile.js';

const FOLDER = join(ROOT, 'deploy/kubernetes');
const textOf = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const version = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
const runtime = repositoryStages().at(-1)!;

function documentOf<Kind>(text: string): Kind {
  const documents = parseAllDocuments(text);
  expect(documents.map(({ errors, warnings }) => ({ errors, warnings }))).toEqual([{ errors: [], warnings: [] }]);
  return documents[0]!.toJS() as Kind;
}

const job = documentOf<Job>(textOf('job.yaml'));
const daemonSet = documentOf<DaemonSet>(textOf('daemonset.yaml'));
const pods: readonly (readonly [string, PodSpec])[] = [
  ['job.yaml', job.spec!.template.spec!],
  ['daemonset.yaml', daemonSet.spec!.template.spec!],
];
const containersOf = (pod: PodSpec): Container[] => [...(pod.initContainers ?? []), ...pod.containers];

/** The text with the lines of a comment, from one that begins with `start`, as they were without it. */
function uncommented(text: string, start: string): string {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.trim().startsWith(`# ${start}`));
  const rest = lines.findIndex((line, at) => at > from && !line.trim().startsWith('# '));
  const isInside = (at: number) => at >= from && at < rest && from >= 0;
  return lines.map((line, at) => (isInside(at) ? line.replace('# ', '') : line)).join('\n');
}

/** daemonset.yaml with the choice of the operator that its comments hold. */
function withHostPath(): string {
  const text = textOf('daemonset.yaml')
    .replace('args: [bench, --json, /results/result.json]\n', '\n')
    .replace(/- name: results\n +emptyDir:\n.*\n/, '\n');
  return uncommented(uncommented(text, 'args:'), '- name: results');
}

/** The settings of `copytax bench` with these arguments. Throws what the command would refuse. */
function settingsOf(args: readonly string[]) {
  expect(args[0]).toBe('bench');
  const command = addBenchOptions(new Command('bench'))
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  command.parse(args.slice(1), { from: 'user' });
  const options: BenchOptions = command.opts();
  return { options, settings: benchSettings(options, [0, 1, 2, 3], 1) };
}

describe('the manifests', () => {
  it('have only fields that the API knows, with values of their types', () => {
    const types = join(ROOT, 'node_modules/kubernetes-types');
    const misspelt = JSON.stringify(job).replace('"restartPolicy"', '"restartPolizy"');
    const mistyped = JSON.stringify(job).replace('"completions":3', '"completions":"3"');
    const file = join(scratchFolder(), 'manifests.ts');
    const lines = [
      `import type { DaemonSet } from '${types}/apps/v1';`,
      `import type { Job } from '${types}/batch/v1';`,
      `export const job: Job = ${JSON.stringify(job)};`,
      `export const daemonSet: DaemonSet = ${JSON.stringify(daemonSet)};`,
      `export const onNodes: DaemonSet = ${JSON.stringify(documentOf(withHostPath()))};`,
      '// @ts-expect-error',
      `export const misspelt: Job = ${misspelt};`,
      '// @ts-expect-error',
      `export const mistyped: Job = ${mistyped};`,
    ];
    writeFileSync(file, lines.join('\n'));
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'esnext', '--moduleResolution', 'bundler'];
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, ...options, '--ignoreConfig', file], { encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  it('select the pods that they make', () => {
    expect(daemonSet.spec!.selector.matchLabels).toEqual(daemonSet.spec!.template.metadata!.labels);
    const { labelSelector } =
      job.spec!.template.spec!.affinity!.podAntiAffinity!.requiredDuringSchedulingIgnoredDuringExecution![0]!;
    expect(labelSelector!.matchLabels).toEqual(job.spec!.template.metadata!.labels);
  });

  it('run one pod on each node: all of a Job at once, each only once', () => {
    const { completions, parallelism, completionMode, backoffLimitPerIndex } = job.spec!;
    expect({ parallelism, completionMode, backoffLimitPerIndex }).toEqual({
      parallelism: completions,
      completionMode: 'Indexed',
      backoffLimitPerIndex: 0,
    });
    expect(daemonSet.spec!.template.spec!.initContainers!.map(({ name }) => name)).toEqual(['copytax']);
  });

  it.each(pods)('ask in %s for whole CPUs that they alone use', (_file, pod) => {
    for (const { name, resources } of containersOf(pod)) {
      expect({ name, limits: resources!.limits }).toEqual({ name, limits: resources!.requests });
      expect(Object.keys(resources!.limits!).sort()).toEqual(['cpu', 'memory']);
      if (name === 'copytax') expect(resources!.limits!.cpu).toMatch(/^[1-9]\d*$/);
    }
  });

  it.each(pods)('need in %s nothing that the policy `restricted` withholds', (_file, pod) => {
    const { runAsNonRoot, runAsUser, runAsGroup, seccompProfile } = pod.securityContext!;
    expect({ runAsNonRoot, seccompProfile }).toEqual({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(lastStep(runtime, 'USER').text).toBe(`${runAsUser}:${runAsGroup}`);
    const volumes = (pod.volumes ?? []).flatMap((volume) => Object.keys(volume).filter((key) => key !== 'name'));
    expect(volumes.filter((kind) => kind !== 'emptyDir')).toEqual([]);
    for (const { securityContext } of containersOf(pod)) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  it.each(pods)('mount in %s only volumes that the pod has, where the run writes its result', (_file, pod) => {
    const has = (pod.volumes ?? []).map(({ name }) => name);
    const mounts = containersOf(pod).flatMap(({ volumeMounts }) => volumeMounts ?? []);
    expect(mounts.filter(({ name }) => !has.includes(name))).toEqual([]);
    const { args, volumeMounts } = containersOf(pod).find(({ name }) => name === 'copytax')!;
    const { json } = settingsOf(args!).options;
    const writable = (volumeMounts ?? []).map(({ mountPath }) => `${mountPath}/`);
    expect([...writable, '/dev/stdout'].filter((path) => json!.startsWith(path))).toHaveLength(1);
  });

  it.each(pods)('name in %s an image of this version', (_file, pod) => {
    const images = new Set(containersOf(pod).map(({ image }) => image));
    expect([...images]).toEqual([`registry.example/copytax:${version}`]);
  });

  it.each(pods)('give in %s options that copytax takes', (_file, pod) => {
    const { args } = containersOf(pod).find(({ name }) => name === 'copytax')!;
    expect(settingsOf(args!).settings.scenarios.length).toBeGreaterThan(0);
    expect(() => settingsOf([...args!, '--desings', 'bounce'])).toThrow('--desings');
    expect(() => settingsOf([...args!, '--designs', 'bounce-page'])).toThrow("unknown design 'bounce-page'");
  });
});

describe('the comments of daemonset.yaml', () => {
  it('put results on the node, in a file with its name', () => {
    const pod = documentOf<DaemonSet>(withHostPath()).spec!.template.spec!;
    const { args, env } = pod.initContainers![0]!;
    expect(settingsOf(args!).options.json).toBe('/results/$(NODE_NAME).json');
    expect(env).toEqual([{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }]);
    expect(pod.volumes).toEqual([{ name: 'results', hostPath: { path: '/var/lib/copytax', type: 'Directory' } }]);
  });
});

describe('the container that holds a pod', () => {
  it('ends at SIGTERM at once, with exit code 0', async () => {
    const [program, ...args] = daemonSet.spec!.template.spec!.containers[0]!.command!;
    const child = spawn(program!, [...args.slice(0, -1), `echo waiting; ${args.at(-1)}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true, // a group of its own, so that what the shell has started can be ended with it
    });
    try {
      await once(child.stdout, 'data');
      await new Promise((done) => setTimeout(done, 200)); // until the trap is set
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
    } finally {
      process.kill(-child.pid!, 'SIGKILL');
    }
  });
});
