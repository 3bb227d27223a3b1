/**
 * Whether a host is fit for measuring, by rules that are fixed in advance: each compares one number with two limits.
 * The limits that warnings of a run have, too, are the same. docs/doctor.md lists them.
 */

import { LINE_FACTOR, OTHERS_CPUS, STEAL_SHARE, SWITCHES_PER_SECOND } from '../result/host-warnings.js';
import { WIDE_SPREAD } from '../result/sample-warnings.js';
import { MINIMAL_CPU_SHARE } from '../types/ledger-keys.js';
import type { Fitness, Judgement } from './doctor-schema.js';
import type { Observed } from './observed.js';

interface Rule extends Omit<Judgement, 'value' | 'level' | 'noisy' | 'unusable'> {
  value(seen: Observed): Judgement['value'];
  noisy: number | ((seen: Observed) => number);
  unusable: number | null | ((seen: Observed) => number);
}

const RULES: readonly Rule[] = [
  {
    name: 'steal',
    what: 'CPU time that the hypervisor took',
    unit: 'share',
    is: 'above',
    value: ({ stealShare }) => stealShare,
    noisy: STEAL_SHARE,
    unusable: 0.1,
    why: 'stolen time is charged to whatever ran',
    help: 'use an instance with CPUs of its own, or measure at a quieter time',
  },
  {
    name: 'others',
    what: 'CPUs that other processes kept busy',
    unit: 'CPUs',
    is: 'above',
    value: ({ othersCpus }) => othersCpus,
    noisy: OTHERS_CPUS,
    unusable: ({ usableCpus }) => Math.max(1, usableCpus) / 2,
    why: 'they take CPUs, caches and memory bandwidth from the copies',
    help: 'stop them, or give the run CPUs that nothing else uses with --cpus',
  },
  {
    name: 'on-cpu',
    what: 'time that a busy thread had its CPU',
    unit: 'share',
    is: 'below',
    value: ({ onCpuShare }) => onCpuShare,
    noisy: 0.98,
    unusable: MINIMAL_CPU_SHARE,
    why: 'a sample below 95 % has no cost per byte: the clock ran on while the thread did not',
    help: 'stop other work, lift the CPU limit, or choose other CPUs with taskset or --cpus',
  },
  {
    name: 'switches',
    what: 'times that it lost the CPU',
    unit: 'per second',
    is: 'above',
    value: ({ switchesPerSecond }) => switchesPerSecond,
    noisy: SWITCHES_PER_SECOND,
    unusable: 1000,
    why: 'a thread that waits for a CPU holds its locks meanwhile, and finds its cache used by others',
    help: 'stop other work, or choose other CPUs with taskset or --cpus',
  },
  {
    name: 'throttling',
    what: 'CPU time that a quota stopped',
    unit: 'share',
    is: 'above',
    value: ({ throttledShare }) => throttledShare,
    noisy: 0,
    unusable: 0.05,
    why: 'a quota stops all threads for the rest of its period, also in the middle of a copy',
    help: 'lift the CPU limit of the container or service',
  },
  {
    name: 'quota',
    what: 'CPUs that a control group allows',
    unit: 'CPUs',
    is: 'below',
    value: ({ quotaCpus }) => quotaCpus,
    noisy: ({ usableCpus }) => usableCpus,
    unusable: 1,
    why: 'threads on all CPUs use the quota up, and then stand still',
    help: 'lift the CPU limit of the container or service, or pass no more --cpus than it allows',
  },
  {
    name: 'speed',
    what: 'pulses at full speed of the CPU',
    unit: 'share',
    is: 'below',
    value: ({ fullSpeedShare }) => fullSpeedShare,
    noisy: 0.9,
    unusable: 0.5,
    why: 'a busy sibling thread or a lower clock slows everything, and not evenly',
    help: 'fix the frequency (as root: cpupower frequency-set -g performance), or use whole cores of a host',
  },
  {
    name: 'copies',
    what: 'spread of a repeated copy of 64 KiB, decile to decile',
    unit: 'share',
    is: 'above',
    value: ({ copySpread }) => copySpread,
    noisy: WIDE_SPREAD,
    unusable: 0.5,
    why: 'differences that are smaller than the spread take many rounds to be seen',
    help: 'stop other work on the host, or measure longer with --full or --rounds',
  },
  {
    name: 'line',
    what: 'cache line between CPUs, slowest to fastest',
    unit: 'factor',
    is: 'above',
    value: (seen) => seen.lineFactor,
    noisy: LINE_FACTOR,
    unusable: null,
    why: 'the hypervisor moves virtual CPUs between near and far cores, or others use them',
    help: 'use dedicated or pinned virtual CPUs, or compare only ratios of the same run',
  },
  {
    name: 'native-clock',
    what: 'length of an empty interval by the native clock',
    unit: 'ns',
    is: 'above',
    value: ({ nativeClockNs }) => nativeClockNs,
    noisy: 100,
    unusable: 2000,
    why: 'short operations have to be timed in batches that are much longer than this',
    help: 'use a host whose clock source is the TSC (`copytax machine` shows it)',
  },
  {
    name: 'engine-clock',
    what: 'smallest step of performance.now()',
    unit: 'ns',
    is: 'above',
    value: ({ engineClockStepNs }) => engineClockStepNs,
    noisy: 10_000,
    unusable: 5e6,
    why: 'times of rounds are read from it',
    help: 'use a host whose clock source is the TSC (`copytax machine` shows it)',
  },
  {
    name: 'pinning',
    what: 'threads that could be pinned to their CPUs',
    unit: 'share',
    is: 'below',
    value: ({ isPinned }) => (isPinned === null ? null : Number(isPinned)),
    noisy: 1,
    unusable: null,
    why: 'Linux moves threads that are not, away from the caches that hold their data',
    help: 'allow sched_setaffinity in the profile of the container',
  },
];

const SEVERITY: readonly Fitness[] = ['quiet', 'noisy', 'unusable'];

function levelOf(value: number, is: Judgement['is'], noisy: number | null, unusable: number | null): Fitness {
  const isBeyond = (limit: number | null) => limit !== null && (is === 'above' ? value > limit : value < limit);
  return isBeyond(unusable) ? 'unusable' : isBeyond(noisy) ? 'noisy' : 'quiet';
}

/** Judges by every rule. What is not known is judged to be unknown, and never to be quiet. Pure. */
export function judgements(seen: Observed): Judgement[] {
  return RULES.map(({ value: read, noisy: first, unusable: second, ...texts }) => {
    const limit = (given: Rule['unusable']) => (typeof given === 'function' ? given(seen) : given);
    const [value, noisy, unusable] = [read(seen), limit(first), limit(second)];
    const level = value === null ? 'unknown' : value === 'none' ? 'quiet' : levelOf(value, texts.is, noisy, unusable);
    return { ...texts, value, noisy, unusable, level };
  });
}

/** The worst of what is known; null if nothing is. */
export function verdictOf(all: readonly Pick<Judgement, 'level'>[]): Fitness | null {
  return SEVERITY.findLast((fitness) => all.some(({ level }) => level === fitness)) ?? null;
}
