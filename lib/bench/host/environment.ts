/** The environment of one run: versions, limits of this process, load. The host itself is described by `HostFacts`. */
import { join } from 'node:path';
import { addon, type BuildFacts, type OpenedCounters } from '../../addon/addon.js';
import { addonStateOf } from '../../addon/load-addon.js';
import { CopytaxError } from '../../errors.js';
import { checkOptions, shown } from '../../limits.js';
import { later } from '../../schemas.js';
import { counterFacts, counterFactsSchema } from '../counters/counter-facts.js';
import { parseCpuList } from '../facts/cpu-list.js';
import { HostFiles } from '../facts/host-files.js';
import { missingFactSchema } from '../facts/host-schema.js';
import type { Environment, Program } from '../types/environment.js';
import { cpuQuota, whyQuotaUnknown } from './cgroup.js';
import { checkoutFacts, gitStatus } from './checkout.js';
import { type ClockFacts, clockFacts } from './clock.js';
import { ENGINE_FLAGS, type FlagSources, userEngineFlags } from './engine-flags.js';
import { pinErrno } from './pinning.js';
import { affinity } from './this-thread.js';

export const addonSchema = later((z) =>
  z.object({
    version: z.string().describe('of the package that it was compiled from'),
    compiler: z.string().describe('name and version'),
    flags: z.string().describe('that decide what code is made, in their order, without paths'),
    nodeApi: z.int().describe('version of Node-API that it asks for'),
    libc: z.string().nullable().describe('name and version of the C library that it ran with'),
  }),
);

export const programSchema = later((z) =>
  z.object({
    name: z.string().describe('name of the program'),
    version: z.string().describe('version of the program'),
  }),
);

const clockSchema = later((z) =>
  z.object({
    overheadNs: z.number().describe('cost of one reading'),
    resolutionNs: z.number().describe('smallest step seen between two readings; 0: none was seen'),
  }),
);

export const environmentSchema = later((z) =>
  z.object({
    created: z.string().describe('start of the run, ISO 8601, UTC'),
    version: z.string().describe('version of this package'),
    program: programSchema().optional().describe('what called copytax as a library, as it names itself'),
    commit: z
      .string()
      .nullable()
      .describe('commit of the git checkout that ran; null: it was none, or the commit is not known'),
    changed: z
      .boolean()
      .nullable()
      .default(null)
      .describe('whether files of the checkout, other than documents and results, differ from the commit'),
    addon: addonSchema().nullable().default(null).describe('the native addon that ran, as it says itself'),
    node: z.string().describe('version of the runtime'),
    engineFlags: z.array(z.string()).optional().describe('flags of the JavaScript engine that the run set'),
    userEngineFlags: z
      .array(z.string())
      .optional()
      .describe('flags that the user gave, of the command line and NODE_OPTIONS; values only if they are numbers'),
    user: z.enum(['root', 'ordinary']).describe('who ran it: root may lock memory beyond the limit'),
    affinity: z.array(z.int()).nullable().describe('CPUs that this process may use'),
    pinErrno: z
      .int()
      .nullable()
      .optional()
      .describe('error number with which Linux refused to pin threads; null: it pinned them; not in files from before'),
    cpuQuota: z.number().nullable().describe('CPUs that a control group allows; null: no limit, or see missing'),
    container: z.string().nullable().describe('kind of container, if any announces itself'),
    load: z.number().nullable().describe('load average of the minute before the run'),
    clock: clockSchema().describe('the clock that samples were timed by'),
    counters: counterFactsSchema()
      .optional()
      .describe(
        'performance counters of a thread; not in files from before, and absent where they could not be asked for',
      ),
    missing: z.array(missingFactSchema()).describe('what is not known of the environment, with the reason of each'),
  }),
);

export type { Environment, Program };

/** Sources that a test replaces, and what only the caller knows. */
export interface EnvironmentSources {
  /** Folder that holds proc, sys and run. */
  readonly root?: string;
  /** Folder of the package, below `root`. If it is the top of a git checkout, that has the commit. */
  readonly packageFolder: string;
  /** Of the package. */
  readonly version: string;
  /** Variables of the environment, in which containers announce themselves; by default those of this process. */
  readonly variables?: NodeJS.ProcessEnv;
  /** Effective user id, 0 for root; by default that of this process. */
  readonly userId?: number;
  /** Where the flags of the engine stand; by default those of this process. */
  readonly flags?: FlagSources;
  /** What is known of the clock; by default it is measured, which takes about a millisecond. */
  readonly clock?: ClockFacts;
  /** What the addon says of itself; by default it is asked, and so loaded. */
  readonly addon?: BuildFacts;
  /** Error number with which Linux refuses to pin threads, null if it pins them; by default it is asked. */
  readonly pinErrno?: number | null;
  /** The counters that this thread can open, and those that it cannot; by default it tries. */
  readonly counters?: OpenedCounters;
  /** Start of the run; by default now. */
  readonly created?: Date;
}

