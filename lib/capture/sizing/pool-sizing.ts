/** What a search for the size of a slot pool finds. JSON: every member is plain. Sizes are bytes or slots of 2 KiB. */

import type { CaptureSummary } from '../capture-reader.js';
import type { FloorFrom } from '../load/captured-load.js';
import type { FlowFacts, FlowInput } from '../load/flow-load.js';
import type { HoldTimes } from '../load/hold-times.js';
import type { LoadFacts } from '../load/pool-load.js';
import type { MappingSummary } from '../mappings/captured-mapping.js';
import type { FailureRate } from './failure-rate.js';

/** A pool that was tried. */
export interface TriedPool {
  /** Slots of 2 KiB. */
  readonly slots: number;
  /** Bytes of the slots. */
  readonly bytes: number;
  /** Areas that Linux makes of those that were asked for: each has a segment at least. */
  readonly areas: number;
  /** Percent of the pool that bounce pages of senders may take; 0: none. */
  readonly percent: number;
  /** How often mappings fail; null if the pool does not hold the floor, or nothing was mapped. */
  readonly failures: FailureRate | null;
  /** False if the slots that long-lived mappings hold are more than the pool has. */
  readonly holdsFloor: boolean;
  /** Share of the time from a failure until a mapping found slots again. */
  readonly failingShare: number;
  /** Most slots in use at a time, of all passes. */
  readonly mostUsed: number;
  /** Most slots of bounce pages at a time. */
  readonly mostPageSlots: number;
  /** Passes that were made. */
  readonly passes: number;
}

/** What to boot with. */
export interface Recommendation {
  /** A power of two. */
  readonly slots: number;
  /** Bytes of the slots. */
  readonly bytes: number;
  /** As many as CPUs, rounded up to a power of two, or as segments. */
  readonly areas: number;
  /** As it has to stand on the command line of Linux. */
  readonly token: string;
  /** The smallest pool that is enough, before the headroom. */
  readonly enoughSlots: number;
  /** Upper limit of the probability that a mapping fails in that. */
  readonly high: number;
  /** By how much more slots are recommended than are enough. */
  readonly headroom: number;
  /** By how much more were asked for. Fewer are recommended where that is above 1 GiB or a quarter of the memory. */
  readonly askedHeadroom: number;
  /** False if the load says too little to make a pool smaller by it: see the note `little-evidence`. */
  readonly mayShrink: boolean;
  /** The largest percent for bounce pages that was tried and is harmless at this size; 0: none; null: not tried. */
  readonly percent: number | null;
  /** Bytes more (or, below 0, less) than the pool that there is; null if that is not known. */
  readonly moreBytes: number | null;
  /** Slots that Linux makes of the token in an encrypted x86 guest; null without the size of its memory. */
  readonly inEncryptedGuest: number | null;
  /** Where those are others: a token of which Linux makes as many slots there, too; null if there is none. */
  readonly inEncryptedGuestInstead: string | null;
}

/** A pool that is compared: by what name it goes, and which of the tried it is. */
export interface ComparedPool {
  /** `have`: the pool that there is; the others: 64 MiB, 6 % of memory, 1 GiB. */
  readonly name: 'have' | 'default' | 'share-of-memory' | 'largest';
  /** What was found of it. */
  readonly pool: TriedPool;
  /** False if more mappings may fail than the target allows. */
  readonly isEnough: boolean;
  /** False if it would be more than a quarter of the memory of the host. True for the pool that there is. */
  readonly fits: boolean;
}

/** A warning or an assumption: a stable code, and a sentence for a reader. */
export interface SizingNote {
  /** Stable. */
  readonly code: SizingNoteCode;
  /** A sentence without its full stop. */
  readonly text: string;
}

/** What notes are about. */
export type SizingNoteCode =
  | 'units'
  | 'same'
  | 'give-back'
  | 'too-large'
  | 'none-enough'
  | 'target-unsupported'
  | 'low-memory'
  | 'grown'
  | 'default-of-guest'
  | 'other-defaults'
  | 'pages'
  | 'send-buffers'
  | 'assumed-hold'
  | 'assumed-floor'
  | 'assumed-drop'
  | 'assumed-flows'
  | 'dropped-windows'
  | 'lost-events'
  | 'unread-lines'
  | 'out-of-order'
  | 'restarts'
  | 'doubled'
  | 'missing-ends'
  | 'unused-hold'
  | 'no-room'
  | 'less-headroom'
  | 'little-evidence'
  | 'assumed-held-to-end'
  | 'stopped';

/** The loads that pools were tried with. */
export interface SizedLoad extends LoadFacts {
  /** Slots that were held from before. */
  readonly floor: number;
  /** Where that is from; null if it is not known. */
  readonly floorFrom: FloorFrom;
  /** How long mappings are held; null for flows. */
  readonly holds: HoldTimes | null;
  /** What the capture holds besides its events, such as lines that could not be read; null for flows. */
  readonly capture: CaptureSummary | null;
  /** What it tells of mappings, and where it is incomplete; null for flows. */
  readonly told: MappingSummary | null;
}

/** What was found. */
export interface PoolSizing {
  /** Name and version of the format. */
  readonly schema: 'copytax.size/1';
  /** Version of this package. */
  readonly copytax: string;
  /** What pools were tried with. */
  readonly loads: readonly SizedLoad[];
  /** What was assumed of flows; null for captures. */
  readonly flows: (FlowInput & FlowFacts) | null;
  /** CPUs of the host. */
  readonly cpus: number;
  /** Memory of the host that the pool is for; null if it was not given. */
  readonly memoryBytes: number | null;
  /** What decided all that was drawn. */
  readonly seed: number;
  /** Mappings that there were to fail: the lowest upper limit is 3 of them. */
  readonly seen: number;
  /** The highest probability that a mapping may fail with. */
  readonly target: {
    /** Null: the lowest that the load supports. */
    readonly asked: number | null;
    /** What was gone by. Where it is the lowest, no failure is enough. */
    readonly applied: number;
  };
  /** All pools, the smallest first. */
  readonly pools: readonly TriedPool[];
  /** Pools of the recommended size with bounce pages at each percent. */
  readonly percents: readonly TriedPool[];
  /** Pools that are asked about. */
  readonly compared: readonly ComparedPool[];
  /** Null if no pool up to 1 GiB, and a quarter of the memory, is enough. */
  readonly recommended: Recommendation | null;
  /** Warnings, then assumptions. */
  readonly notes: readonly SizingNote[];
}
