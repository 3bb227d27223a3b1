/**
 * A thread that Linux may move: the first copy after a move finds its data in the caches of another CPU. Bursts show
 * how often a thread that is not pinned moves, as it sleeps and wakes, and how much its repeats differ.
 */
import { readFileSync } from 'node:fs';
import { addon } from '../../../addon/addon.js';
import { CopytaxError } from '../../../errors.js';
import { timedCopy } from '../../../memory/copy.js';
import type { Region } from '../../../memory/region.js';
import { KIB } from '../../../units.js';
import { type Findings, inTurns, quantile, type Task } from './guard.js';
import { smallPages } from './scratch-memory.js';

/** Fits into the second cache of a core. */
const COPY_BYTES = 128 * KIB;
const BURSTS = 8;
const SLEEP_MS = 1;

/** What one thread saw in a few bursts of copies. */
export interface Bursts {
  /** Of each burst. */
  readonly ns: readonly number[];
  /** Bursts that ran on another CPU than the one before; null where Linux does not tell the CPU. */
  readonly moves: number | null;
}

/** Field 39 of the line: behind the name of the command, which may contain anything but ends with the last bracket. */
export function cpuOfStat(line: string): number | null {
  const cpu = Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[36]);
  return Number.isInteger(cpu) ? cpu : null;
}

function currentCpu(): number | null {
  try {
    return cpuOfStat(readFileSync('/proc/thread-self/stat', 'utf8'));
  } catch {
    return null;
  }
}

function copyOnce(memory: Region, copyKernel: number): number {
  const sides = {
    dstRegion: memory.id,
    dstOffset: COPY_BYTES,
    dstSpan: COPY_BYTES,
    srcRegion: memory.id,
    srcSpan: COPY_BYTES,
  };
  return timedCopy({ copyKernel, bytes: COPY_BYTES, batch: 1, ...sides }, 1)[0]!;
}

/** Sleeps and copies, for a few times. Runs on a pinned thread and on one that is not. */
export function bursts({ copyKernel, neighbour }: Task): Bursts {
  using memory = smallPages(2 * COPY_BYTES);
  copyOnce(memory, copyKernel);
  const ns: number[] = [];
  const cpus: (number | null)[] = [];
  for (let burst = 0; burst < BURSTS; burst++) {
    Atomics.wait(neighbour, 0, neighbour[0]!, SLEEP_MS);
    ns.push(copyOnce(memory, copyKernel));
    cpus.push(currentCpu());
  }
  const moves = cpus.filter((cpu, at) => at > 0 && cpu !== cpus[at - 1]).length;
  return { ns, moves: cpus.includes(null) ? null : moves };
}

/** Pins the thread to the next CPU before a copy, without the guard. Leaves the thread on its own. */
export function moved({ ms, cpus, copyKernel }: Task): Findings {
  const [home, other] = cpus;
  if (home === undefined || other === undefined) {
    throw new CopytaxError('ERR_CPU_PIN', 'there is one CPU, and a thread cannot be moved');
  }
  using memory = smallPages(2 * COPY_BYTES);
  const sample = (cpu: number) => {
    const times = Array.from({ length: 5 }, () => {
      addon().pinThread(home);
      for (let warm = 0; warm < 3; warm++) copyOnce(memory, copyKernel);
      addon().pinThread(cpu);
      return copyOnce(memory, copyKernel);
    });
    return quantile(times, 0.5);
  };
  try {
    const samples = inTurns({ without: () => sample(other), with: () => sample(home) }, ms);
    return { pairs: [{ what: '128 KiB copied, just after a move', unit: 'ns', ...samples }], facts: [] };
  } finally {
    addon().pinThread(home);
  }
}
