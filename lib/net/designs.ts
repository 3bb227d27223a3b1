/**
 * The table of transmit designs. They are the same code with injected parts; nothing else knows which one runs.
 */

/** How a page is freed at its last put. */
export const FREE_DISPATCHES = ['allocator-hook', 'typed-folio'] as const;
export type FreeDispatchName = (typeof FREE_DISPATCHES)[number];

export interface Design {
  /** Whose idea it is, in a clause. */
  readonly idea: string;
  /** Can the device reach bounce memory only? */
  readonly forceBounce: boolean;
  /** Where fragment pages come from. */
  readonly pages: 'system' | 'bounce';
  readonly freeDispatch: FreeDispatchName;
  /** Copies that the CPU makes of each payload byte. */
  readonly payloadCopies: 1 | 2;
  /** Is each header bounced? */
  readonly bouncesHeaders: boolean;
}

export const DESIGNS = {
  direct: {
    idea: 'a host whose devices reach all memory: the floor',
    forceBounce: false,
    pages: 'system',
    freeDispatch: 'allocator-hook',
    payloadCopies: 1,
    bouncesHeaders: false,
  },
  bounce: {
    idea: 'conventional swiotlb: a second copy under the TX lock',
    forceBounce: true,
    pages: 'system',
    freeDispatch: 'allocator-hook',
    payloadCopies: 2,
    bouncesHeaders: true,
  },
  'bounce-pages': {
    idea: 'the 2026 patch: socket pages are allocated from the bounce pool',
    forceBounce: true,
    pages: 'bounce',
    freeDispatch: 'allocator-hook',
    payloadCopies: 1,
    bouncesHeaders: true,
  },
} as const satisfies Record<string, Design>;

export type DesignName = keyof typeof DESIGNS;
export const DESIGN_NAMES = Object.keys(DESIGNS) as DesignName[];
