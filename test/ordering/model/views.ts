/**
 * A second definition of the memory model without seq_cst: a machine after the promising semantics (Kang, Hur, Lahav,
 * Vafeiadis, Dreyer 2017), without promises. Memory is a list of messages for each location; a thread's view says how
 * far it has come in each list, and a message carries the view that its reader gets by acquiring.
 */
import { acquires, type Program, releases, replay, type Step } from './program.js';

/** The number of a message for each location; a missing location is at its first value. */
type View = Readonly<Record<string, number>>;

interface Message {
  readonly value: number;
  readonly view: View;
  /** True if a read-modify-write wrote it: no message comes between it and the one before it. */
  readonly isTied: boolean;
}

interface ThreadState {
  readonly values: readonly number[];
  readonly now: View;
  /** The view after an acquire fence. */
  readonly acquirable: View;
  /** The view at the last release fence, which a relaxed store passes on. */
  readonly released: View;
}

interface Machine {
  readonly messages: readonly Message[];
  /** Numbers of messages, the oldest first; the first is the location's first value. */
  readonly lists: Readonly<Record<string, readonly number[]>>;
  readonly threads: Readonly<Record<string, ThreadState>>;
}

const NEW: ThreadState = { values: [], now: {}, acquirable: {}, released: {} };

/** Calls `visit` for every run, with the result of each thread and the last value of each location. */
export function runViews(
  program: Program,
  locations: readonly string[],
  visit: (results: Record<string, unknown>, memory: Record<string, number>) => void,
): void {
  const names = Object.keys(program.threads);
  const go = (machine: Machine): void => {
    const results: Record<string, unknown> = {};
    for (const [name, thread] of Object.entries(program.threads)) {
      const next = replay(thread, machine.threads[name]!.values);
      if (next.done) results[name] = next.value;
      else for (const after of successors(machine, name, next.value)) go(after);
    }
    if (Object.keys(results).length < names.length) return;
    const last = (at: string) => machine.messages[machine.lists[at]!.at(-1)!]!.value;
    visit(results, Object.fromEntries(locations.map((at) => [at, last(at)])));
  };
  go({
    messages: locations.map((at) => ({ value: program.initially?.[at] ?? 0, view: {}, isTied: false })),
    lists: Object.fromEntries(locations.map((at, id) => [at, [id]])),
    threads: Object.fromEntries(names.map((name) => [name, NEW])),
  });
}

function* successors(machine: Machine, name: string, step: Step): Generator<Machine> {
  const thread = machine.threads[name]!;
  const become = (changed: ThreadState, sent: number): Machine => ({
    ...machine,
    threads: { ...machine.threads, [name]: { ...changed, values: [...thread.values, sent] } },
  });
  if (step.kind === 'fence') {
    const now = acquires(step.order) ? thread.acquirable : thread.now;
    yield become({ ...thread, now, released: releases(step.order) ? now : thread.released }, 0);
    return;
  }
  const list = machine.lists[step.at]!;
  for (let position = positionIn(list, thread.now[step.at]); position < list.length; position++) {
    const source = list[position]!;
    const { value, view } = machine.messages[source]!;
    if (step.kind === 'load') {
      if (step.accepts?.(value) !== false) yield become(reading(machine, thread, step, source), value);
      continue;
    }
    if (machine.messages[list[position + 1]!]?.isTied) continue;
    if (step.kind === 'store') {
      yield writing(become(thread, 0), name, step, position, { value: step.value, view: {}, isTied: false });
    } else if (step.accepts?.(value) !== false) {
      const message = { value: step.change(value), view, isTied: true };
      yield writing(become(reading(machine, thread, step, source), value), name, step, position, message);
    }
  }
}

const positionIn = (list: readonly number[], id: number | undefined): number =>
  id === undefined ? 0 : list.indexOf(id);

function join({ lists }: Pick<Machine, 'lists'>, one: View, other: View): View {
  const joined: Record<string, number> = { ...one };
  for (const [at, id] of Object.entries(other)) {
    if (positionIn(lists[at]!, id) >= positionIn(lists[at]!, joined[at])) joined[at] = id;
  }
  return joined;
}

function reading(machine: Machine, thread: ThreadState, step: Step & { at: string }, source: number): ThreadState {
  const seen = { [step.at]: source };
  const acquired = join(machine, machine.messages[source]!.view, seen);
  return {
    ...thread,
    now: join(machine, thread.now, acquires(step.order) ? acquired : seen),
    acquirable: join(machine, thread.acquirable, acquired),
  };
}

/** Puts a message after the one at `position`. Its view so far is the one that the message before it passes on. */
function writing(machine: Machine, name: string, step: Step & { at: string }, position: number, message: Message) {
  const id = machine.messages.length;
  const thread = machine.threads[name]!;
  const list = machine.lists[step.at]!;
  const lists = { ...machine.lists, [step.at]: [...list.slice(0, position + 1), id, ...list.slice(position + 1)] };
  const own = { [step.at]: id };
  const now = join({ lists }, thread.now, own);
  const passedOn = join({ lists }, releases(step.order) ? now : join({ lists }, thread.released, own), message.view);
  const after = { ...thread, now, acquirable: join({ lists }, thread.acquirable, own) };
  return {
    messages: [...machine.messages, { ...message, view: passedOn }],
    lists,
    threads: { ...machine.threads, [name]: after },
  };
}
