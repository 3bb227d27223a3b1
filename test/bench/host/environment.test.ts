import { describe, expect, it } from '@jest/globals';
import { addon } from '../../../lib/addon/addon.js';
import { HostFiles } from '../../../lib/bench/facts/host-files.js';
import { ENGINE_FLAGS } from '../../../lib/bench/host/engine-flags.js';
import { environmentFacts, environmentSchema, usableCpus } from '../../../lib/bench/host/environment.js';
import { hostTree } from '../fixtures/host-tree.js';

const ADDON = { version: '1.2.2', compiler: 'gcc 12.2.0', flags: '-O3', nodeApi: 8, libc: 'glibc 2.36' };
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
    addon: ADDON,
    pinErrno: null,
    counters: { names: ['cycles'], refused: [{ name: 'llcMisses', errno: 2 }] },
    created: new Date(0),
  });

describe('usableCpus', () => {
  it('returns the CPUs that files tell, or else those of the system call', () => {
    const status = { 'proc/self/status': 'Cpus_allowed_list:\t0,2-3\n' };
    expect(usableCpus(new HostFiles(hostTree(status)))).toEqual([0, 2, 3]);
    expect(usableCpus(new HostFiles(hostTree({})))).toEqual(addon().affinity());
  });
});

describe('environmentFacts', () => {
  it('gathers the environment of a run', () => {
    const environment = gather({
      'proc/self/status': 'Name:\tnode\nCpus_allowed_list:\t0,2-3\n',
      'proc/loadavg': '0.25 0.10 0.05 1/100 42\n',
      'proc/stat': 'cpu  1 2 3 4 5 6 7 8 9 10\n',
      'proc/self/cgroup': '0::/\n',
      'sys/fs/cgroup/cgroup.procs': '1\n',
      'pkg/.git/HEAD': 'ref: refs/heads/main\n',
      'pkg/.git/packed-refs': `# pack-refs\n${COMMIT} refs/heads/main\n`,
    });
    expect(environment).toEqual({
      created: '1970-01-01T00:00:00.000Z',
      version: '1.2.3',
      engineFlags: [...ENGINE_FLAGS],
      userEngineFlags: ['--inspect'],
      commit: COMMIT,
      changed: null,
      addon: ADDON,
      node: process.versions.node,
      user: 'ordinary',
      affinity: [0, 2, 3],
      pinErrno: null,
      cpuQuota: null,
      container: null,
      load: 0.25,
      clock: CLOCK,
      counters: {
        opened: ['cycles'],
        refused: [{ name: 'llcMisses', errno: 2, why: expect.any(String), remedy: expect.any(String) }],
        paranoid: null,
      },
      missing: [{ fact: 'changed', reason: 'git cannot read the checkout' }],
    });
    expect(environmentSchema().parse(environment)).toEqual(environment);
  });

  it('says why a fact is missing', () => {
    const { missing, commit } = gather({});
    expect(missing.map(({ fact }) => fact)).toEqual(['load', 'steal and load of others', 'affinity', 'cpuQuota']);
    expect(commit).toBeNull();
    expect(gather({ 'proc/loadavg': 'what\n' })).toMatchObject({ load: null, missing: [{ fact: 'load' }, {}, {}, {}] });
  });

  it('has what the addon that runs says of itself', () => {
    const { addon: own, missing } = environmentFacts({ root: hostTree({}), packageFolder: '/pkg', version: '1' });
    expect(own).toEqual(addon().build());
    expect(missing.map(({ fact }) => fact)).not.toContain('addon');
  });

  it.each([
    ['ERR_ADDON_NOT_BUILT', 'it is not built'],
    ['ERR_ADDON_DISABLED', 'it is disabled'],
    [undefined, 'it is of an older version, which does not say'],
  ])('says why the addon says nothing, where asking it throws %s', (code, reason) => {
    const silent = {
      ...ADDON,
      get version(): string {
        throw Object.assign(new Error(), { code });
      },
    };
    const sources = { root: hostTree({}), packageFolder: '/pkg', version: '1', clock: CLOCK, addon: silent };
    const { addon: own, missing } = environmentFacts(sources);
    expect({ own, missing }).toEqual({ own: null, missing: expect.arrayContaining([{ fact: 'addon', reason }]) });
  });

  it('says that a C library does not tell its version', () => {
    const sources = { root: hostTree({}), packageFolder: '/pkg', version: '1', clock: CLOCK };
    const { missing } = environmentFacts({ ...sources, addon: { ...ADDON, libc: null } });
    expect(missing).toContainEqual({ fact: 'libc', reason: 'this C library does not tell its version' });
  });

  it.each<[string, unknown, string]>([
    ['no sources', undefined, 'ERR_INVALID_ARG_TYPE'],
    ['no folder', { version: '1' }, 'ERR_INVALID_ARG_TYPE'],
    ['a number as version', { packageFolder: '/pkg', version: 1 }, 'ERR_INVALID_ARG_TYPE'],
    ['a source that there is not', { packageFolder: '/pkg', version: '1', roots: '/' }, 'ERR_UNKNOWN_OPTION'],
  ])('refuses %s', (_what, sources, code) => {
    const call = () => environmentFacts(sources as Parameters<typeof environmentFacts>[0]);
    expect(call).toThrow(expect.objectContaining({ code }));
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
    expect(gather({}, { container: 'lxc' }).container).toBe('lxc');
    expect(gather({ 'run/systemd/container': 'systemd-nspawn\n' }).container).toBe('systemd-nspawn');
    expect(gather({}, { container: 'name-of-a-host' }).container).toBe('other');
  });
});
