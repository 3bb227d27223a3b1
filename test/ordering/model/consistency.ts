/**
 * Decides which executions C and C++ allow, by the axioms of RC11 (Lahav, Vafeiadis, Kang, Hur, Dreyer: Repairing
 * sequential consistency in C/C++11, 2017), on which C++20's own repair of its memory model is built.
 *
 * Values out of thin air are excluded, because program order and reads-from together are acyclic. There is no axiom for
 * that here: a read takes its value from an event that exists already, so no other execution can be made. This is
 * stricter than the standard, which lets a relaxed load see a store that depends on nothing and follows it in program
 * order.
 */
import { type Execution, INITIAL } from './execution.js';
import { happensBefore, programOrder } from './happens-before.js';
import {
  between,
  closure,
  compose,
  empty,
  isAcyclic,
  isIrreflexive,
  orSame,
  type Relation,
  relate,
  union,
} from './relation.js';

/** The orders between events at one location. */
interface Communication {
  readonly readsFrom: Relation;
  readonly modification: Relation;
  /** From a read to the writes that replace what it read. */
  readonly readsBefore: Relation;
}

/** True if the memory model allows the execution. */
export function isConsistent(execution: Execution): boolean {
  const before = happensBefore(execution);
  const direct = communication(execution);
  const communicates = closure(union(direct.readsFrom, direct.modification, direct.readsBefore));
  const isCoherent = isIrreflexive(compose(before, orSame(communicates)));
  return isCoherent && isAtomic(execution) && isAcyclic(sequential(execution, before, direct, communicates));
}

function communication(execution: Execution): Communication {
  const { events } = execution;
  const [readsFrom, modification, readsBefore] = [empty(events.length), empty(events.length), empty(events.length)];
  for (const at of execution.locations) {
    const writes = execution.writesTo(at);
    writes.forEach((write, position) => {
      for (const later of writes.slice(position + 1)) relate(modification, write, later);
    });
  }
  events.forEach(({ step, from }, id) => {
    if (step.kind === 'fence' || from === null) return;
    if (from !== INITIAL) relate(readsFrom, from, id);
    const writes = execution.writesTo(step.at);
    for (const later of writes.slice(writes.indexOf(from) + 1)) if (later !== id) relate(readsBefore, id, later);
  });
  return { readsFrom, modification, readsBefore };
}

/** True if no write comes between the read and the write of a read-modify-write. */
function isAtomic(execution: Execution): boolean {
  return execution.events.every(({ step, from }, id) => {
    if (step.kind !== 'update') return true;
    const writes = execution.writesTo(step.at);
    return writes.indexOf(from!) + 1 === writes.indexOf(id);
  });
}

/** Returns the partial order that one total order of all seq_cst events has to contain (psc in the paper). */
function sequential(execution: Execution, before: Relation, direct: Communication, communicates: Relation): Relation {
  const { events } = execution;
  const at = events.map(({ step }) => (step.kind === 'fence' ? null : step.at));
  const sameLocation = events.map((_, id) =>
    at.reduce((bits, other, to) => (other !== null && other === at[id] ? bits | (1 << to) : bits), 0),
  );
  const ordered = programOrder(execution);
  const elsewhere = ordered.map((row, id) => row & ~sameLocation[id]!);
  const scBefore = union(
    ordered,
    compose(compose(elsewhere, before), elsewhere),
    before.map((row, id) => row & sameLocation[id]!),
    direct.modification,
    direct.readsBefore,
  );
  let [all, fences] = [0, 0];
  events.forEach(({ step }, id) => {
    if (step.order === 'seq_cst') all |= 1 << id;
    if (step.order === 'seq_cst' && step.kind === 'fence') fences |= 1 << id;
  });
  const same = orSame(empty(events.length));
  const begin = union(between(all, same, all), between(fences, orSame(before), ~0));
  const end = union(between(all, same, all), between(~0, orSame(before), fences));
  const fenceToFence = union(before, compose(compose(before, communicates), before));
  return union(compose(compose(begin, scBefore), end), between(fences, fenceToFence, fences));
}
