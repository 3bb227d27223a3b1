/** Values for which results are compared first, and that a run has unless its options say otherwise. */
import { KIB, MIB } from '../../units.js';

export const USUAL_MESSAGE_BYTES = 64 * KIB;
/** What each sender may have in flight. */
export const USUAL_WINDOW_BYTES = 4 * MIB;
/** The slot pool that Linux boots with. */
export const USUAL_POOL_BYTES = 64 * MIB;
/** Share of the slot pool that pages of sockets may take, percent. */
export const USUAL_PERCENT = 90;
