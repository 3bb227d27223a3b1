/**
 * The table of transmit designs. They are the same code with different parts; no other code of the model knows which
 * design runs. A row says which parts it is made of, and promises what tests and invariants hold it to.
 */

/** How a page is freed at its last put: by a hook in the page allocator, or by the owner of the page's type. */
export const FREE_DISPATCHES = ['allocator-hook', 'typed-folio'] as const;
export type FreeDispatchName = (typeof FREE_DISPATCHES)[number];

export interface Design {
  /** What the design is, in a clause: shown in help and reports. */
  readonly idea: string;
  /** True if the device can reach bounce memory only. */
  readonly forceBounce: boolean;
  /** Where the pages of skb fragments come from. */
  readonly pages: 'system' | 'bounce';
  readonly freeDispatch: FreeDispatchName;
  /** What follows from the parts. Checked, and used to word reports: changing it changes no machine. */
  readonly promises: {
    /** Copies that the CPU makes of each payload byte. */
    readonly payloadCopies: 1 | 2;
    /** True if each header is bounced. */
    readonly bouncesHeaders: boolean;
  };
}

export const DESIGNS = {
  direct: {
    idea: 'a host whose devices reach all memory, as the lowest cost',
    forceBounce: false,
    pages: 'system',
    freeDispatch: 'allocator-hook',
    promises: { payloadCopies: 1, bouncesHeaders: false },
  },
  bounce: {
    idea: 'conventional swiotlb, with a second copy under the TX lock',
    forceBounce: true,
    pages: 'system',
    freeDispatch: 'allocator-hook',
    promises: { payloadCopies: 2, bouncesHeaders: true },
  },
  'bounce-pages': {
    idea: 'the 2026 patch, which allocates socket pages from the slot pool',
    forceBounce: true,
    pages: 'bounce',
    freeDispatch: 'allocator-hook',
    promises: { payloadCopies: 1, bouncesHeaders: true },
  },
} as const satisfies Record<string, Design>;

export type DesignName = keyof typeof DESIGNS;
export const DESIGN_NAMES = Object.keys(DESIGNS) as DesignName[];
