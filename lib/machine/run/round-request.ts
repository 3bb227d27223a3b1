/** What the threads of a round are told, and what they answer. Plain data that crosses threads. */
import type { MessagePort } from 'node:worker_threads';
import { Arena } from '../../smp/arena.js';
import type { MachineConfig } from '../build/config.js';
import { System } from '../build/system.js';
import { Rendezvous, type RoundPlan } from './round.js';

export interface RoundRequest {
  readonly config: MachineConfig;
  readonly plan: RoundPlan;
  readonly arena: SharedArrayBuffer;
  /** Id of the region that is the machine's memory. */
  readonly ram: number;
  /** Threads that take part. */
  readonly threads: number;
}

export type RoundReply<Report> =
  | { readonly report: Report }
  | { readonly error: { readonly code: string; readonly message: string; readonly stack: string } };

export interface SharedState {
  readonly system: System;
  readonly rendezvous: Rendezvous;
}

/** The columns of a machine, in the order in which every thread takes them. */
export function sharedState(arena: Arena, config: MachineConfig): SharedState {
  return { system: new System(arena, config), rendezvous: new Rendezvous(arena) };
}

/** Plays the part of this thread in every round that it is told of, and answers with its report, or with what failed. */
export function playRounds<Report>(
  port: MessagePort,
  part: (request: RoundRequest, state: SharedState) => Report,
): void {
  port.on('message', (request: RoundRequest) => {
    const state = sharedState(Arena.over(request.arena), request.config);
    try {
      port.postMessage({ report: part(request, state) } satisfies RoundReply<Report>);
    } catch (thrown) {
      state.system.cpus.abort(); // nobody should wait for this thread
      const error = thrown as Error & { code?: string };
      const { code = 'ERR_WORKER_DIED', message, stack = '' } = error;
      port.postMessage({ error: { code, message, stack } } satisfies RoundReply<Report>);
    }
  });
}
