/** What the thread that makes a region tells the one that asked. */
import type { ErrorCode } from '../errors.js';

/** The id of a region that it keeps until it is told to go, or why there is none. */
export type RegionMade = { readonly id: number } | { readonly refused: PostedError };

/** A CopytaxError as it can be posted. */
export interface PostedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Record<string, unknown>;
}
