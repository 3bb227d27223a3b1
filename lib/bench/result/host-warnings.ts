/** Rules about the host: what else it did during the rounds, what it kept from this process, and how it is set up. */
import { KIB, MIB } from '../../units.js';
import { formatCpuList } from '../facts/cpu-list.js';
import { unidentifiedCpus } from '../facts/identified.js';
import { lastLevelCacheBytes } from '../facts/memory/last-level-cache.js';
import { slowingFlags } from '../host/engine-flags.js';
import type { CellResult, ResultDocument } from './result.js';
import { percent, type Rule, sum } from './rule.js';
import { littleCpu } from './sample-warnings.js';

/** The limits of the examination of a host are the same. */
export const STEAL_SHARE = 0.01;
export const SWITCHES_PER_SECOND = 100;
export const OTHERS_CPUS = 0.1;
export const LINE_FACTOR = 2;

/** The column of a table that has lost samples, for causes that may have done that; '' if it has them. */
const withoutCores = (result: ResultDocument) =>
  littleCpu(result, []) === null ? '' : '; `cores` leaves out the samples whose threads had to wait for a CPU';

export const steal: Rule = (_result, rounds) => {
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

export const involuntarySwitches: Rule = (_result, rounds) => {
  const rate = sum(rounds.map((round) => round.involuntarySwitches)) / sum(rounds.map((round) => round.seconds));
  if (!(rate > SWITCHES_PER_SECOND)) return null;
  return {
    code: 'INVOLUNTARY_SWITCHES',
    seen: `threads of this run lost their CPU ${rate.toFixed(0)} times per second`,
    why: 'a thread that waits for a CPU holds its locks meanwhile: waiting for locks looks longer than it is',
    remedy: 'stop other work, or give the run CPUs that nothing else uses with --cpus',
  };
};

export const loadedHost: Rule = (result, rounds) => {
  const seconds = sum(rounds.map((round) => round.seconds));
  const others = sum(rounds.map((round) => (round.othersCpus ?? 0) * round.seconds)) / seconds;
  if (!(others > OTHERS_CPUS)) return null;
  return {
    code: 'LOADED_HOST',
    seen: `other processes kept ${others.toFixed(2)} CPUs busy during the rounds`,
    why: `they share caches and memory bandwidth with the copies, even on CPUs of their own${withoutCores(result)}`,
    remedy: 'stop them, or read the ratios rather than the rates',
  };
};

export const cpusMoved: Rule = (_result, rounds) => {
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

/** Short times with a decimal, so that one that was seen is never zero. */
function duration(ms: number): string {
  if (ms === 0 || (ms >= 10 && ms < 10_000)) return `${ms.toFixed(0)} ms`;
  return ms < 10 ? `${Math.max(0.1, ms).toFixed(1)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

export const throttled: Rule = (result, rounds) => {
  const { environment, settings } = result;
  const stopped = sum(rounds.map((round) => round.throttledMs));
  const quota = environment.cpuQuota;
  if (stopped === 0 && (quota === null || quota >= settings.cpus.length)) return null;
  const seconds = sum(rounds.map((round) => round.seconds));
  const isCounted = rounds.some((round) => round.throttledMs !== null);
  const allowed = quota === null ? 'a quota that is not told here' : `quota of ${Number(quota.toFixed(2))} CPUs`;
  const stops = isCounted ? `CPUs stopped for ${duration(stopped)} in all` : 'nothing counts the stops';
  return {
    code: 'THROTTLED',
    seen: `${allowed}, ${stops} during ${seconds.toFixed(1)} s of rounds`,
    why: `a quota stops all threads for the rest of its period, also in the middle of a copy${withoutCores(result)}`,
    remedy: 'lift the CPU limit of the container or service, or pass no more --cpus than it allows',
  };
};

export const cpusLost: Rule = (_result, rounds) => {
  const hit = rounds.filter((round) => (round.cpusLost ?? []).length > 0);
  if (hit.length === 0) return null;
  const cpus = [...new Set(hit.flatMap((round) => round.cpusLost ?? []))].sort((a, b) => a - b);
  const named = cpus.length === 1 ? `CPU ${cpus[0]} was` : `CPUs ${formatCpuList(cpus)} were`;
  return {
    code: 'CPUS_LOST',
    seen: `${named} taken from this process in ${hit.length} of ${rounds.length} rounds`,
    why: 'Linux moves its threads to the CPUs that are left: they wait for each other, as on a smaller host',
    remedy: 'run again with a set of CPUs that stays the same, or with --cpus on those that stay',
  };
};

export const unpinned: Rule = ({ environment }) => {
  const errno = environment.pinErrno ?? null;
  if (errno === null) return null;
  return {
    code: 'UNPINNED',
    seen: `Linux refused to pin threads to CPUs (errno ${errno})`,
    why: 'two of them may share a CPU, or move to another one during a sample: intervals are wider, rates may be lower',
    remedy: 'allow sched_setaffinity: in SystemCallFilter= of a service, or in the seccomp profile of a container',
  };
};

export const engineSlowed: Rule = ({ environment }) => {
  const flags = slowingFlags(environment.userEngineFlags ?? []);
  if (flags.length === 0) return null;
  return {
    code: 'ENGINE_SLOWED',
    seen: `the engine was started with ${flags.join(' ')}`,
    why: 'debuggers, profilers and checks of the engine take time of what is measured, some designs more than others',
    remedy: 'run without them: look at the command line of node and at NODE_OPTIONS',
  };
};

export const governor: Rule = ({ machine }) => {
  const name = machine.cpu.governor;
  if (name === null || name === 'performance') return null;
  return {
    code: 'GOVERNOR',
    seen: `frequency governor ${name}`,
    why: 'the clock frequency follows the load, so the first rounds differ from the last',
    remedy: 'as root: cpupower frequency-set -g performance',
  };
};

export const unknownCpu: Rule = ({ machine }) => {
  const unknown = unidentifiedCpus(machine.cpu);
  if (unknown === null) return null;
  return {
    code: 'UNKNOWN_CPU',
    seen: `the CPU could not be identified${unknown.length > 0 ? ` (CPUs ${formatCpuList(unknown)})` : ''}`,
    why: 'this result cannot be told from one of another CPU, and is not compared with any as of the same host',
    remedy: 'note with the file which CPU it is; `npx copytax machine` says what could not be read',
  };
};

/** Number of CPUs that a cell would use: one per sender, one per queue, one for a device that reads. */
function cpusWanted({ params }: CellResult): number {
  const { senders, queues, device } = params;
  if (typeof senders !== 'number' || typeof queues !== 'number') return 0;
  return senders + queues + (device === 'read' ? 1 : 0);
}

export const fewCpus: Rule = ({ results, settings }) => {
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

/** How far a told cache may be from both ends of a measured one: sets fill a cache badly, and others use it. */
const CACHE_FACTOR = 2;
/** Smaller caches are of the first level: no result depends on how they are told. */
const SECOND_LEVEL_BYTES = 128 * KIB;
/** Behind the last cache no load is faster. One that is says that the last knee was lost in noise. */
const MEMORY_NS = 50;
/** A larger cache would not show: no larger set than twice this is measured. */
const LARGEST_SHOWN_BYTES = 128 * MIB;

const size = (bytes: number) => (bytes < MIB ? `${(bytes / KIB).toFixed(0)} KiB` : `${(bytes / MIB).toFixed(1)} MiB`);

export const cachesDiffer: Rule = ({ machine, settings }) => {
  const told = lastLevelCacheBytes(machine, settings.cpus);
  const knees = machine.cacheKnees ?? [];
  const last = knees.at(-1);
  if (told === null || told > LARGEST_SHOWN_BYTES) return null;
  if (last === undefined || last.bytes < SECOND_LEVEL_BYTES || last.afterNs < MEMORY_NS) return null;
  if (knees.some(({ low, high }) => low / CACHE_FACTOR <= told && told <= CACHE_FACTOR * high)) return null;
  return {
    code: 'CACHES_DIFFER',
    seen: `a last cache of ${size(told)} is told, and memory gets slower from ${size(last.bytes)} on`,
    why:
      'what is called hot or cold here goes by the told size; a hypervisor may tell any, or give this guest ' +
      'a part of the cache, and neighbours may use most of it',
    remedy: 'believe the measured size; repeat at a quieter time, and ask who runs the host if it stays so',
  };
};
