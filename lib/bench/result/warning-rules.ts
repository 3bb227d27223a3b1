/**
 * Words the warnings. A rule looks for one cause in a result, and returns null if the facts that it needs are not
 * known: the same file always gets the same warnings. `unlockedMemory` and `noHugePages` look at memory, for the
 * samples of a scenario. Only NO_COMPILER is worded elsewhere, in `benchmarks/slot-pool`.
 */
import { shortestSampleNs } from '../host/clock.js';
import { formatCpuList } from '../host/cpu-list.js';
import type { Warning } from '../plan/warning.js';
import type { CellResult, ResultDocument, RoundResult } from './result.js';
import { relativeSpread, summarize } from './statistics.js';

const WIDE_SPREAD = 0.1;
const STEAL_SHARE = 0.01;
const SWITCHES_PER_SECOND = 100;
const OTHERS_CPUS = 0.1;
const LINE_FACTOR = 2;
const ENOUGH_ROUNDS = 10;
const DRIFT = 0.1;

const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
const sum = (values: readonly (number | null)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0);

type Rule = (result: ResultDocument, rounds: readonly RoundResult[]) => Warning | null;

const noisyHost: Rule = ({ results }) => {
  const wide = results.filter((cell) => relativeSpread(cell.summary) > WIDE_SPREAD);
  if (wide.length === 0) return null;
  const worst = wide.reduce((a, b) => (relativeSpread(b.summary) > relativeSpread(a.summary) ? b : a));
  return {
    code: 'NOISY_HOST',
    seen:
      `${wide.length} of ${results.length} cells have an interval wider than ±${percent(WIDE_SPREAD)}, ` +
      `the widest ±${percent(relativeSpread(worst.summary))} (${worst.id})`,
    why: 'differences smaller than the interval cannot be seen; ratios suffer less, they are formed within a round',
    remedy: 'stop other work on the host, or measure longer with --full or --rounds',
  };
};

const steal: Rule = (_result, rounds) => {
  const seconds = sum(rounds.map((round) => round.seconds));
  const share = sum(rounds.map((round) => (round.stealShare ?? 0) * round.seconds)) / seconds;
  if (!(share > STEAL_SHARE)) return null;
  return {
    code: 'STEAL',
    seen: `the hypervisor took ${percent(share)} of the CPU time during the rounds`,
    why: 'stolen time is charged to whatever ran, so every rate here is too low',
    remedy: 'use an instance with CPUs of its own, or repeat at a quieter time',
  };
};

const involuntarySwitches: Rule = (_result, rounds) => {
  const rate = sum(rounds.map((round) => round.involuntarySwitches)) / sum(rounds.map((round) => round.seconds));
  if (!(rate > SWITCHES_PER_SECOND)) return null;
  return {
    code: 'INVOLUNTARY_SWITCHES',
    seen: `threads of this run lost their CPU ${rate.toFixed(0)} times per second`,
    why: 'a thread that waits for a CPU holds its locks meanwhile: waiting for locks looks longer than it is',
    remedy: 'stop other work, or give the run CPUs that nothing else uses with --cpus',
  };
};

const loadedHost: Rule = (_result, rounds) => {
  const seconds = sum(rounds.map((round) => round.seconds));
  const others = sum(rounds.map((round) => (round.othersCpus ?? 0) * round.seconds)) / seconds;
  if (!(others > OTHERS_CPUS)) return null;
  return {
    code: 'LOADED_HOST',
    seen: `other processes kept ${others.toFixed(2)} CPUs busy during the rounds`,
    why: 'they share caches and memory bandwidth with the copies, even on CPUs of their own',
    remedy: 'stop them, or read the ratios rather than the rates',
  };
};

/** Number of CPUs that a cell would use: one per sender, one per queue, one for a device that reads. */
function cpusWanted({ params }: CellResult): number {
  const { senders, queues, device } = params;
  if (typeof senders !== 'number' || typeof queues !== 'number') return 0;
  return senders + queues + (device === 'read' ? 1 : 0);
}

