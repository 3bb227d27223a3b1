/** Turns errors of the addon, which carry a code and details, into the one error class of the package. */
import { CopytaxError, type ErrorCode, isErrorCode } from '../errors.js';
import { remedyOf } from './refusals.js';

interface NativeError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: Record<string, unknown>;
}

/** Runs `call`, and rethrows what the addon throws as a CopytaxError with the same code, and a remedy that fits its
 * cause. Cold paths only. */
export function guarded<Result>(call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    // Not `instanceof Error`: under a test runner the addon's errors are of another realm.
    if (!isNativeError(error)) throw error;
    const details = error.details ?? {};
    const remedy = remedyOf(error.code, details);
    throw new CopytaxError(error.code, error.message, remedy === undefined ? details : { ...details, remedy }, error);
  }
}

function isNativeError(error: unknown): error is NativeError {
  if (error instanceof CopytaxError || typeof error !== 'object' || error === null) return false;
  return 'code' in error && isErrorCode(error.code) && 'message' in error && typeof error.message === 'string';
}
