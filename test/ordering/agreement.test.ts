/**
 * Compares the axioms with two other definitions on random programs: interleavings for sequentially consistent
 * programs, and a machine with views for everything but seq_cst. Both have to reach exactly the same outcomes.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { explore } from './model/explorer.js';
import { interleave } from './model/interleavings.js';
import {
  type FenceOrder,
  fence,
  fetchAdd,
  load,
  type Order,
  type Program,
  type Step,
  store,
  type Thread,
} from './model/program.js';
import { runViews } from './model/views.js';

const LOCATIONS = ['x', 'y'];

/** The outcomes of a program, each as a string. */
type Outcomes = Set<string>;
const outcome = (results: Record<string, unknown>, memory: (at: string) => number) =>
  JSON.stringify([results, LOCATIONS.map(memory)]);

function byAxioms(program: Program): Outcomes {
  const found: Outcomes = new Set();
  explore(program, ({ results, execution }) => found.add(outcome(results, (at) => execution.finally(at))));
  return found;
}

function byInterleaving(program: Program): Outcomes {
  const found: Outcomes = new Set();
  interleave(program, (results, memory) => found.add(outcome(results, (at) => memory[at] ?? 0)));
  return found;
}

function byViews(program: Program): Outcomes {
  const found: Outcomes = new Set();
  runViews(program, LOCATIONS, (results, memory) => found.add(outcome(results, (at) => memory[at]!)));
  return found;
}

/** Threads that make these steps and return the values they read. Every store gets a value of its own. */
function programOf(threads: readonly (readonly Step[])[]): Program {
  const run = (steps: readonly Step[], thread: number): Thread =>
    function* () {
      const values: number[] = [];
      for (const [position, step] of steps.entries()) {
        const value = 10 * (thread + 1) + position;
        const sent = yield step.kind === 'store' ? { ...step, value } : step;
        if (step.kind === 'load' || step.kind === 'update') values.push(sent);
      }
      return values;
    };
  return { threads: Object.fromEntries(threads.map((steps, thread) => [`T${thread}`, run(steps, thread)])) };
}

interface Orders {
  readonly loads: readonly Order[];
  readonly stores: readonly Order[];
  readonly updates: readonly Order[];
  readonly fences: readonly FenceOrder[];
}

const WEAK: Orders = {
  loads: ['relaxed', 'acquire'],
  stores: ['relaxed', 'release'],
  updates: ['relaxed', 'acquire', 'release', 'acq_rel'],
  fences: ['acquire', 'release', 'acq_rel'],
};
const only = (order: Order): Orders => ({ loads: [order], stores: [order], updates: [order], fences: [] });

/** Two threads of up to four steps or three of up to three. */
function randomThreads({ loads, stores, updates, fences }: Orders): fc.Arbitrary<Step[][]> {
  const at = fc.constantFrom(...LOCATIONS);
  const access = [
    fc.tuple(at, fc.constantFrom(...loads)).map(([where, order]): Step => load(where, order)),
    fc.tuple(at, fc.constantFrom(...stores)).map(([where, order]): Step => store(where, 0, order)),
    fc.tuple(at, fc.constantFrom(...updates)).map(([where, order]): Step => fetchAdd(where, 100, order)),
  ];
  const barrier = fences.length === 0 ? [] : [fc.constantFrom(...fences).map((order): Step => fence(order))];
  const step = fc.oneof(...access, ...barrier);
  const threads = (count: number, steps: number) =>
    fc.array(fc.array(step, { minLength: 1, maxLength: steps, size: 'max' }), { minLength: count, maxLength: count });
  return fc.oneof(threads(2, 4), threads(3, 3));
}

const sorted = (outcomes: Outcomes) => [...outcomes].sort();
const SETTINGS = { numRuns: 100, interruptAfterTimeLimit: 10_000 };

describe('the axioms of the memory model', () => {
  it('make programs of seq_cst accesses sequentially consistent', () => {
    fc.assert(
      fc.property(randomThreads(only('seq_cst')), (threads) => {
        const program = programOf(threads);
        expect(sorted(byAxioms(program))).toEqual(sorted(byInterleaving(program)));
      }),
      SETTINGS,
    );
  });

  it('make relaxed programs with a seq_cst fence between any two accesses sequentially consistent', () => {
    const fenced = (steps: Step[]) => steps.flatMap((step) => [step, fence('seq_cst')]).slice(0, -1);
    fc.assert(
      fc.property(randomThreads(only('relaxed')), (threads) => {
        const program = programOf(threads.map(fenced));
        expect(sorted(byAxioms(program))).toEqual(sorted(byInterleaving(program)));
      }),
      SETTINGS,
    );
  });

  it('agree with the machine with views if no access or fence is seq_cst', () => {
    fc.assert(
      fc.property(randomThreads(WEAK), (threads) => {
        const program = programOf(threads);
        expect(sorted(byAxioms(program))).toEqual(sorted(byViews(program)));
      }),
      SETTINGS,
    );
  });
});
