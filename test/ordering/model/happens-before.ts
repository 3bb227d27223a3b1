/**
 * The happens-before relation of C++20, and the races: accesses of which neither happens before the other. A write
 * releases to a read that takes its value, or the value of a read-modify-write at the end of a chain of them that
 * begins at the write. The releasing end is the write or a fence before it in its thread; the acquiring end is the read
 * or a fence after it. C++11 let later stores of the writing thread continue the chain, too: an outcome that never
 * occurs with fewer synchronising pairs does not occur with more.
 */
import { type Event, type Execution, INITIAL } from './execution.js';
import { acquires, releases } from './program.js';
import { closure, empty, isRelated, type Relation, relate, union } from './relation.js';

export function programOrder({ events }: Execution): Relation {
  const order = empty(events.length);
  events.forEach(({ thread }, id) => {
    for (let before = 0; before < id; before++) if (events[before]!.thread === thread) relate(order, before, id);
  });
  return order;
}

export function happensBefore(execution: Execution): Relation {
  return closure(union(programOrder(execution), synchronizesWith(execution)));
}

function synchronizesWith(execution: Execution): Relation {
  const { events } = execution;
  const pairs = empty(events.length);
  events.forEach((event, id) => {
    if (event.from === null || event.step.order === 'plain') return;
    const ends = acquiringEnds(events, id);
    for (let write: number | null = event.from; write !== null && write !== INITIAL; write = events[write]!.from) {
      if (events[write]!.step.order === 'plain') break;
      for (const begin of releasingEnds(events, write)) for (const end of ends) relate(pairs, begin, end);
    }
  });
  return pairs;
}

function releasingEnds(events: readonly Event[], write: number): number[] {
  const { thread, step } = events[write]!;
  const fences = fencesOf(events, thread, releases).filter((fence) => fence < write);
  return releases(step.order) ? [...fences, write] : fences;
}

function acquiringEnds(events: readonly Event[], read: number): number[] {
  const { thread, step } = events[read]!;
  const fences = fencesOf(events, thread, acquires).filter((fence) => fence > read);
  return acquires(step.order) ? [...fences, read] : fences;
}

function fencesOf(events: readonly Event[], thread: string, suits: typeof acquires): number[] {
  const ids: number[] = [];
  events.forEach((event, id) => {
    if (event.thread === thread && event.step.kind === 'fence' && suits(event.step.order)) ids.push(id);
  });
  return ids;
}

/** Returns the locations with two accesses of which one writes, one is plain, and neither happens before the other. */
export function races(execution: Execution): string[] {
  const { events } = execution;
  const before = happensBefore(execution);
  const found = new Set<string>();
  events.forEach(({ step }, id) => {
    for (let other = 0; other < id; other++) {
      const { step: earlier } = events[other]!;
      if (step.kind === 'fence' || earlier.kind === 'fence' || step.at !== earlier.at) continue;
      if (step.kind === 'load' && earlier.kind === 'load') continue;
      if (step.order !== 'plain' && earlier.order !== 'plain') continue;
      if (!isRelated(before, other, id)) found.add(step.at);
    }
  });
  return [...found].sort();
}
