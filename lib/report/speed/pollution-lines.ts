/**
 * What bounces cost others, from the cells of the scenario `pollution`: victims beside no bounce, and copies with the
 * reads of devices. All ratios are formed within rounds. Pure.
 */
import type { CellResult } from '../../bench/result/result.js';
import { pairedRatio, type RatioSummary } from '../../bench/statistics/paired-ratio.js';
import type { Samples } from '../../bench/statistics/statistics.js';
import { MIB } from '../../units.js';

/** Stands for a copy kernel where nothing was bounced. */
const NONE = 'none';
/** The kernel that others are compared with, if it was measured. */
const USUAL_KERNEL = 'movsb';
const PACKET_BYTES = 65536;
const LINE_BYTES = 64;

export type VictimPart = 'same core' | 'neighbour';

/** A victim that was slowed down by bounces with one copy kernel. */
export interface Slowed {
  readonly kernel: string;
  readonly cell: CellResult;
  /** Time of a load, beside no bounce. */
  readonly ratio: RatioSummary;
}

/** A victim with one working set. */
export interface VictimRow {
  readonly workingSet: number;
  /** Packets between two of its walks, on the core of the sender; else null. */
  readonly packets: number | null;
  /** Of the sender beside a neighbour; else null. */
  readonly pace: string | null;
  /** The victim without bounces. */
  readonly quiet: CellResult;
  readonly slowed: readonly Slowed[];
}

const numberIn = (value: unknown) => (value === undefined ? null : Number(value));
export const kernelOf = ({ params }: CellResult): string => String(params.kernel);
export const workingSetOf = ({ params }: CellResult): number => Number(params.workingSet);

/** The copy kernels that bounced, in the order in which they were measured. */
export function bouncingKernels(cells: readonly CellResult[]): string[] {
  return [...new Set(cells.map(kernelOf))].filter((kernel) => kernel !== NONE);
}

/** Rows by pace, packets and working set, ascending. Rows and kernels without a round in common are left out. */
export function victimRows(cells: readonly CellResult[], part: VictimPart): VictimRow[] {
  const here = cells.filter(({ params }) => params.part === part);
  const bouncing = here.filter((cell) => kernelOf(cell) !== NONE);
  const keyOf = ({ params }: CellResult) => JSON.stringify([params.pace, params.packets, params.workingSet]);
  const rows = [...new Set(bouncing.map(keyOf))].flatMap((key): VictimRow[] => {
    const ofRow = bouncing.filter((cell) => keyOf(cell) === key);
    const { workingSet, packets, pace } = ofRow[0]!.params;
    const quiet = here.find(
      (cell) => kernelOf(cell) === NONE && workingSetOf(cell) === workingSet && cell.params.packets === packets,
    );
    if (quiet === undefined) return [];
    const slowed = ofRow.flatMap((cell): Slowed[] => {
      const ratio = pairedRatio(cell.samples, quiet.samples);
      return ratio === null ? [] : [{ kernel: kernelOf(cell), cell, ratio }];
    });
    const names = { packets: numberIn(packets), pace: pace === undefined ? null : String(pace) };
    return [{ workingSet: Number(workingSet), ...names, quiet, slowed }];
  });
  const paces = [...new Set(rows.map(({ pace }) => pace))];
  return rows.toSorted(
    (a, b) =>
      paces.indexOf(a.pace) - paces.indexOf(b.pace) ||
      (a.packets ?? 0) - (b.packets ?? 0) ||
      a.workingSet - b.workingSet,
  );
}

/** A number with its ends. */
export type Ends = Readonly<Record<'median' | 'low' | 'high', number>>;

const ofEnds = ({ median, low, high }: Ends, of: (value: number) => number): Ends => ({
  median: of(median),
  low: of(low),
  high: of(high),
});

