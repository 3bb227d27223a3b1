/** What an invariant is, and what it is checked on. */
import type { System } from '../build/system.js';

/** A machine whose invariants are checked. */
export interface Watched {
  /** Its tables. */
  readonly system: System;
  /** Id of the region that is its memory. */
  readonly ram: number;
  /** The page that each task is filling, or `NO_PAGE`. */
  readonly heldPages: ArrayLike<number>;
}

/** Reads the tables of a machine and throws ERR_INVARIANT where they break the rule. */
export type Invariant = (watched: Watched) => void;
