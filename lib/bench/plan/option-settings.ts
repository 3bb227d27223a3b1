/** The settings that options make. Written by `npm run docs` from the table of options: change that. */
import type { DesignName } from '../../designs/design-table.js';
import type { CompletionMode } from '../../dma/completion-modes.js';
import type { Flavour } from '../../flavour.js';
import type { GrowthMode } from '../../machine/build/choices.js';
import type { CopyChoice, FreeDispatchChoice } from './option-words.js';

/** The settings that the rows of the table of options make. */
export interface OptionSettings {
  /** Names of the scenarios that were asked for, in the order in which they run. */
  readonly scenarios: readonly string[];
  /** Transmit designs. */
  readonly designs: readonly DesignName[];
  /** Numbers of sending threads. */
  readonly senders: readonly number[];
  /** Numbers of transmit queues. */
  readonly queues: readonly number[];
  /** Bytes of a send call. */
  readonly messages: readonly number[];
  /** Bytes that each sender may have in flight, queued and not yet acknowledged: its send buffer. */
  readonly windows: readonly number[];
  /** How bounce memory grows when the slot pool is full. */
  readonly growths: readonly GrowthMode[];
  /** Whether known defects are kept. */
  readonly flavours: readonly Flavour[];
  /** What frees a socket page: as each design has it, or one way for all. */
  readonly freeDispatches: readonly FreeDispatchChoice[];
  /** How long acknowledgements take, and so how long memory stays in use, nanoseconds. */
  readonly ackDelaysNs: readonly number[];
  /** Share of the slot pool that pages may take, percent. */
  readonly percents: readonly number[];
  /** Bytes of the slot pool, powers of two; scenarios that have only one slot pool take the first. */
  readonly pools: readonly number[];
  /** Prices of sharing a 4 KiB page with the host and taking it back, nanoseconds, to compare with bouncing it. */
  readonly convertNsPerPage: readonly number[];
  /** Copy kernel of both copies. */
  readonly kernel: CopyChoice;
  /** When a packet counts as sent. */
  readonly device: CompletionMode;
  /** CPUs that logical CPUs may be pinned to, in order of use, at least one. */
  readonly cpus: readonly number[];
  /** How many rounds there are, however long they take; null: as many as the time allows, at least `minRounds`. */
  readonly rounds: number | null;
  /** How many whole runs the result is of, each a fresh process; null: one, in this process. */
  readonly runs: number | null;
  /** Decides the order of the cells in each round, relative offsets, and the bootstrap. */
  readonly seed: number;
}

/** A setting that a row makes. */
export type OptionKey = keyof OptionSettings;