/** What the addon says of itself. A gathering of facts for which it is not needed goes on without it. */
function addonFacts(files: HostFiles, given: BuildFacts | undefined): Environment['addon'] {
  try {
    const { version, compiler, flags, nodeApi, libc } = given ?? addon().build();
    if (libc === null) files.miss('libc', 'this C library does not tell its version');
    return { version, compiler, flags, nodeApi, libc };
  } catch (error) {
    const state = addonStateOf(error) ?? 'of an older version, which does not say';
    return files.miss('addon', `it is ${state}`);
  }
}

/** Whether threads may be pinned. A gathering of facts for which the addon is not needed goes on without it. */
function pinning(files: HostFiles, given: number | null | undefined): Pick<Environment, 'pinErrno'> {
  try {
    return { pinErrno: given === undefined ? pinErrno() : given };
  } catch (error) {
    files.miss('pinErrno', (error as Error).message);
    return {};
  }
}

/** Kinds of containers that announce themselves in a variable or a file. Another text may be a name of the user's. */
const CONTAINERS = (
  'bubblewrap container-other docker flatpak kata kubernetes lxc lxc-libvirt oci openvz podman pouch proot rkt ' +
  'singularity apptainer systemd-nspawn vserver warden wsl'
).split(' ');

function containerKind(files: HostFiles, variables: NodeJS.ProcessEnv): string | null {
  if (variables.KUBERNETES_SERVICE_HOST) return 'kubernetes';
  if (files.text('/.dockerenv') !== null) return 'docker';
  if (files.text('/run/.containerenv') !== null) return 'podman';
  const announced = variables.container || files.text('/run/systemd/container') || null;
  return announced === null || CONTAINERS.includes(announced) ? announced : 'other';
}

/** CPUs of the affinity mask; null if Linux does not tell them. */
function affinityOf(files: HostFiles): number[] | null {
  return files.fact('affinity', '/proc/self/status', (text) => {
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(text)?.[1];
    return list === undefined ? null : parseCpuList(list);
  });
}

/**
 * Returns the CPUs that this process may use, ascending: as files tell them, or else as the system call does, which is
 * there without /proc, too. Throws what loading the addon throws, if it comes to that.
 */
export function usableCpus(files: HostFiles): readonly number[] {
  return affinityOf(files) ?? affinity();
}

/** CPUs of the quota; null if there is none, and, with a reason, if that is not known. */
function quota(files: HostFiles): number | null {
  const reason = whyQuotaUnknown(files);
  return reason === null ? cpuQuota(files) : files.miss('cpuQuota', reason);
}

/** What each round is told by; without it, a host that is busy is not told from one that is quiet. */
function requireHostCounters(files: HostFiles): void {
  files.fact('steal and load of others', '/proc/stat', (text) => (/^cpu\s/m.test(text) ? text : null));
}

const SOURCES = [
  'root',
  'packageFolder',
  'version',
  'variables',
  'userId',
  'flags',
  'clock',
  'addon',
  'pinErrno',
  'counters',
  'created',
];

function requireSources(sources: EnvironmentSources): void {
  checkOptions('environmentFacts()', sources ?? null, SOURCES);
  for (const name of ['packageFolder', 'version'] as const) {
    if (typeof sources[name] === 'string') continue;
    throw new CopytaxError('ERR_INVALID_ARG_TYPE', `${name} must be a text, not ${shown(sources[name])}`, { name });
  }
}

/**
 * Gathers the environment. Takes about a millisecond, to measure the clock, and in a git checkout some more, because
 * git is asked for changes.
 * @throws ERR_UNKNOWN_OPTION, ERR_INVALID_ARG_TYPE; what `clockFacts` throws, unless `clock` is given
 */
export function environmentFacts(sources: EnvironmentSources): Environment {
  requireSources(sources);
  const files = new HostFiles(sources.root);
  const load = files.fact('load', '/proc/loadavg', (text) => {
    const average = Number.parseFloat(text);
    return Number.isFinite(average) ? average : null;
  });
  requireHostCounters(files);
  const { root = '/', packageFolder } = sources;
  const { commit, changed } = checkoutFacts(files, packageFolder, () => gitStatus(join(root, packageFolder)));
  const counters = counterFacts(files, sources.userId, sources.counters);
  return {
    created: (sources.created ?? new Date()).toISOString(),
    version: sources.version,
    commit,
    changed,
    addon: addonFacts(files, sources.addon),
    node: process.versions.node,
    engineFlags: [...ENGINE_FLAGS],
    userEngineFlags: userEngineFlags(sources.flags),
    user: (sources.userId ?? process.geteuid?.()) === 0 ? 'root' : 'ordinary',
    affinity: affinityOf(files),
    ...pinning(files, sources.pinErrno),
    cpuQuota: quota(files),
    container: containerKind(files, sources.variables ?? process.env),
    load,
    clock: sources.clock ?? clockFacts(),
    ...(counters === undefined ? {} : { counters }),
    missing: files.missing,
  };
}
