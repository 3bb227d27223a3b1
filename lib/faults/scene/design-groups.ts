/**
 * Groups of designs by what a fault needs of them. They are taken from the table of designs: a new one is in them.
 */

import type { Design } from '../../designs/design.js';
import { type BuiltInDesignName, DESIGN_NAMES, DESIGNS } from '../../designs/designs.js';
import type { FaultEnds } from './fault.js';

type Promises = Design['promises'];

function designsThat(isSo: (promises: Promises) => boolean): readonly BuiltInDesignName[] {
  return DESIGN_NAMES.filter((name) => isSo(DESIGNS[name].promises));
}

export const ALL_DESIGNS = DESIGN_NAMES;
/** Those on a host that bounces, where at least each header takes slots. */
export const THAT_MAP_SLOTS = designsThat(({ bouncesHeaders }) => bouncesHeaders);
/** Those whose payload is bounced. */
export const THAT_BOUNCE = designsThat(({ bounceCopies }) => bounceCopies === 1);
/** Those that write payload to bounce memory, as long as there is any. */
export const THAT_HOLD_SLOTS = designsThat(({ holdsSlots }) => holdsSlots);

/** Says that a fault ends in this way on all of these designs. */
export function endOn(
  ends: FaultEnds,
  designs: readonly BuiltInDesignName[],
): Partial<Record<BuiltInDesignName, FaultEnds>> {
  return Object.fromEntries(designs.map((design) => [design, ends]));
}
