/** What the threads of a trial are told, and what they reply: plain data that crosses threads. */
import type { MessagePort } from 'node:worker_threads';
import { failureOfDesign, loadDesigns } from '../../designs/own-designs.js';
import { Arena } from '../../smp/arena.js';
import type { MachineConfig } from '../build/config.js';
import { System } from '../build/system.js';
import { Rendezvous, type TrialPlan } from './trial.js';

/** What a thread is asked. Its reply has the number of the request. */
export type ThreadRequest = Numbered & (TrialRequest | ReleaseRequest);

export interface Numbered {
  /** Counts the requests of the thread that asks. */
  readonly number: number;
}

export interface TrialRequest {
  readonly config: MachineConfig;
  readonly plan: TrialPlan;
  readonly arena: SharedArrayBuffer;
  /** Id of the region that is the machine's memory. */
  readonly ram: number;
  /** Number of threads that take part. */
  readonly threads: number;
  /** Modules that add designs. */
  readonly designModules?: readonly string[];
}

/** Asks a thread between two trials to let go of the machine's memory. */
export interface ReleaseRequest {
  readonly releases: 'memory';
}

export type TrialReply<Report> = Numbered &
  (
    | { readonly report: Report }
    | { readonly error: { readonly code: string; readonly message: string; readonly stack: string } }
  );

export interface SharedState {
  readonly system: System;
  readonly rendezvous: Rendezvous;
}

/** Returns what all threads of a trial share. Every thread takes it from the arena in the same order. */
export function sharedState(arena: Arena, config: MachineConfig): SharedState {
  return { system: new System(arena, config), rendezvous: new Rendezvous(arena) };
}

/** Plays this thread's part in every trial that a message asks for, and posts its report, or what failed. */
export function playTrials<Report>(
  port: MessagePort,
  part: (request: TrialRequest, state: SharedState) => Report,
): void {
  port.on('message', async (request: ThreadRequest) => {
    if ('releases' in request) return;
    const { number } = request;
    let state: SharedState | null = null;
    try {
      await loadDesigns(request.designModules ?? []);
      state = sharedState(Arena.over(request.arena), request.config);
      port.postMessage({ number, report: part(request, state) } satisfies TrialReply<Report>);
    } catch (thrown) {
      state?.system.cpus.abort(); // no other thread should wait for this one
      const error = failureOfDesign(request.config.design, thrown) as Error & { code?: string };
      const { code = 'ERR_WORKER_DIED', message, stack = '' } = error;
      port.postMessage({ number, error: { code, message, stack } } satisfies TrialReply<Report>);
    }
  });
}
