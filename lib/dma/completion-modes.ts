/** How devices complete packets. Apart from the devices, because options and reports name the modes without one. */
import { frozen } from '../frozen.js';

/**
 * `retire`: done at the doorbell, reading nothing. `line-rate`: done when a line of that speed would be.
 * `read`: every byte is read, on a CPU of the device's own.
 */
export const COMPLETION_MODES = frozen(['retire', 'line-rate', 'read'] as const);
/** How a device completes packets: one of `COMPLETION_MODES`. */
export type CompletionMode = (typeof COMPLETION_MODES)[number];
