/** Makes the region of Region.createAsync, and keeps it until the thread that asked has attached to it. */
import { parentPort, workerData } from 'node:worker_threads';
import { addon } from '../addon/addon.js';
import { CopytaxError, type ErrorCode } from '../errors.js';
import { createSlices } from './create-in-slices.js';
import { requireSpec } from './region-spec.js';

/** The id of a region that it keeps until it is told to go, or why there is none. */
export type RegionMade = { readonly id: number } | { readonly refused: PostedError };

/** A CopytaxError as it can be posted. */
export interface PostedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Record<string, unknown>;
}

const answer = (made: RegionMade) => parentPort!.postMessage(made);

try {
  let id = 0;
  for (const made of createSlices(requireSpec(workerData))) id = made; // a thread that is terminated ends in between
  parentPort!.once('message', () => addon().regionClose(id));
  answer({ id });
} catch (error) {
  if (!(error instanceof CopytaxError)) throw error;
  answer({ refused: { code: error.code, message: error.message, details: error.details } });
}
