/** A thread of one lifetime: it makes and releases skbs, or only one of both, or counts atomic operations. */
import { parentPort, workerData } from 'node:worker_threads';
import { pinIfAllowed } from '../../lib/bench/host/pinning.js';
import { pulsed } from '../shared/pulses.js';
import type { AtomicCounts } from './atomic-counts.js';
import { LifetimeLoop, type LifetimePlan, type LifetimeTimes } from './lifetime-loop.js';
import type { LifetimeName } from './lifetime-rig.js';

export interface LifetimeThread {
  readonly lifetime: LifetimeName;
  readonly buffer: SharedArrayBuffer;
  /** 0 makes skbs, 1 releases what the other one makes. */
  readonly thread: 0 | 1;
  /** CPU of the host to run on. */
  readonly hostCpu: number;
}

export interface LifetimeRequest {
  readonly kind: 'run' | 'half' | 'count';
  readonly plan: LifetimePlan;
}

/** Times, and how fast the CPU was, see `pulsed`. */
export type PulsedTimes = LifetimeTimes & { readonly pulseNs: number };

export type LifetimeReply = PulsedTimes | AtomicCounts;

if (parentPort !== null) serve(parentPort, workerData as LifetimeThread);

function serve(port: NonNullable<typeof parentPort>, { lifetime, buffer, thread, hostCpu }: LifetimeThread): void {
  pinIfAllowed(hostCpu);
  const loop = LifetimeLoop.over(buffer, lifetime, thread);
  port.on('message', ({ kind, plan }: LifetimeRequest) => {
    port.postMessage(replyTo(loop, thread, kind, plan));
  });
}

function replyTo(loop: LifetimeLoop, thread: 0 | 1, kind: LifetimeRequest['kind'], plan: LifetimePlan): LifetimeReply {
  if (kind === 'count') return loop.count(plan);
  if (kind === 'run') return pulsed(() => loop.run(plan));
  return pulsed(() =>
    thread === 0
      ? { acquireNs: loop.acquireOnly(plan), releaseNs: 0 }
      : { acquireNs: 0, releaseNs: loop.releaseOnly(plan) },
  );
}
