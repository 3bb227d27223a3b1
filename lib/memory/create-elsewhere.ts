/** Regions whose making takes seconds: another thread maps and writes them, then hands them over. */
import { once } from 'node:events';
import { CopytaxError } from '../errors.js';
import { packageFolder } from '../package-facts.js';
import { startThread } from '../threads.js';
import type { RegionMade } from './create-worker.js';
import type { RegionSpec } from './region-spec.js';

const threadFile = () => new URL('./create-worker.js', import.meta.url);

/**
 * Resolves to what `attach` returns for the id of a new region. Rejects as Region.createAsync does. A thread that is
 * stopped gives the memory back when it has populated the slice that it is at.
 */
export async function createElsewhere<Attached>(
  spec: RegionSpec,
  signal: AbortSignal | undefined,
  attach: (id: number) => Attached,
): Promise<Attached> {
  if (packageFolder() === '') {
    const why =
      'Region.createAsync() starts a thread from a file of the package, which has been bundled into a program';
    throw new CopytaxError('ERR_ADDON_BUNDLED', why, { remedy: 'mark copytax external, or use Region.create()' });
  }
  signal?.throwIfAborted();
  const worker = startThread(threadFile(), { workerData: spec });
  const ended = once(worker, 'exit');
  try {
    const [made] = (await Promise.race([
      once(worker, 'message', signal === undefined ? {} : { signal }),
      ended.then(() => Promise.reject(died())),
    ])) as [RegionMade];
    if ('refused' in made) throw new CopytaxError(made.refused.code, made.refused.message, made.refused.details);
    const attached = attach(made.id);
    worker.postMessage('attached');
    await ended;
    return attached;
  } catch (error) {
    void worker.terminate();
    throw signal?.aborted ? signal.reason : error;
  }
}

function died(): CopytaxError {
  return new CopytaxError('ERR_WORKER_DIED', 'the thread that was making a region ended before it was done');
}