/** Time that a victim on the core loses for each MiB that is bounced, nanoseconds; null for a neighbour. */
export function lostPerMib({ quiet, packets, workingSet }: VictimRow, { ratio }: Slowed): Ends | null {
  if (packets === null) return null;
  const mib = (packets * PACKET_BYTES) / MIB;
  const walkNs = (quiet.summary.median * workingSet) / LINE_BYTES;
  return ofEnds(ratio, (value) => ((value - 1) * walkNs) / mib);
}

/** Slowdown of a neighbour by 100 Gbit/s, as a share of its time; null where no rate was measured. */
export function slowdownPer100({ cell, ratio }: Slowed): Ends | null {
  const { gbps } = cell.ledger;
  return gbps === undefined || !(gbps > 0) ? null : ofEnds(ratio, (value) => ((value - 1) * 100) / gbps);
}

/** Which copy kernels are compared: one with non-temporal stores, and the usual one. */
export interface Contest {
  readonly streaming: string;
  readonly usual: string;
}

/** Undefined where no kernel with non-temporal stores was measured, or no other. */
export function contestOf(cells: readonly CellResult[]): Contest | undefined {
  const kernels = bouncingKernels(cells);
  const streaming = kernels.find((kernel) => kernel.startsWith('nt-'));
  const others = kernels.filter((kernel) => !kernel.startsWith('nt-'));
  const usual = others.find((kernel) => kernel === USUAL_KERNEL) ?? others[0];
  return streaming === undefined || usual === undefined ? undefined : { streaming, usual };
}

/** What a bounce is made of: the copy, and reads of a device. */
export interface BouncePart {
  readonly name: string;
  /** By copy kernel. */
  readonly cells: ReadonlyMap<string, CellResult>;
}

/** The copy, each read, and the whole path, as far as they were measured. */
export function bounceParts(cells: readonly CellResult[]): BouncePart[] {
  const parts = new Map<string, Map<string, CellResult>>();
  for (const cell of cells) {
    const { part, reader } = cell.params;
    if (part !== 'copy' && part !== 'device' && part !== 'whole path') continue;
    const name = part === 'device' ? `device, ${reader}` : String(part);
    parts.set(name, (parts.get(name) ?? new Map<string, CellResult>()).set(kernelOf(cell), cell));
  }
  return [...parts].map(([name, ofKernels]) => ({ name, cells: ofKernels }));
}

/** Returns round by round what two cells took together; null where one has no value. */
function together(one: CellResult, other: CellResult): Samples {
  return one.samples.map((value, round) => {
    const more = other.samples[round] ?? null;
    return value === null || more === null ? null : value + more;
  });
}

const samplesOf = (part: BouncePart | undefined, kernel: string) => part?.cells.get(kernel)?.samples ?? null;

/** Returns the ratio of a part by the copy kernels of a contest; null where it was not measured with both. */
export function partRatio(part: BouncePart | undefined, { streaming, usual }: Contest): RatioSummary | null {
  const [of, to] = [samplesOf(part, streaming), samplesOf(part, usual)];
  return of === null || to === null ? null : pairedRatio(of, to);
}

/** The same of the copy and a read together: what the sender and the device spend. */
export function sumRatio(copy: BouncePart, read: BouncePart, { streaming, usual }: Contest): RatioSummary | null {
  const sums = [streaming, usual].map((kernel) => {
    const [one, other] = [copy.cells.get(kernel), read.cells.get(kernel)];
    return one === undefined || other === undefined ? null : together(one, other);
  });
  return sums[0] == null || sums[1] == null ? null : pairedRatio(sums[0], sums[1]);
}

/** Returns the ratio of a victim by the copy kernels of a contest; null where it has not both. */
export function victimRatio({ slowed }: VictimRow, { streaming, usual }: Contest): RatioSummary | null {
  const of = slowed.find(({ kernel }) => kernel === streaming);
  const to = slowed.find(({ kernel }) => kernel === usual);
  return of === undefined || to === undefined ? null : pairedRatio(of.cell.samples, to.cell.samples);
}