const fewCpus: Rule = ({ results, settings }) => {
  const wanted = Math.max(0, ...results.map(cpusWanted));
  if (wanted <= settings.cpus.length) return null;
  return {
    code: 'FEW_CPUS',
    seen:
      `senders, queues and device would use ${wanted} CPUs, ` +
      `and there are ${settings.cpus.length} (${formatCpuList(settings.cpus)})`,
    why: 'senders share their CPU with the interrupts of the queues, as on a small guest',
    remedy: 'choose fewer --senders or --queues, or run on a larger host',
  };
};

/** The times that a cell took between readings of the clock, milliseconds. */
const timedMs = ({ durationsMs, ledger }: CellResult) =>
  ledger.timedNs === undefined ? durationsMs : [ledger.timedNs / 1e6];

const coarseTimer: Rule = ({ results, environment }) => {
  const shortestMs = shortestSampleNs(environment.clock) / 1e6;
  const short = results.filter((cell) => timedMs(cell).some((duration) => duration < shortestMs));
  if (short.length === 0) return null;
  return {
    code: 'COARSE_TIMER',
    seen:
      `${short.length} cells have samples shorter than ${(shortestMs * 1000).toFixed(1)} µs, ` +
      'fifty readings of the clock',
    why: 'such a sample measures the clock as much as the work',
    remedy: 'use a host whose clock source is the TSC (`copytax machine` shows it)',
  };
};

const cpusMoved: Rule = (_result, rounds) => {
  const readings = rounds.flatMap((round) => round.lineRoundTripNs ?? []);
  if (readings.length === 0) return null;
  const [shortest, longest] = [Math.min(...readings), Math.max(...readings)];
  if (longest <= LINE_FACTOR * shortest) return null;
  return {
    code: 'CPUS_MOVED',
    seen:
      `a cache line took between ${shortest.toFixed(0)} and ${longest.toFixed(0)} ns ` +
      'to go to another measuring CPU and back',
    why:
      'the hypervisor moves virtual CPUs between near and far cores, or runs both on one; ' +
      'shared data costs accordingly',
    remedy: 'use dedicated or pinned virtual CPUs, or compare only ratios of the same run',
  };
};

const fewSamples: Rule = ({ scenarios }) => {
  const few = scenarios.filter((scenario) => scenario.rounds.length < ENOUGH_ROUNDS);
  if (few.length === 0) return null;
  return {
    code: 'FEW_SAMPLES',
    seen: few
      .map(({ name, rounds }) => `${name} has ${rounds.length} ${rounds.length === 1 ? 'round' : 'rounds'}`)
      .join(', '),
    why: `below ${ENOUGH_ROUNDS} rounds intervals are wide, and below six they do not reach 95 %`,
    remedy: 'let the run end, choose fewer cells, or set --rounds',
  };
};

/** By how much the last third of the samples differs from the first; 0 if the two overlap. */
function driftOf({ samples }: CellResult): number {
  const third = Math.floor(samples.length / 3);
  if (third < 3) return 0;
  const [first, last] = [samples.slice(0, third), samples.slice(-third)];
  const isApart = Math.max(...first) < Math.min(...last) || Math.max(...last) < Math.min(...first);
  return isApart ? summarize(last).median / summarize(first).median - 1 : 0;
}

const drift: Rule = ({ results }) => {
  const drifting = results.map((cell) => ({ id: cell.id, by: driftOf(cell) })).filter(({ by }) => Math.abs(by) > DRIFT);
  if (drifting.length === 0) return null;
  const worst = drifting.reduce((a, b) => (Math.abs(b.by) > Math.abs(a.by) ? b : a));
  const change = `${percent(Math.abs(worst.by))} ${worst.by > 0 ? 'higher' : 'lower'}`;
  return {
    code: 'DRIFT',
    seen:
      `in ${drifting.length} of ${results.length} cells the last third of the rounds differs from the first; ` +
      `in the worst it is ${change} (${worst.id})`,
    why: 'the median lies between two states of the host, or of a program that was still being compiled',
    remedy: 'repeat the run, or measure longer with --full or --rounds',
  };
};

