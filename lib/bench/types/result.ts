/** The result document. Written by `npm run docs` from the schemas: change those. */
import type {
  BreakEvenResult,
  CellResult,
  CrossingResult,
  FailedCell,
  OwnDesignResult,
  PulseResult,
  RatioResult,
  WarningResult,
} from './cells.js';
import type { CostDifferenceResult, LinuxControl } from './cores.js';
import type { Environment } from './environment.js';
import type { HostFacts } from './host.js';
import type { TableSpec } from './tables.js';

/** A slot pool that a sweep had no room for. */
export interface PoolLeftOut {
  /** Size of the slot pool. */
  bytes: number;
  /** What it exceeds: the memory of the host, or what may be locked. */
  limit: 'memory' | 'lock';
  /** That limit. */
  limitBytes: number;
}

/** The settings of a run as a file holds them. */
export interface SettingsResult {
  /** How much was measured. */
  effort: 'quick' | 'default' | 'full';
  /** Rounds that the run made also when its budget was used up. */
  minRounds: number;
  /** Time for the whole run, all scenarios and their preparation, milliseconds. */
  budgetMs: number;
  /** What the run might not exceed, milliseconds. */
  limitMs: number;
  /** How long one sample of a throughput cell sent, milliseconds. */
  sampleMs: number;
  /** Cells are a grid with arms, and the model was calibrated. */
  sweep: boolean;
  /** Slot pools that the sweep had no room for. */
  poolsLeftOut: PoolLeftOut[];
  /** The only slot pool, in files from before there could be several. */
  poolBytes?: number | undefined;
  /** Names of the scenarios that were asked for, in the order in which they run. */
  scenarios: string[];
  /** Transmit designs. */
  designs: string[];
  /** Numbers of sending threads. */
  senders: number[];
  /** Numbers of transmit queues. */
  queues: number[];
  /** Bytes of a send call. */
  messages: number[];
  /** Bytes that each sender may have in flight, queued and not yet acknowledged: its send buffer. */
  windows: number[];
  /** How bounce memory grows when the slot pool is full. */
  growths: string[];
  /** Whether known defects are kept. */
  flavours: string[];
  /** What frees a socket page: as each design has it, or one way for all. */
  freeDispatches: string[];
  /** How long acknowledgements take, and so how long memory stays in use, nanoseconds. */
  ackDelaysNs: number[];
  /** Share of the slot pool that pages may take, percent. */
  percents: number[];
  /** Bytes of the slot pool, powers of two; scenarios that have only one slot pool take the first. */
  pools: number[];
  /** Prices of sharing a 4 KiB page with the host and taking it back, nanoseconds, to compare with bouncing it. */
  convertNsPerPage: number[];
  /** Copy kernel of both copies. */
  kernel: string;
  /** When a packet counts as sent. */
  device: string;
  /** CPUs that logical CPUs may be pinned to, in order of use, at least one. */
  cpus: number[];
  /** How many rounds there are, however long they take; null: as many as the time allows, at least `minRounds`. */
  rounds: number | null;
  /** How many whole runs the result is of, each a fresh process; null: one, in this process. */
  runs: number | null;
  /** Decides the order of the cells in each round, relative offsets, and the bootstrap. */
  seed: number;
}

/** What happened on the host during a round. */
export interface RoundResult {
  /** How long the round took. */
  seconds: number;
  /** Number of cells measured in this round; fewer than the scenario has when it was interrupted. */
  cells: number;
  /** Samples that were taken again, because the process had stood still. */
  repeats?: number | undefined;
  /** Number of the memory that the cells had, counted from 0. */
  placement?: number | undefined;
  /** Share of the CPU time of the host that a hypervisor took, 0 to 1; null: not known. */
  stealShare: number | null;
  /** CPUs that other processes kept busy; null: not known. */
  othersCpus: number | null;
  /** Times that Linux took the CPU away from a thread that could have run on. */
  involuntarySwitches: number;
  /** For how long quotas stopped CPUs; several CPUs count several times. */
  throttledMs: number | null;
  /** Measuring CPUs that this process might not use before or after; not in files from before. */
  cpusLost?: number[] | null | undefined;
  /** Nanoseconds for a cache line to go to another measuring CPU and back, before and after; null: not measured. */
  lineRoundTripNs: number[] | null;
}

/** When and how a scenario was measured, and how it is shown. */
export interface ScenarioResult {
  /** The first part of the ids of its cells. */
  name: string;
  /** The question that its numbers answer: one sentence. */
  question: string;
  /** Time that it took, with preparation and warm-up. */
  seconds: number;
  /** Measured after the others, for want of memory beside them. */
  afterOthers?: boolean | undefined;
  /** Rounds that were measured first and discarded. */
  warmUpRounds: number;
  /** How a report shows the cells; not in files from before. */
  tables?: TableSpec[] | undefined;
  /** Where samples are runs: one for each run, all its rounds together. */
  rounds: RoundResult[];
}

/** One run of the instrument. */
export interface RunResult {
  /** Name and version of this format. */
  schema: 'copytax.result/3';
  /** What one sample of a cell is: a round of this run, a whole run, or a call that another program timed. */
  sampledBy: 'round' | 'run' | 'call';
  /** The facts of the host. */
  machine: HostFacts;
  /** Versions, limits of the process, and load. */
  environment: Environment;
  /** What was asked for. */
  settings: SettingsResult;
  /** Designs that modules outside this package added. */
  ownDesigns?: OwnDesignResult[] | undefined;
  /** In the order in which they ran. */
  scenarios: ScenarioResult[];
  /** How fast the CPUs were beside the samples; not in files from before. */
  pulse?: PulseResult | undefined;
  /** Every cell with a value in some sample, in the order of its scenario. */
  results: CellResult[];
  /** Cells that have no value in any sample. */
  failed: FailedCell[];
  /** Of two cells each, formed within rounds. */
  ratios: RatioResult[];
  /** Costs by size beside prices that were not measured here. */
  breakEvens: BreakEvenResult[];
  /** Differences in CPU time per byte, of the pairs of `ratios` that have a cost. */
  costDifferences: CostDifferenceResult[];
  /** Sizes at which one measured cost is below another. */
  crossings: CrossingResult[];
  /** What designs would move with the control plane of this host's own Linux; absent: not measured. */
  linuxControl?: LinuxControl | undefined;
  /** What a reader must know before believing a number. */
  warnings: WarningResult[];
  /** Time since the run was called for. */
  seconds: number;
  /** Milliseconds of it in which the process stood still. */
  stoodStillMs?: number | undefined;
  /** Whether every scenario ran to its end. */
  complete: boolean;
  /** Whether the run was stopped. */
  interrupted: boolean;
}

/** A result: everything that a run measured, with raw samples and with what is needed to judge them. */
export interface ResultDocument extends RunResult {
  /** Where samples are runs: each of them, as it would stand in a file. */
  runs?: RunResult[] | undefined;
}
