/** The environment of a run. Written by `npm run docs` from the schemas: change those. */
import type { BuildFacts } from '../../addon/addon.js';
import type { MissingFact } from './host.js';

/** A program that calls copytax as a library: results and reports have its name and version. */
export interface Program {
  /** Name of the program. */
  name: string;
  /** Version of the program. */
  version: string;
}

/** What a clock costs, and the smallest step that it shows. */
export interface ClockFacts {
  /** Cost of one reading. */
  overheadNs: number;
  /** Smallest step seen between two readings; 0: none was seen. */
  resolutionNs: number;
}

/** A performance counter that could not be opened. */
export interface RefusedCounterFacts {
  /** What it would count. */
  name: string;
  /** Error number with which Linux refused it. */
  errno: number;
  /** What that means here. */
  why: string;
  /** What to try. */
  remedy: string;
}

/** Which performance counters a thread of the run could open, and why not the others. */
export interface CounterFacts {
  /** What could be counted. */
  opened: string[];
  /** What could not. */
  refused: RefusedCounterFacts[];
  /** Kernel.perf_event_paranoid; null: not known. */
  paranoid: number | null;
}

/** The environment of a run: versions, limits of the process, load, and what is not known of them. */
export interface Environment {
  /** Start of the run, ISO 8601, UTC. */
  created: string;
  /** Version of this package. */
  version: string;
  /** What called copytax as a library, as it names itself. */
  program?: Program | undefined;
  /** Commit of the git checkout that ran; null: it was none, or the commit is not known. */
  commit: string | null;
  /** Whether files of the checkout, other than documents and results, differ from the commit. */
  changed: boolean | null;
  /** The native addon that ran, as it says itself. */
  addon: BuildFacts | null;
  /** Version of the runtime. */
  node: string;
  /** Flags of the JavaScript engine that the run set. */
  engineFlags?: string[] | undefined;
  /** Flags that the user gave, of the command line and NODE_OPTIONS; values only if they are numbers. */
  userEngineFlags?: string[] | undefined;
  /** Who ran it: root may lock memory beyond the limit. */
  user: 'root' | 'ordinary';
  /** CPUs that this process may use. */
  affinity: number[] | null;
  /** Error number with which Linux refused to pin threads; null: it pinned them; not in files from before. */
  pinErrno?: number | null | undefined;
  /** CPUs that a control group allows; null: no limit, or see missing. */
  cpuQuota: number | null;
  /** Kind of container, if any announces itself. */
  container: string | null;
  /** Load average of the minute before the run. */
  load: number | null;
  /** The clock that samples were timed by. */
  clock: ClockFacts;
  /** Performance counters of a thread; not in files from before, and absent where they could not be asked for. */
  counters?: CounterFacts | undefined;
  /** What is not known of the environment, with the reason of each. */
  missing: MissingFact[];
}
