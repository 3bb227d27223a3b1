/** The designs with their parts: what `design-table.ts` has, and the state of a machine of each. */
import { frozen } from '../frozen.js';
import type { Design } from './design.js';
import { addedDesign, type BuiltInDesignName, DESIGN_FACTS, DESIGN_NAMES, factsOf } from './design-table.js';
import { MsgZeroCopy } from './msg-zerocopy.js';
import { OwnedBuffers } from './owned-buffers.js';
import { PagePools } from './page-pools.js';
import { PageReferences, slotPoolPages } from './page-references.js';
import { Registered } from './registered.js';
import { spliceState } from './splice.js';

export {
  ALL_DESIGN_NAMES,
  type BuiltInDesignName,
  DESIGN_NAMES,
  type DesignName,
  type OwnDesignName,
} from './design-table.js';

const STATES: Readonly<Record<BuiltInDesignName, Design['state']>> = {
  direct: (_arena, tables) => new PageReferences(tables),
  bounce: (_arena, tables) => new PageReferences(tables),
  'bounce-pages': (_arena, tables) => new PageReferences(tables, slotPoolPages),
  txbuf: (arena, tables) => new OwnedBuffers(arena, tables),
  'page-pool': (arena, tables) => new PagePools(arena, tables),
  'msg-zerocopy': (arena, tables) => new MsgZeroCopy(arena, tables),
  splice: spliceState,
  registered: (arena, tables) => new Registered(arena, tables),
};

/** The designs of this package. */
export const DESIGNS: Readonly<Record<BuiltInDesignName, Design>> = frozen(
  Object.fromEntries(
    DESIGN_NAMES.map((name) => [name, { ...DESIGN_FACTS[name], state: STATES[name] } satisfies Design]),
  ) as Record<BuiltInDesignName, Design>,
);

/** Returns the row of a design. @throws ERR_OUT_OF_RANGE for a name that the table of this thread does not have */
export function designOf(name: string): Design {
  factsOf(name);
  return addedDesign(name) ?? DESIGNS[name as BuiltInDesignName];
}
