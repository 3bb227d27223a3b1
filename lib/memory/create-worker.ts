/** Makes the region of Region.createAsync, and keeps it until the thread that asked has attached to it. */
import { parentPort, workerData } from 'node:worker_threads';
import { addon } from '../addon/addon.js';
import { guarded } from '../addon/native-error.js';
import { CopytaxError } from '../errors.js';
import type { RegionMade } from './region-made.js';
import { requireSpec } from './region-spec.js';

const answer = (made: RegionMade) => parentPort!.postMessage(made);

try {
  const id = guarded(() => addon().regionCreate(requireSpec(workerData)));
  parentPort!.once('message', () => addon().regionClose(id));
  answer({ id });
} catch (error) {
  if (!(error instanceof CopytaxError)) throw error;
  answer({ refused: { code: error.code, message: error.message, details: error.details } });
}
