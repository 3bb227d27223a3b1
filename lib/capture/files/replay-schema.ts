/** The document of `copytax replay --json`, as a file has it: `ReplayResult`, checked. */
import { later } from '../../schemas.js';
import type { ReplayResult } from '../replay/replay-result.js';
import { amount, checkedCapture, counted, mappingSummarySchema, share, unparsedLineSchema } from './captured-parts.js';

const REPLAY_SCHEMA = 'copytax.replay/1';

/** Parts of the time that a replay has at most. */
const MOST_PARTS = 512;

const priceSchema = later((z) => z.object({ ns: amount(), lowNs: amount(), highNs: amount() }));

const shareSchema = later((z) =>
  z.object({
    events: counted(),
    bytes: amount(),
    softirqEvents: counted().nullable(),
    softirqBytes: amount().nullable(),
  }),
);

const replayedShareSchema = later((z) => z.object({ ...shareSchema().shape, copies: priceSchema() }));

const summarySchema = later((z) =>
  z.object({ median: z.number(), low: z.number(), high: z.number(), confidence: share() }),
);

/** Whom mappings are of. */
const ofWhom = later((z) => ({
  device: z.string().nullable(),
  direction: z.enum(['both', 'to-device', 'from-device', 'none']).nullable(),
}));

const poolSchema = later((z) => {
  const origin = z.enum(['given', 'sidecar', 'assumed']);
  const part = z.object({
    fromNs: z.number(),
    usedLow: z.number(),
    usedHigh: z.number(),
    bytes: amount(),
    softirqBytes: amount(),
  });
  return z.object({
    slots: z.int().positive(),
    areas: z.int().positive(),
    sizeFrom: origin,
    startUsed: counted(),
    startUsedFrom: origin,
    highWater: counted(),
    endUsed: counted(),
    kernelHighWater: counted().nullable(),
    kernelEndUsed: counted().nullable(),
    kernelPolledMost: counted().nullable(),
    failed: counted(),
    unplaced: counted(),
    missingEarlier: counted(),
    holds: z.object({ defaultNs: amount(), byDevice: z.record(z.string(), amount()) }).nullable(),
    sweep: z.array(z.object({ holdNs: amount(), highWater: counted(), endUsed: counted(), failed: counted() })),
    timeline: z.object({ partNs: z.number().positive(), parts: z.array(part).max(MOST_PARTS) }),
  });
});

const transmitSchema = later((z) =>
  z.object({
    isAssumed: z.boolean(),
    receiveSizes: z.array(amount()),
    mappings: counted(),
    bytes: amount(),
    price: priceSchema(),
    designs: z.array(
      z.object({
        design: z.string(),
        bounceCopies: amount(),
        price: priceSchema(),
        coreShare: amount().nullable(),
      }),
    ),
  }),
);

const copiesSchema = later((z) => {
  const ofClass = z.object({
    upToBytes: amount(),
    copies: counted(),
    bytes: amount(),
    meanNs: amount(),
    nsPerCopy: summarySchema().nullable(),
  });
  return z.object({
    copyKernel: z.string(),
    passes: counted(),
    classes: z.array(ofClass),
    count: counted(),
    bytes: amount(),
    price: priceSchema(),
    coreShare: amount().nullable(),
  });
});

const captureSchema = later((z) =>
  z.object({
    name: z.string(),
    sidecar: z.string().nullable(),
    ignored: z.string().nullable(),
    kernel: z.string().nullable(),
    lines: counted(),
    durationNs: amount(),
    foreign: counted(),
  }),
);

/** A whole replay. */
export const replaySchema = later((z) =>
  z.object({
    schema: z.literal(REPLAY_SCHEMA),
    copytax: z.string(),
    at: z.string(),
    capture: captureSchema(),
    events: z.object({ bounced: counted(), failed: counted().nullable() }),
    bytes: z.object({ bounced: amount(), softirq: amount().nullable() }),
    unparsedLines: counted(),
    unparsed: z.array(unparsedLineSchema()),
    lostEvents: counted(),
    lostUncounted: counted(),
    outOfOrder: counted(),
    softirqShare: share().nullable(),
    softirqByteShare: share().nullable(),
    contexts: z.record(z.string(), shareSchema()),
    devices: z.record(z.string(), replayedShareSchema()),
    cpus: z.record(z.string(), replayedShareSchema()),
    mappings: mappingSummarySchema(),
    lifetimes: z.array(
      z.object({ ...ofWhom(), ended: counted(), medianNs: amount(), p90Ns: amount(), longestNs: amount() }),
    ),
    copies: copiesSchema(),
    control: z.object({
      callNs: summarySchema(),
      oneByteNs: summarySchema(),
      searchNs: summarySchema().nullable(),
    }),
    transmit: transmitSchema(),
    pool: poolSchema(),
    overdue: z.array(
      z.object({ ...ofWhom(), mappings: counted(), slots: counted(), heldNs: amount(), longestNs: amount() }),
    ),
    faults: z.array(z.string()),
    assumptions: z.array(z.string()),
  }),
);

/**
 * Checks a parsed file. @throws ERR_RESULT_SCHEMA with the path of the first part that is wrong
 */
export function parseReplay(value: unknown, source: string): ReplayResult {
  return checkedCapture(replaySchema(), REPLAY_SCHEMA, value, source) as ReplayResult;
}
