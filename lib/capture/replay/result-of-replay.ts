/** Puts together what a replay found. Pure. */
import { DESIGN_FACTS, DESIGN_NAMES } from '../../designs/design-table.js';
import { COPY_KERNEL_NAMES } from '../../memory/copy-kernels.js';
import { packageVersion } from '../../package-facts.js';
import type { CaptureSummary } from '../capture-reader.js';
import type { CapturedMapping, MappingSummary } from '../mappings/captured-mapping.js';
import type { PoolUse } from '../occupancy/pool-use.js';
import type { Timeline } from '../occupancy/timeline.js';
import type { ClassCost } from './copy-costs.js';
import { type ClassCounts, type Price, priceOf } from './copy-prices.js';
import { assumptionsOf, faultsOf } from './findings.js';
import type { MeasuredSteps } from './measured-steps.js';
import type { Recorder } from './recorder.js';
import type { Setting } from './replay-options.js';
import type { GivenBack, ReplayedPool, ReplayedShare, ReplayResult } from './replay-result.js';
import type { Share } from './shares.js';
import type { HeldFor } from './sweep.js';

/** What is known when a replay has ended. */
export interface ReplayParts {
  readonly source: string | NodeJS.ReadableStream;
  readonly setting: Setting;
  readonly summary: CaptureSummary;
  readonly mappings: MappingSummary;
  /** Mappings that have not ended. */
  readonly live: readonly CapturedMapping[];
  readonly recorder: Recorder;
  readonly timeline: Timeline;
  readonly pool: PoolUse;
  readonly sweep: readonly HeldFor[];
  readonly steps: MeasuredSteps;
  /** Passes of which `steps` tells. */
  readonly passes: number;
  /** Its index. */
  readonly copyKernel: number;
}

export function resultOf(parts: ReplayParts): ReplayResult {
  const { source, setting, summary, mappings, recorder, steps, passes } = parts;
  const { durationNs } = recorder;
  const { sidecar } = setting;
  const classes = steps.costs.classes();
  const price = (counts: ClassCounts) => priceOf(counts, classes, passes);
  const coreShare = ({ ns }: Price) => (durationNs === 0 ? null : ns / durationNs);
  const shares = recorder.shares.all;
  const { contexts, devices, cpus } = recorder.shares.tables();
  const isTold = mappings.unpaired === 0;
  const overhead = steps.costs.overhead();
  const transmitted = price(steps.transmitted);
  const all = price(steps.all);
  const result: ReplayResult = {
    schema: 'copytax.replay/1',
    copytax: packageVersion(),
    at: new Date().toISOString(),
    capture: {
      name: typeof source === 'string' ? source : 'standard input',
      sidecar: sidecar?.file ?? null,
      ignored: setting.ignored,
      kernel: sidecar?.kernel ?? null,
      lines: summary.lines,
      durationNs,
      foreign: summary.foreign,
    },
    events: { bounced: summary.bounces, failed: isTold ? mappings.failed : null },
    bytes: { bounced: shares.bytes, softirq: shares.softirqBytes },
    unparsedLines: summary.unparsedLines,
    unparsed: summary.unparsed,
    lostEvents: summary.lostEvents,
    lostUncounted: summary.lostUncounted,
    outOfOrder: summary.outOfOrder,
    softirqShare: shareOf(shares.softirqEvents, shares.events),
    softirqByteShare: shareOf(shares.softirqBytes, shares.bytes),
    contexts,
    devices: withPrice(devices, (name) => price(steps.ofDevice(name))),
    cpus: withPrice(cpus, (name) => price(steps.ofCpu(name))),
    mappings,
    lifetimes: recorder.lifetimes.table(),
    copies: { ...copiesOf(parts, classes), price: all, coreShare: coreShare(all) },
    control: { ...overhead, searchNs: steps.searchNs(overhead.callNs.median) },
    transmit: {
      isAssumed: !isTold,
      receiveSizes: setting.receiveSizes,
      mappings: sumOf(steps.transmitted) / passes,
      bytes: steps.transmittedBytes / passes,
      price: transmitted,
      designs: DESIGN_NAMES.map((design) => givenBack(design, transmitted, coreShare)),
    },
    pool: poolOf(parts, isTold),
    overdue: recorder.lifetimes.overdue(parts.live, recorder.lastNs),
    faults: [],
    assumptions: [],
  };
  return { ...result, faults: faultsOf(result), assumptions: assumptionsOf(result) };
}

function shareOf(part: number | null, whole: number): number | null {
  return part === null || whole === 0 ? null : part / whole;
}

function withPrice(
  rows: Readonly<Record<string, Share>>,
  price: (name: string) => Price,
): Record<string, ReplayedShare> {
  return Object.fromEntries(Object.entries(rows).map(([name, share]) => [name, { ...share, copies: price(name) }]));
}

const sumOf = (counts: ClassCounts) => counts.reduce((sum, count) => sum + count, 0);

/** Copies of one pass. */
function copiesOf({ passes, copyKernel }: ReplayParts, all: readonly ClassCost[]) {
  const classes = all.map((one) => ({ ...one, copies: one.copies / passes, bytes: one.bytes / passes }));
  return {
    copyKernel: COPY_KERNEL_NAMES[copyKernel]!,
    passes,
    classes,
    count: classes.reduce((sum, { copies }) => sum + copies, 0),
    bytes: classes.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

const NOTHING: Price = { ns: 0, lowNs: 0, highNs: 0 };

/** A design gives back the copies of what is transmitted, unless mapping still makes one. */
function givenBack(
  design: (typeof DESIGN_NAMES)[number],
  transmitted: Price,
  coreShare: (price: Price) => number | null,
): GivenBack {
  const { bounceCopies } = DESIGN_FACTS[design].promises;
  const price = bounceCopies === 0 ? transmitted : NOTHING;
  return { design, bounceCopies, price, coreShare: coreShare(price) };
}

function poolOf({ setting, pool, timeline, sweep }: ReplayParts, isTold: boolean): ReplayedPool {
  const { sizeFrom, startUsed, startUsedFrom, holds, sidecar } = setting;
  const { defaultNs, byDevice } = holds;
  return {
    ...pool.shape,
    sizeFrom,
    startUsed,
    startUsedFrom,
    highWater: pool.highWater,
    endUsed: pool.used,
    kernelHighWater: sidecar?.highWater ?? null,
    kernelEndUsed: sidecar?.usedAfter ?? null,
    kernelPolledMost: sidecar?.polledMost ?? null,
    failed: pool.failed,
    unplaced: pool.unplaced,
    missingEarlier: pool.missingEarlier,
    holds: isTold ? null : { defaultNs, byDevice: Object.fromEntries(byDevice) },
    sweep,
    timeline: { partNs: timeline.partNs, parts: timeline.parts() },
  };
}
