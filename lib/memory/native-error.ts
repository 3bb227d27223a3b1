/** Turns errors of the addon, which carry a code and details, into the one error class of the package. */
import { CopytaxError, type ErrorCode, isErrorCode } from '../errors.js';

interface NativeError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: Record<string, unknown>;
}

/** Runs `call`, and rethrows what the addon throws as a CopytaxError with the same code. Cold paths only. */
export function guarded<Result>(call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    // Not `instanceof Error`: under a test runner the addon's errors are of another realm.
    if (!isNativeError(error)) throw error;
    throw new CopytaxError(error.code, error.message, error.details ?? {}, error);
  }
}

function isNativeError(error: unknown): error is NativeError {
  if (error instanceof CopytaxError || typeof error !== 'object' || error === null) return false;
  return 'code' in error && isErrorCode(error.code) && 'message' in error && typeof error.message === 'string';
}
