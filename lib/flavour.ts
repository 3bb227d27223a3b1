/**
 * Two ways of running a design. `faithful` does what its authors posted, defects included, so that they can be shown;
 * `hardened` follows the rules that the transmit path's specification recommends beside it.
 */
export const FLAVOURS = ['faithful', 'hardened'] as const;
export type Flavour = (typeof FLAVOURS)[number];