const governor: Rule = ({ machine }) => {
  const name = machine.cpu.governor;
  if (name === null || name === 'performance') return null;
  return {
    code: 'GOVERNOR',
    seen: `frequency governor ${name}`,
    why: 'the clock frequency follows the load, so the first rounds differ from the last',
    remedy: 'as root: cpupower frequency-set -g performance',
  };
};

const throttled: Rule = ({ environment, settings }, rounds) => {
  const stopped = sum(rounds.map((round) => round.throttledMs));
  const quota = environment.cpuQuota;
  if (stopped === 0 && (quota === null || quota >= settings.cpus.length)) return null;
  return {
    code: 'THROTTLED',
    seen: `quota of ${quota?.toFixed(1) ?? 'unknown'} CPUs, stopped for ${stopped.toFixed(0)} ms during the rounds`,
    why: 'a quota stops all threads for the rest of its period, also in the middle of a copy',
    remedy: 'lift the CPU limit of the container or service, or pass no more --cpus than it allows',
  };
};

const overrun: Rule = ({ settings, seconds }) => {
  if (settings.rounds !== null || seconds * 1000 <= settings.limitMs) return null;
  return {
    code: 'OVERRUN',
    seen: `the run took ${seconds.toFixed(1)} s, its limit is ${(settings.limitMs / 1000).toFixed(0)} s`,
    why: 'one round of all cells needs more than the limit, or the host was paused',
    remedy: 'choose fewer cells (--only, --designs, --messages), or --full',
  };
};

/** The state of memory that should be locked. Linux gives both parts of a refusal. */
export interface LockState {
  readonly bytes: number;
  readonly locked: boolean;
  readonly lockRefusal: { readonly errno: number; readonly limitBytes: number } | null;
}

/** Returns a warning for the samples of a scenario; null if the memory is locked, or was not meant to be. */
export function unlockedMemory({ bytes, locked, lockRefusal }: LockState): Warning | null {
  if (locked || lockRefusal === null) return null;
  const { errno, limitBytes } = lockRefusal;
  const limit = limitBytes < 0 ? 'no limit' : `a limit of ${limitBytes / 1024} KiB`;
  return {
    code: 'UNLOCKED_MEMORY',
    seen: `${bytes / 1024} KiB could not be locked (errno ${errno}, ${limit})`,
    why: 'pages were written before the measurement, but Linux may move or evict them during it',
    remedy: 'raise the memlock limit (`ulimit -l`, LimitMEMLOCK= of a service, --ulimit memlock of a container)',
  };
}

/** Returns a warning for samples that want huge pages; null if they have them, or if that is not known. */
export function noHugePages({ bytes, hugeBytes }: { bytes: number; hugeBytes: number }): Warning | null {
  if (hugeBytes < 0 || hugeBytes >= bytes / 2) return null;
  return {
    code: 'NO_HUGE_PAGES',
    seen: `${hugeBytes / 1024} of ${bytes / 1024} KiB are backed by huge pages`,
    why: 'with small pages a walk through this memory also pays for address translation',
    remedy: 'as root: echo madvise > /sys/kernel/mm/transparent_hugepage/enabled',
  };
}

const RULES = [
  noisyHost,
  steal,
  involuntarySwitches,
  loadedHost,
  cpusMoved,
  throttled,
  governor,
  fewCpus,
  fewSamples,
  drift,
  coarseTimer,
  overrun,
];

/** Returns warnings of the run, then those of single cells, each code once. Does not read `warnings` of the input. */
export function judge(result: ResultDocument): Warning[] {
  const rounds = result.scenarios.flatMap((scenario) => scenario.rounds);
  const ofRun = RULES.flatMap((rule) => rule(result, rounds) ?? []);
  const ofCells = new Map<string, Warning>();
  for (const warning of result.results.flatMap((cell) => cell.warnings as Warning[])) {
    ofCells.set(warning.code, ofCells.get(warning.code) ?? warning);
  }
  return [...ofRun, ...ofCells.values()];
}
