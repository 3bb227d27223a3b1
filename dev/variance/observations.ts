/** Turns the samples of an experiment into series of logarithms: of each cell, and of ratios of designs. Pure. */
import type { SampleRow, VarianceData } from './turn.js';

/** Designs are compared with this one, sample by sample within a turn. */
const BASELINE = 'bounce';

export interface Observation {
  /** Natural logarithm of the value. */
  readonly y: number;
  readonly atMs: number;
  readonly process: number;
  /** Generations, each counted within its process. */
  readonly threads: number;
  readonly memory: number;
  /** Logarithms of the round trip of a cache line and of the pulse; null if one of them was not measured. */
  readonly trip: number | null;
  readonly pulse: number | null;
}

export interface Series {
  readonly id: string;
  readonly kind: 'design' | 'copy' | 'ratio';
  readonly observations: readonly Observation[];
}

/** A sample as an observation, without the place where it was taken; null if it failed or is left out. */
type Reading = Pick<Observation, 'y' | 'atMs' | 'trip' | 'pulse'>;

const log = (value: number | null) => (value === null ? null : Math.log(value));

function readingOf([, atMs, value, onCpuShare, tripNs, pulseNs]: SampleRow, leastShare: number): Reading | null {
  if (value === null || (onCpuShare ?? 1) < leastShare) return null;
  return { y: Math.log(value), atMs, trip: log(tripNs), pulse: log(pulseNs) };
}

/** The difference of two readings of one turn. The host was as it was on average. */
function ratioOf(of: Reading, to: Reading): Reading {
  const mean = (a: number | null, b: number | null) => (a === null || b === null ? null : (a + b) / 2);
  return {
    y: of.y - to.y,
    atMs: (of.atMs + to.atMs) / 2,
    trip: mean(of.trip, to.trip),
    pulse: mean(of.pulse, to.pulse),
  };
}

/**
 * Returns the series of all cells, and of the ratio of each design to the baseline. `leastShare`: samples whose threads
 * had less of their CPUs are left out; 0 keeps all.
 */
export function seriesOf(data: VarianceData, leastShare = 0): Series[] {
  const turns = data.turns.map(({ process, threads, memory, samples }) => ({
    place: { process, threads, memory },
    readings: data.cells.map((_, cell) =>
      samples.filter((row) => row[0] === cell).flatMap((row) => readingOf(row, leastShare) ?? []),
    ),
  }));
  const cells = data.cells.map(
    ({ id, kind }, cell): Series => ({
      id,
      kind,
      observations: turns.flatMap(({ place, readings }) =>
        readings[cell]!.map((reading) => ({ ...reading, ...place })),
      ),
    }),
  );
  const to = data.cells.findIndex(({ id }) => id === BASELINE);
  const ratios = data.cells.flatMap(({ id, kind }, of): Series[] => {
    if (kind !== 'design' || of === to || to < 0) return [];
    const observations = turns.flatMap(({ place, readings }) => {
      const [a, b] = [readings[of]![0], readings[to]![0]];
      return a === undefined || b === undefined ? [] : [{ ...ratioOf(a, b), ...place }];
    });
    return [{ id: `${id} : ${BASELINE}`, kind: 'ratio', observations }];
  });
  return [...cells.filter(({ kind }) => kind === 'design'), ...ratios, ...cells.filter(({ kind }) => kind === 'copy')];
}
