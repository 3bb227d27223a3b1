/** The environment of one run: versions, limits of this process, load. The host itself is described by `HostFacts`. */
import { z } from 'zod';
import { cpuQuota } from './cgroup.js';
import { type ClockFacts, clockFacts } from './clock.js';
import { parseCpuList } from './cpu-list.js';
import { ENGINE_FLAGS, type FlagSources, userEngineFlags } from './engine-flags.js';
import { HostFiles } from './host-files.js';

export const environmentSchema = z.object({
  created: z.string().describe('start of the run, ISO 8601, UTC'),
  version: z.string().describe('of this package'),
  commit: z.string().nullable().describe('of the git checkout that ran, if it was one'),
  node: z.string().describe('version of the runtime'),
  engineFlags: z.array(z.string()).optional().describe('flags of the JavaScript engine that the run set'),
  userEngineFlags: z
    .array(z.string())
    .optional()
    .describe('flags that the user gave, of the command line and NODE_OPTIONS; values only if they are numbers'),
  user: z.enum(['root', 'ordinary']).describe('root may lock memory beyond the limit'),
  affinity: z.array(z.int()).nullable().describe('CPUs that this process may use'),
  cpuQuota: z.number().nullable().describe('CPUs that a control group allows; null: no limit'),
  container: z.string().nullable().describe('kind of container, if any announces itself'),
  load: z.number().nullable().describe('load average of the minute before the run'),
  clock: z.object({
    overheadNs: z.number().describe('cost of one reading'),
    resolutionNs: z.number().describe('smallest step seen'),
  }),
  missing: z.array(z.object({ fact: z.string(), reason: z.string() })),
});

export type Environment = z.infer<typeof environmentSchema>;

/** Sources that a test replaces, and what only the caller knows. */
export interface EnvironmentSources {
  /** Folder that holds proc, sys and run. */
  readonly root?: string;
  /** Folder of the package, below `root`. Its git data has the commit. */
  readonly packageFolder: string;
  readonly version: string;
  readonly variables?: NodeJS.ProcessEnv;
  readonly userId?: number;
  readonly flags?: FlagSources;
  readonly clock?: ClockFacts;
  readonly created?: Date;
}

/** Reads the checked-out commit without running git; null if the package was installed from a registry. */
function checkedOutCommit(files: HostFiles, folder: string): string | null {
  const head = files.text(`${folder}/.git/HEAD`);
  const reference = /^ref: (\S+)$/.exec(head ?? '')?.[1];
  if (reference === undefined) return /^[0-9a-f]{40,64}$/.test(head ?? '') ? head : null;
  const loose = files.text(`${folder}/.git/${reference}`);
  if (loose !== null) return loose;
  const packed = files.text(`${folder}/.git/packed-refs`)?.split('\n') ?? [];
  return packed.find((line) => line.endsWith(` ${reference}`))?.split(' ')[0] ?? null;
}

function containerKind(files: HostFiles, variables: NodeJS.ProcessEnv): string | null {
  if (variables.KUBERNETES_SERVICE_HOST) return 'kubernetes';
  if (files.text('/.dockerenv') !== null) return 'docker';
  if (files.text('/run/.containerenv') !== null) return 'podman';
  return variables.container || files.text('/run/systemd/container') || null;
}

/** CPUs of the affinity mask; null if Linux does not tell them. */
export function affinityOf(files: HostFiles): number[] | null {
  return files.fact('affinity', '/proc/self/status', (text) => {
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(text)?.[1];
    return list === undefined ? null : parseCpuList(list);
  });
}

/**
 * Gathers the environment. Takes about a millisecond, to measure the clock.
 * @throws what `clockFacts` throws, unless `clock` is given
 */
export function environmentFacts(sources: EnvironmentSources): Environment {
  const files = new HostFiles(sources.root);
  const load = files.fact('load', '/proc/loadavg', (text) => {
    const average = Number.parseFloat(text);
    return Number.isFinite(average) ? average : null;
  });
  return {
    created: (sources.created ?? new Date()).toISOString(),
    version: sources.version,
    commit: checkedOutCommit(files, sources.packageFolder),
    node: process.versions.node,
    engineFlags: [...ENGINE_FLAGS],
    userEngineFlags: userEngineFlags(sources.flags),
    user: (sources.userId ?? process.geteuid?.()) === 0 ? 'root' : 'ordinary',
    affinity: affinityOf(files),
    cpuQuota: cpuQuota(files),
    container: containerKind(files, sources.variables ?? process.env),
    load,
    clock: sources.clock ?? clockFacts(),
    missing: files.missing,
  };
}
