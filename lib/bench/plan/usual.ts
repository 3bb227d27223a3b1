/** Values for which results are compared first, and that a run has unless its options say otherwise. */
import type { DesignName } from '../../designs/design-table.js';
import { ownDesigns } from '../../designs/own-designs.js';
import { KIB, MIB } from '../../units.js';

export const USUAL_MESSAGE_BYTES = 64 * KIB;
/** What each sender may have in flight. */
export const USUAL_WINDOW_BYTES = 4 * MIB;
/** The slot pool that Linux boots with. */
export const USUAL_POOL_BYTES = 64 * MIB;
/** Share of the slot pool that pages of sockets may take, percent. */
export const USUAL_PERCENT = 90;
/** The designs that are measured in every shape: what bounces, what it costs, and what the patch gives back. */
export const USUAL_DESIGNS: readonly DesignName[] = ['direct', 'bounce', 'bounce-pages'];

/** Returns those designs, and the ones that modules have added: they were loaded to be measured. */
export function usualDesigns(): readonly DesignName[] {
  return [...USUAL_DESIGNS, ...ownDesigns().map(({ name }) => name)];
}
