/** What a replay found, as JSON has it. Times are nanoseconds, sizes bytes, and null is what is not known. */
import type { Summary } from '../../bench/statistics/statistics.js';
import type { DesignName } from '../../designs/design-table.js';
import type { UnparsedLine } from '../capture-reader.js';
import type { MappingSummary } from '../mappings/captured-mapping.js';
import type { TimelinePart } from '../occupancy/timeline.js';
import type { ClassCost } from './copy-costs.js';
import type { Price } from './copy-prices.js';
import type { Lifetime, Overdue } from './lifetimes.js';
import type { Origin } from './replay-options.js';
import type { Share } from './shares.js';
import type { HeldFor } from './sweep.js';

/** What one device, or one CPU, bounced, and what its copies cost here. */
export interface ReplayedShare extends Share {
  /** What its copies cost. */
  readonly copies: Price;
}

/** What a design would give back. */
export interface GivenBack {
  /** Name of the design. */
  readonly design: DesignName;
  /** Copies that mapping makes of a payload byte under it: 0 or 1. */
  readonly bounceCopies: number;
  /** Of the cost of the copies that transmit. */
  readonly price: Price;
  /** Share of one CPU over the time of the capture; null if the capture has no duration. */
  readonly coreShare: number | null;
}

/** The slot pool of a replay. */
export interface ReplayedPool {
  /** Slots of 2 KiB. */
  readonly slots: number;
  /** Areas, each with a lock of its own. */
  readonly areas: number;
  /** Where its size comes from. */
  readonly sizeFrom: Origin;
  /** Slots in use before the capture. */
  readonly startUsed: number;
  /** Where that number comes from. */
  readonly startUsedFrom: Origin;
  /** Most slots in use at a time. */
  readonly highWater: number;
  /** Slots in use at the end. */
  readonly endUsed: number;
  /** The high-water mark that the kernel kept, where it is noted beside the capture. */
  readonly kernelHighWater: number | null;
  /** What the kernel counted at the end, where that is noted. */
  readonly kernelEndUsed: number | null;
  /** Most that was seen in use by looking again and again, which misses peaks. */
  readonly kernelPolledMost: number | null;
  /** Mappings that found no slots. */
  readonly failed: number;
  /** Of these, found some in Linux: where the slots lay that were in use before is not told. */
  readonly unplaced: number;
  /** Slots that were freed beyond those in use before: `startUsed` is too low by as many. */
  readonly missingEarlier: number;
  /** How long mappings are held whose end is not told; null if all ends are told. */
  readonly holds: {
    /** For devices without a time of their own. */
    readonly defaultNs: number;
    /** By name of the device. */
    readonly byDevice: Readonly<Record<string, number>>;
  } | null;
  /** The same with other times; empty if all ends are told. */
  readonly sweep: readonly HeldFor[];
  /** How full it was, and what was bounced, over the time of the capture. */
  readonly timeline: {
    /** Duration of each part. */
    readonly partNs: number;
    /** At most 512. */
    readonly parts: readonly TimelinePart[];
  };
}

/** What a replay found. */
export interface ReplayResult {
  /** Of this shape. */
  readonly schema: 'copytax.replay/1';
  /** Version of copytax. */
  readonly copytax: string;
  /** When it was replayed, ISO 8601. */
  readonly at: string;
  /** What was replayed. */
  readonly capture: {
    /** Its file, or standard input. */
    readonly name: string;
    /** What stood beside it. */
    readonly sidecar: string | null;
    /** A file where that would stand, and which is not about a capture. */
    readonly ignored: string | null;
    /** Release of the kernel that was captured, where it is noted. */
    readonly kernel: string | null;
    /** Lines, whatever they hold. */
    readonly lines: number;
    /** From its first event to its last. */
    readonly durationNs: number;
    /** Events of other names. */
    readonly foreign: number;
  };
  /** Events about swiotlb. */
  readonly events: {
    /** Attempts to bounce: Linux prints the event before it searches for slots. */
    readonly bounced: number;
    /** Of these, found no slots in Linux; null if the capture does not tell. */
    readonly failed: number | null;
  };
  /** Bytes of the attempts. */
  readonly bytes: {
    /** Of all. */
    readonly bounced: number;
    /** Of those in softirqs; null if the capture does not tell. */
    readonly softirq: number | null;
  };
  /** Lines of no known form. */
  readonly unparsedLines: number;
  /** The first of them. */
  readonly unparsed: readonly UnparsedLine[];
  /** Events that the trace says it lost. */
  readonly lostEvents: number;
  /** Places where events were lost and the trace does not say how many. */
  readonly lostUncounted: number;
  /** Events of a CPU that are earlier than the one before. */
  readonly outOfOrder: number;
  /** Of the attempts, in softirqs, 0 to 1; null if the capture does not tell. */
  readonly softirqShare: number | null;
  /** Of their bytes, in softirqs. */
  readonly softirqByteShare: number | null;
  /** By context: process, softirq, hardirq, nmi, unknown. */
  readonly contexts: Readonly<Record<string, Share>>;
  /** By name of the device, the most bytes first. */
  readonly devices: Readonly<Record<string, ReplayedShare>>;
  /** By number of the CPU. */
  readonly cpus: Readonly<Record<string, ReplayedShare>>;
  /** What the capture tells of mappings. */
  readonly mappings: MappingSummary;
  /** How long they were held, where their ends are told. */
  readonly lifetimes: readonly Lifetime[];
  /** The copies, in memory of this host. */
  readonly copies: {
    /** Name of the copy kernel. */
    readonly copyKernel: string;
    /** Passes over the capture that were measured. */
    readonly passes: number;
    /** By size, for one pass. */
    readonly classes: readonly ClassCost[];
    /** Copies of one pass. */
    readonly count: number;
    /** Bytes of one pass. */
    readonly bytes: number;
    /** Of all: each at the price of its class. */
    readonly price: Price;
    /** Share of one CPU over the time of the capture; null if the capture has no duration. */
    readonly coreShare: number | null;
  };
  /** What is around a copy. */
  readonly control: {
    /** Of a native call beyond the copy. */
    readonly callNs: Summary;
    /** Of a copy of one byte, which is nearly all that timing a copy adds to each. */
    readonly oneByteNs: Summary;
    /** Of a mapping, without call and copy: finding its slots, freeing them, keeping the books. Null: too few. */
    readonly searchNs: Summary | null;
  };
  /** What was transmitted. */
  readonly transmit: {
    /** True if directions are not told, so that all mappings but those of `receiveSizes` are taken as transmitted. */
    readonly isAssumed: boolean;
    /** Sizes of receive buffers, as given. */
    readonly receiveSizes: readonly number[];
    /** Mappings that found slots. */
    readonly mappings: number;
    /** Bytes of these. */
    readonly bytes: number;
    /** What their copies cost. */
    readonly price: Price;
    /** What each design would give back of that. */
    readonly designs: readonly GivenBack[];
  };
  /** The slot pool. */
  readonly pool: ReplayedPool;
  /** Mappings whose end was missed. */
  readonly overdue: readonly Overdue[];
  /** Why the capture is faulty, a sentence each. */
  readonly faults: readonly string[];
  /** What was assumed, a sentence each. */
  readonly assumptions: readonly string[];
}
