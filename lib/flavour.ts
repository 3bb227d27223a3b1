/**
 * Two ways of running a design. `faithful` does what its authors posted, defects included, so that they can be shown;
 * `hardened` also follows the rules of docs/spec/tx-path.md#rules-of-the-hardened-flavour.
 */
export const FLAVOURS = ['faithful', 'hardened'] as const;
/** Which fixes the model has: `faithful`, none, as the patch was posted; `hardened`, those of docs/findings.md. */
export type Flavour = 'faithful' | 'hardened';
