/** Rules about the samples: how wide, few, short or unsteady they are, and how long they took together. */
import { shortestSampleNs } from '../host/clock.js';
import { inflationOf, rankAutocorrelation } from '../statistics/serial-dependence.js';
import { relativeSpread, summarize } from '../statistics/statistics.js';
import { MINIMAL_CPU_SHARE } from '../types/ledger-keys.js';
import type { CellResult } from './result.js';
import { percent, type Rule } from './rule.js';

export const WIDE_SPREAD = 0.1;
const ENOUGH_ROUNDS = 10;
const DRIFT = 0.1;

export const noisyHost: Rule = ({ results }) => {
  const wide = results.filter((cell) => relativeSpread(cell.summary) > WIDE_SPREAD);
  if (wide.length === 0) return null;
  const worst = wide.reduce((a, b) => (relativeSpread(b.summary) > relativeSpread(a.summary) ? b : a));
  return {
    code: 'NOISY_HOST',
    seen:
      `${wide.length} of ${results.length} cells have an interval wider than ±${percent(WIDE_SPREAD)}, ` +
      `the widest ±${percent(relativeSpread(worst.summary))} (${worst.id})`,
    why: 'differences smaller than the interval cannot be seen; ratios suffer less, they are formed within a round',
    remedy: 'stop other work on the host, or measure more: --full, --rounds, or several runs with --runs',
  };
};

/** Tells of cells that another program measured one after the other, so that no round holds all of them. */
export const notInterleaved: Rule = ({ sampledBy, results }) => {
  if (sampledBy !== 'call') return null;
  return {
    code: 'NOT_INTERLEAVED',
    seen: `samples are single calls, of ${results.length} cells one after the other, and their order is not known`,
    why:
      'what the host did meanwhile counts as a difference between cells; there are no rounds in which ratios could ' +
      'be formed, and intervals of calls that follow each other are too narrow',
    remedy: 'repeat the whole run and compare the files, or let `measure(comparison(...))` interleave the functions',
  };
};

