/**
 * A scenario of functions that do the same in different ways. Each is a cell; every other one has a ratio to the first,
 * formed within each round.
 */
import { CopytaxError } from '../../errors.js';
import { outOfRange, shown } from '../../limits.js';
import { type Cell, cellId, type Sample, type Scenario } from '../plan/scenario.js';
import { isScenarioName } from '../plan/scenario-names.js';
import { messageOf } from './thrown.js';
import { batchFor, timeCalls } from './timed-calls.js';

/**
 * Whether a name in an id may have these characters: `/` separates names there, and `=` a name from its value. The
 * pattern is inside the function, because an engine needs long to make one with classes of Unicode.
 */
const isName = (name: string) => /^[\p{L}\p{N}][\p{L}\p{N} ._+:()[\]<>,#*%-]{0,79}$/u.test(name);

function requireName(what: string, name: unknown): void {
  if (typeof name === 'string' && isName(name)) return;
  const rule = 'it begins with a letter or a digit, and has at most 80 characters, with no slash or equals sign';
  const isText = typeof name === 'string';
  throw new CopytaxError(isText ? 'ERR_OUT_OF_RANGE' : 'ERR_INVALID_ARG_TYPE', `${what} cannot be ${shown(name)}`, {
    remedy: `choose another name: ${rule}`,
  });
}

const isAsync = (way: object) => /^Async(Generator)?Function$/.test(way.constructor?.name ?? '');
const isThenable = (value: unknown) =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

function refuseAsync(way: string): CopytaxError {
  return new CopytaxError(
    'ERR_INVALID_ARG_TYPE',
    `the way '${way}' is asynchronous: its time would be that of a call`,
    {
      remedy: 'compare functions that have done their work when they return; for others, write cells of your own',
    },
  );
}

function waysOf(ways: unknown): [string, () => unknown][] {
  if (typeof ways !== 'object' || ways === null || Array.isArray(ways)) {
    throw new CopytaxError('ERR_INVALID_ARG_TYPE', `ways must be an object of functions, not ${shown(ways)}`);
  }
  const all = Object.entries(ways);
  if (all.length === 0) throw outOfRange('there is no way to compare: ways has no functions');
  for (const [name, way] of all) {
    requireName('the name of a way', name);
    if (typeof way !== 'function') {
      throw new CopytaxError('ERR_INVALID_ARG_TYPE', `the way '${name}' must be a function, not ${shown(way)}`);
    }
    if (isAsync(way)) throw refuseAsync(name);
  }
  return all;
}

/** One way of a comparison, in nanoseconds per call. */
class WayCell implements Cell {
  readonly id: string;
  readonly params: Cell['params'];
  readonly unit = 'ns';
  readonly higherIsBetter = false;
  readonly #name: string;
  readonly #way: () => unknown;
  #batch = 1;

  constructor(scenario: string, name: string, way: () => unknown) {
    this.id = cellId([scenario, name], {});
    this.params = { way: name };
    this.#name = name;
    this.#way = way;
  }

  get batch(): number {
    return this.#batch;
  }

  async prepare(): Promise<void> {
    this.#batch = this.#guarded(() => batchFor(this.#way, (result) => this.#check(result)));
  }

  async sample(): Promise<Sample> {
    const { ns, result } = this.#guarded(() => timeCalls(this.#way, this.#batch));
    this.#check(result);
    return { value: ns / this.#batch, durationMs: ns / 1e6 };
  }

  #check(result: unknown): void {
    if (!isThenable(result)) return;
    // Refused below: if it rejects later, that must not end the process.
    Promise.resolve(result).catch(() => {});
    throw refuseAsync(this.#name);
  }

  /** Names the way that throws. */
  #guarded<Value>(work: () => Value): Value {
    try {
      return work();
    } catch (cause) {
      if (cause instanceof CopytaxError) throw cause;
      const message = `${this.id} threw: ${messageOf(cause)}`;
      const details = { id: this.id, remedy: 'mend that function: `cause` of this error is what it threw' };
      throw new CopytaxError('ERR_SCENARIO', message, details, cause);
    }
  }
}

/**
 * Returns a scenario that compares functions which do the same in different ways, for `measure`. A sample is a batch of
 * calls of about 5 ms, whose size is found when the run begins; its value is nanoseconds per call. A round samples each
 * way once, in an order that is drawn anew, and the ratio of each other way to the first is formed within it.
 *
 * Each call is a real one, and what it returns is stored, which takes some nanoseconds of each: what takes less than
 * about ten needs a loop of its own. Let a way return what it computes, or the engine may leave the work out.
 *
 * @param name of the scenario, such as `my-copies`; no slash, no equals sign, not the name of a built-in scenario
 * @param question that the numbers answer: one sentence with a question mark, for the head of the tables
 * @param ways functions by name, called with no argument on the thread of `measure`. The first is what the others are
 *   compared with; mind that JavaScript puts names that are whole numbers before all others.
 * @throws ERR_INVALID_ARG_TYPE for what is no function, and for async functions; a function that returns a promise is
 *   refused when `measure` calls it. ERR_OUT_OF_RANGE for names. What a way throws rejects `measure` with ERR_SCENARIO,
 *   whose `cause` it is.
 */
export function comparison(name: string, question: string, ways: Readonly<Record<string, () => unknown>>): Scenario {
  requireName('the name of a comparison', name);
  if (isScenarioName(name)) throw outOfRange(`${shown(name)} is the name of a built-in scenario: choose another one`);
  if (typeof question !== 'string') {
    throw new CopytaxError('ERR_INVALID_ARG_TYPE', `question must be a sentence, not ${shown(question)}`);
  }
  const cells = waysOf(ways).map(([way, call]) => new WayCell(name, way, call));
  const [first, ...others] = cells;
  return {
    name,
    question,
    cells,
    ratios: others.map((cell) => ({
      id: `${cell.id} / ${first!.params.way}`,
      of: cell.id,
      to: first!.id,
    })),
    tables: [{ kind: 'plain' }, { kind: 'ratios' }],
    weight: 1,
  };
}
