import { describe, expect, it } from '@jest/globals';
import { ENGINE_FLAGS } from '../../../lib/bench/host/engine-flags.js';
import { environmentFacts, environmentSchema } from '../../../lib/bench/host/environment.js';
import { hostTree } from '../fixtures/host-tree.js';

const CLOCK = { overheadNs: 40, resolutionNs: 10 };
const COMMIT = 'a'.repeat(40);
const gather = (files: Record<string, string>, variables: NodeJS.ProcessEnv = {}) =>
  environmentFacts({
    root: hostTree(files),
    packageFolder: '/pkg',
    version: '1.2.3',
    variables,
    userId: 1000,
    flags: { execArgv: ['--inspect'], nodeOptions: '' },
    clock: CLOCK,
    created: new Date(0),
  });

describe('environmentFacts', () => {
  it('gathers the environment of a run', () => {
    const environment = gather({
      'proc/self/status': 'Name:\tnode\nCpus_allowed_list:\t0,2-3\n',
      'proc/loadavg': '0.25 0.10 0.05 1/100 42\n',
      'pkg/.git/HEAD': 'ref: refs/heads/main\n',
      'pkg/.git/packed-refs': `# pack-refs\n${COMMIT} refs/heads/main\n`,
    });
    expect(environment).toEqual({
      created: '1970-01-01T00:00:00.000Z',
      version: '1.2.3',
      engineFlags: [...ENGINE_FLAGS],
      userEngineFlags: ['--inspect'],
      commit: COMMIT,
      node: process.versions.node,
      user: 'ordinary',
      affinity: [0, 2, 3],
      cpuQuota: null,
      container: null,
      load: 0.25,
      clock: CLOCK,
      missing: [],
    });
    expect(environmentSchema.parse(environment)).toEqual(environment);
  });

  it('says why a fact is missing', () => {
    const { missing, commit } = gather({});
    expect(missing.map(({ fact }) => fact)).toEqual(['load', 'affinity']);
    expect(commit).toBeNull();
  });

  it('takes the smallest quota on the way to the root', () => {
    const environment = gather({
      'proc/self/cgroup': '0::/outer/inner\n',
      'sys/fs/cgroup/outer/cpu.max': '150000 100000\n',
      'sys/fs/cgroup/outer/inner/cpu.max': 'max 100000\n',
    });
    expect(environment.cpuQuota).toBe(1.5);
  });

  it('recognises containers', () => {
    expect(gather({ '.dockerenv': '' }).container).toBe('docker');
    expect(gather({}, { KUBERNETES_SERVICE_HOST: '10.0.0.1' }).container).toBe('kubernetes');
    expect(gather({ 'run/.containerenv': '' }).container).toBe('podman');
  });
});
