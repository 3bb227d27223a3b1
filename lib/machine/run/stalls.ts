/** What it means that a machine stands still, and failures of threads that waited for what never came. */
import { CopytaxError } from '../../errors.js';

const STALLS: readonly unknown[] = [
  'ERR_STALLED',
  'ERR_NEVER_ARRIVES',
  'ERR_LOCK_STALLED',
  'ERR_ABORTED',
  'ERR_NO_PROGRESS',
];

/** True for the code of an error about a wait without end, which may follow from the failure of another thread. */
export function isStall(code: unknown): boolean {
  return STALLS.includes(code);
}

/**
 * Returns the error about a machine that moves nothing: ERR_STALLED if packets found no slots meanwhile, `mapFailures`
 * times, and ERR_NEVER_ARRIVES if nothing is short, so that the data wait for the device or the network.
 */
export function stoppedMachine(what: string, mapFailures: number, details: Record<string, unknown> = {}): CopytaxError {
  return mapFailures > 0
    ? new CopytaxError('ERR_STALLED', `${what}; packets found no slots, ${mapFailures} times`, details)
    : new CopytaxError('ERR_NEVER_ARRIVES', what, details);
}
