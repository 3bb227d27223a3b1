/** What a machine of the transmit designs is like where a run asks for nothing else: results are compared at this point. */
import { KIB, MIB } from '../../units.js';

export const USUAL_MESSAGE_BYTES = 64 * KIB;
/** What each sender may have in flight. */
export const USUAL_WINDOW_BYTES = 4 * MIB;
/** The slot pool that Linux boots with. */
export const USUAL_POOL_BYTES = 64 * MIB;
/** Of the slot pool, what pages of sockets may take. */
export const USUAL_PERCENT = 90;
