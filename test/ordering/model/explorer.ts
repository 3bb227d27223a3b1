/**
 * Enumerates every execution of a program that the memory model allows, each once. It begins with an empty execution
 * and adds one event at a time, of every thread, in every way: each write that a load could read, each place where a
 * write could stand. An inconsistent execution is dropped at once, because no later event can make it consistent; one
 * that was reached before, by the same events in another order, is not visited again. The enumeration is exhaustive
 * because the events of an execution can be put in an order that agrees with program order and reads-from, and every
 * beginning of a consistent execution is consistent.
 */
import { isConsistent } from './consistency.js';
import { Execution, INITIAL } from './execution.js';
import { type Program, replay, type Step } from './program.js';

export interface Ending {
  /** The result that each thread returned. */
  readonly results: Readonly<Record<string, unknown>>;
  readonly execution: Execution;
}

/** Returned by a visitor to end the enumeration. */
export const STOP = Symbol('stop');

/** Calls `visit` for every execution in which all threads end. Throws if a thread waits for ever. */
export function explore(program: Program, visit: (ending: Ending) => unknown): void {
  const start = new Execution(program.initially ?? {});
  const seen = new Set([start.key()]);
  const left = [start];
  for (let execution = left.pop(); execution !== undefined; execution = left.pop()) {
    const results: Record<string, unknown> = {};
    let [running, longer] = [0, 0];
    for (const [name, thread] of Object.entries(program.threads)) {
      const next = replay(thread, execution.valuesOf(name));
      if (next.done) {
        results[name] = next.value;
        continue;
      }
      running++;
      for (const extended of extensions(execution, name, next.value)) {
        if (!isConsistent(extended)) continue;
        longer++;
        const key = extended.key();
        if (seen.has(key)) continue;
        seen.add(key);
        left.push(extended);
      }
    }
    if (running === 0) {
      if (visit({ results, execution }) === STOP) return;
    } else if (longer === 0) throw new Error(`a thread waits for ever:\n${execution}`);
  }
}

function* extensions(execution: Execution, thread: string, step: Step): Generator<Execution> {
  if (step.kind === 'fence') {
    yield execution.withFence(thread, step);
    return;
  }
  const writes = execution.writesTo(step.at);
  if (step.kind === 'store') {
    for (let position = 0; position <= writes.length; position++) {
      yield execution.withWrite(thread, step, null, step.value, position);
    }
    return;
  }
  for (const [position, from] of [INITIAL, ...writes].entries()) {
    const value = execution.valueOf(step.at, from);
    if (step.accepts?.(value) === false) continue;
    if (step.kind === 'load') yield execution.withLoad(thread, step, from);
    else yield execution.withWrite(thread, step, from, step.change(value), position);
  }
}
