/** The document of `copytax size --json`, as a file has it: `PoolSizing` and where its memory is from, checked. */
import { later } from '../../schemas.js';
import type { PoolSizing } from '../sizing/pool-sizing.js';
import { amount, checkedCapture, counted, mappingSummarySchema, share, unparsedLineSchema } from './captured-parts.js';

const SIZING_SCHEMA = 'copytax.size/1';

/** The pool that `copytax size` found, as its JSON has it. */
export interface SizingDocument extends PoolSizing {
  /** Where the size of the memory is from. */
  readonly memoryFrom?: string | null | undefined;
}

const triedSchema = later((z) =>
  z.object({
    slots: z.int().positive(),
    bytes: z.number().positive(),
    areas: z.int().positive(),
    percent: z.number().min(0).max(100),
    failures: z
      .object({
        attempts: counted(),
        failures: counted(),
        bursts: counted(),
        probability: share(),
        low: share(),
        high: share(),
      })
      .nullable(),
    holdsFloor: z.boolean(),
    failingShare: share(),
    mostUsed: counted(),
    mostPageSlots: counted(),
    passes: counted(),
  }),
);

const holdsSchema = later((z) => {
  const source = z.enum(['given', 'median', 'fitted', 'assumed']);
  const device = z.string().nullable();
  return z.object({
    told: counted(),
    untold: counted(),
    source: source.nullable(),
    holdNs: amount().nullable(),
    groups: z.array(z.object({ source, device, holdNs: amount(), mappings: counted() })),
    given: z.array(z.object({ device, mappings: counted(), untold: counted() })),
    missing: z.enum(['none-ended', 'above-high-water']).nullable(),
    ifHeld: z.array(z.object({ holdNs: amount(), mostSlots: counted() })),
  });
});

const loadSchema = later((z) =>
  z.object({
    name: z.string(),
    mappings: counted(),
    bytes: amount(),
    tooLarge: counted(),
    largestBytes: amount(),
    durationNs: amount(),
    heldToEnd: counted(),
    cpus: counted(),
    floor: counted(),
    floorFrom: z.enum(['given', 'before', 'after']).nullable(),
    holds: holdsSchema().nullable(),
    capture: z
      .object({
        lines: counted(),
        bounces: counted(),
        others: counted(),
        foreign: counted(),
        unparsedLines: counted(),
        unparsed: z.array(unparsedLineSchema()),
        lostEvents: counted(),
        lostUncounted: counted(),
        outOfOrder: counted(),
      })
      .nullable(),
    told: mappingSummarySchema().nullable(),
  }),
);

const recommendedSchema = later((z) =>
  z.object({
    slots: z.int().positive(),
    bytes: z.number().positive(),
    areas: z.int().positive(),
    token: z.string(),
    enoughSlots: z.int().positive(),
    high: share(),
    headroom: amount(),
    askedHeadroom: amount(),
    mayShrink: z.boolean(),
    percent: z.number().min(0).max(100).nullable(),
    moreBytes: z.number().nullable(),
    inEncryptedGuest: counted().nullable(),
    inEncryptedGuestInstead: z.string().nullable(),
  }),
);

const flowsSchema = later((z) =>
  z.object({
    flows: counted(),
    sendBufferBytes: amount(),
    bitsPerSecond: amount(),
    holdNs: amount().optional(),
    cpus: counted(),
    mappings: counted().optional(),
    packetBytes: amount(),
    inDeviceBytes: amount(),
    allBufferBytes: amount(),
    reachesRate: z.boolean(),
  }),
);

/** A whole search for a size. */
export const sizingSchema = later((z) =>
  z.object({
    schema: z.literal(SIZING_SCHEMA),
    copytax: z.string(),
    loads: z.array(loadSchema()),
    flows: flowsSchema().nullable(),
    cpus: counted(),
    memoryBytes: amount().nullable(),
    seed: z.number(),
    seen: amount(),
    target: z.object({ asked: share().nullable(), applied: share() }),
    pools: z.array(triedSchema()),
    percents: z.array(triedSchema()),
    compared: z.array(
      z.object({
        name: z.enum(['have', 'default', 'share-of-memory', 'largest']),
        pool: triedSchema(),
        isEnough: z.boolean(),
        fits: z.boolean(),
      }),
    ),
    recommended: recommendedSchema().nullable(),
    notes: z.array(z.object({ code: z.string(), text: z.string() })),
    memoryFrom: z.string().nullable().optional(),
  }),
);

/**
 * Checks a parsed file. @throws ERR_RESULT_SCHEMA with the path of the first part that is wrong
 */
export function parseSizing(value: unknown, source: string): SizingDocument {
  return checkedCapture(sizingSchema(), SIZING_SCHEMA, value, source) as SizingDocument;
}