export const fewSamples: Rule = ({ scenarios, sampledBy }) => {
  if (sampledBy === 'call') return null;
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

/** An autocorrelation of ranks that hardly a host has by chance in its median cell. */
const ALIKE = 0.3;

/** Finds hosts that change more slowly than rounds follow each other. */
export const slowWeather: Rule = ({ results, sampledBy }) => {
  if (sampledBy === 'call') return null;
  const cells = results.map(({ samples }) => samples.filter((value) => value !== null));
  const alike = cells.filter(({ length }) => length >= ENOUGH_ROUNDS).map(rankAutocorrelation);
  if (alike.length === 0) return null;
  const typical = summarize(alike).median;
  if (!(typical > ALIKE)) return null;
  const rounds = Math.max(...cells.map(({ length }) => length));
  return {
    code: 'SLOW_WEATHER',
    seen:
      `rounds resemble those before them (rank autocorrelation ${typical.toFixed(2)} in the median cell): ` +
      `${rounds} of them say as much as ${Math.round(rounds / inflationOf(typical))} independent ones`,
    why: 'the host changes more slowly than rounds follow each other, and another run may see it in another state',
    remedy: 'take several runs (--runs 5): what changes over minutes, no run of a minute can narrow',
  };
};

/** Tells that the process was stopped, suspended or moved, and of samples that were taken again therefore. */
export const stoodStill: Rule = ({ stoodStillMs = 0 }, rounds) => {
  const repeats = rounds.reduce((total, round) => total + (round.repeats ?? 0), 0);
  if (repeats === 0 && stoodStillMs === 0) return null;
  const duration = stoodStillMs > 0 ? ` for ${(stoodStillMs / 1000).toFixed(1)} s` : '';
  const again = `${repeats === 1 ? 'a sample was' : `${repeats} samples were`} taken again`;
  return {
    code: 'STOOD_STILL',
    seen: `the process stood still${duration}, ${repeats > 0 ? `and ${again}` : 'outside of the samples that count'}`,
    why: 'a pause in the middle of a sample would be measured as its work; what was taken again is not in the result',
    remedy: 'leave the run alone: no Ctrl-Z, no suspension; on a guest that is moved about, repeat it at another time',
  };
};

/** A smaller part of the samples may be left out without a word. */
const FEW_LEFT_OUT = 0.05;

/** Finds samples whose threads had to wait for a CPU: they have no costs per byte. */
export const littleCpu: Rule = ({ results }) => {
  const shares = results
    .flatMap(({ ledgerSamples }) => ledgerSamples?.onCpuShare ?? [])
    .filter((share) => share !== null);
  const little = shares.filter((share) => share < MINIMAL_CPU_SHARE);
  if (!(little.length > FEW_LEFT_OUT * shares.length)) return null;
  return {
    code: 'LITTLE_CPU',
    seen:
      `threads had less than ${percent(MINIMAL_CPU_SHARE)} of their CPUs in ${little.length} of ` +
      `${shares.length} samples of transmit cells, in the worst ${percent(Math.min(...little))}`,
    why:
      'the time that a thread waits for a CPU counts as part of its work: ' +
      'these samples have no cores per 100 Gbit/s, and their rates are too low',
    remedy: 'stop other work, lift the CPU limit, or give the run CPUs that nothing else uses with --cpus',
  };
};

/** By how much the last third of the samples differs from the first; 0 if the two overlap. */
function driftOf(cell: CellResult): number {
  const samples = cell.samples.filter((value) => value !== null);
  const third = Math.floor(samples.length / 3);
  if (third < 3) return 0;
  const [first, last] = [samples.slice(0, third), samples.slice(-third)];
  const isApart = Math.max(...first) < Math.min(...last) || Math.max(...last) < Math.min(...first);
  return isApart ? summarize(last).median / summarize(first).median - 1 : 0;
}

export const drift: Rule = ({ results, sampledBy }) => {
  if (sampledBy === 'call') return null;
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

/** The times that a cell took between readings of the clock, milliseconds. */
const timedMs = ({ durationsMs, ledger }: CellResult) =>
  ledger.timedNs === undefined ? durationsMs : [ledger.timedNs / 1e6];

export const coarseTimer: Rule = ({ results, environment, machine }) => {
  const shortestMs = shortestSampleNs(environment.clock) / 1e6;
  const cells = results.map((cell) => ({ id: cell.id, ms: Math.min(...timedMs(cell)) }));
  const short = cells.filter(({ ms }) => ms < shortestMs);
  if (short.length === 0) return null;
  const worst = short.reduce((a, b) => (b.ms < a.ms ? b : a));
  const micros = (ms: number) => `${(ms * 1000).toFixed(1)} µs`;
  const isBest = machine.kernel.clocksource === 'tsc';
  return {
    code: 'COARSE_TIMER',
    seen:
      `${short.length} of ${results.length} cells have samples shorter than ${micros(shortestMs)}, fifty readings of ` +
      `the clock, the shortest ${micros(worst.ms)} (${worst.id})`,
    why: 'reading the clock, or its step, is more than 2 % of such a sample, also where it is subtracted',
    remedy: isBest
      ? 'read these cells with care: the clock source is the TSC already, and no faster one is known'
      : 'use a host whose clock source is the TSC (`copytax machine` shows it)',
  };
};

export const overrun: Rule = ({ settings, seconds, stoodStillMs = 0 }) => {
  // A pause is told of by itself, and took nothing from the time of the run.
  if (settings.rounds !== null || seconds * 1000 - stoodStillMs <= settings.limitMs) return null;
  return {
    code: 'OVERRUN',
    seen: `the run took ${seconds.toFixed(1)} s, its limit is ${(settings.limitMs / 1000).toFixed(0)} s`,
    why: 'one round of all cells needs more than the limit, or the host was paused',
    remedy: 'choose fewer cells (--only, --designs, --messages), or --full',
  };
};
