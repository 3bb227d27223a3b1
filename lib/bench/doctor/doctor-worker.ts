/** A thread of the doctor: measures one thing at a time on request. Meanwhile it receives no messages. */
import { parentPort, workerData } from 'node:worker_threads';
import { addon } from '../../addon/addon.js';
import { lineRoundTrip } from '../host/line-round-trip.js';
import { busy } from './guards/busy.js';
import { saturatedTimer } from './guards/clock.js';
import { firstTouch } from './guards/first-touch.js';
import type { Task } from './guards/guard.js';
import { noisyNeighbour, playNeighbour } from './guards/neighbour.js';
import { oneLayout } from './guards/one-layout.js';
import { pendingStores } from './guards/pending-stores.js';
import { smallPagesGuard } from './guards/small-pages.js';
import { bursts, moved } from './guards/unpinned.js';
import { zeroPage } from './guards/zero-page.js';

const TRIPS = 300;

const JOBS = {
  pin: ({ cpus }: Task) => addon().pinThread(cpus[0]!),
  'first-touch': firstTouch,
  'zero-page': zeroPage,
  'small-pages': smallPagesGuard,
  'saturated-timer': saturatedTimer,
  'noisy-neighbour': noisyNeighbour,
  'pending-stores': pendingStores,
  'one-layout': oneLayout,
  moved,
  bursts,
  busy,
  neighbour: playNeighbour,
  line: ({ cpus, ms }: Task) => lineRoundTrip(cpus, tripsWithin(ms)),
};

export type JobName = keyof typeof JOBS;
export type JobResult<Name extends JobName> = ReturnType<(typeof JOBS)[Name]>;

export interface JobRequest {
  readonly job: JobName;
  readonly task: Omit<Task, 'neighbour'>;
}

export interface DoctorThreadData {
  readonly neighbour: Int32Array;
}

export type JobReply =
  | { readonly result: unknown }
  | { readonly error: { readonly code: string | undefined; readonly message: string } };

/** Measures round trips of a cache line until the time is up: on a starved host each may take seconds. */
function tripsWithin(ms: number) {
  const begin = performance.now();
  return (a: number, b: number) => (performance.now() - begin > ms ? -1 : addon().cacheLineRoundTrip(a, b, TRIPS));
}

/** Returns what a job found, or the error that it threw: a host may refuse any of them. */
export function perform({ job, task }: JobRequest, neighbour: Int32Array): JobReply {
  try {
    return { result: JOBS[job]({ ...task, neighbour }) };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return { error: { code, message } };
  }
}

if (parentPort !== null && workerData !== null) {
  const port = parentPort;
  const { neighbour } = workerData as DoctorThreadData;
  port.on('message', (request: JobRequest) => port.postMessage(perform(request, neighbour)));
}
