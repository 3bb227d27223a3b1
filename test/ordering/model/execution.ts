/**
 * One execution of a program, complete or in progress: what each thread did, where each read got its value
 * (reads-from), and the order of the writes to each location (modification order). Immutable: the `with...` methods
 * return another one. Events are numbered in the order in which they were added, which follows program order and
 * reads-from.
 */
import type { Step } from './program.js';
import { MAX_EVENTS } from './relation.js';

/** Stands for the event that wrote a location's first value, before all other events. */
export const INITIAL = -1;

export interface Event {
  readonly thread: string;
  /** The thread and the position in it: the same in every execution that has this event. */
  readonly name: string;
  readonly step: Step;
  /** The write that it reads, or null if it does not read. */
  readonly from: number | null;
  /** The value that it read; 0 if it does not read. */
  readonly read: number;
  /** The value that it wrote; 0 if it does not write. */
  readonly written: number;
}

export class Execution {
  readonly events: readonly Event[];
  readonly #initially: Readonly<Record<string, number>>;
  /** Writes to each location, the oldest first, without the initial one. */
  readonly #writes: ReadonlyMap<string, readonly number[]>;

  constructor(
    initially: Readonly<Record<string, number>>,
    events: readonly Event[] = [],
    writes: ReadonlyMap<string, readonly number[]> = new Map(),
  ) {
    if (events.length > MAX_EVENTS) throw new RangeError(`a program of more than ${MAX_EVENTS} events`);
    this.#initially = initially;
    this.events = events;
    this.#writes = writes;
  }

  /** The writes to a location, in modification order. */
  writesTo(at: string): readonly number[] {
    return this.#writes.get(at) ?? [];
  }

  get locations(): Iterable<string> {
    return this.#writes.keys();
  }

  valueOf(at: string, write: number): number {
    return write === INITIAL ? (this.#initially[at] ?? 0) : this.events[write]!.written;
  }

  /** The last value of a location. */
  finally(at: string): number {
    return this.valueOf(at, this.writesTo(at).at(-1) ?? INITIAL);
  }

  /** The values that a thread read, one for each step; 0 for steps that do not read. */
  valuesOf(thread: string): number[] {
    return this.events.filter((event) => event.thread === thread).map((event) => event.read);
  }

  withFence(thread: string, step: Step): Execution {
    return this.#with(thread, step, null, 0, 0);
  }

  withLoad(thread: string, step: Step & { at: string }, from: number): Execution {
    return this.#with(thread, step, from, this.valueOf(step.at, from), 0);
  }

  /** `position` is the number of other writes to the location before this one in modification order. */
  withWrite(thread: string, step: Step & { at: string }, from: number | null, written: number, position: number) {
    const writes = [...this.writesTo(step.at)];
    writes.splice(position, 0, this.events.length);
    const read = from === null ? 0 : this.valueOf(step.at, from);
    return this.#with(thread, step, from, read, written, new Map(this.#writes).set(step.at, writes));
  }

  #with(thread: string, step: Step, from: number | null, read: number, written: number, writes = this.#writes) {
    const position = this.events.reduce((count, event) => count + (event.thread === thread ? 1 : 0), 0);
    const event = { thread, name: `${thread}.${position}`, step, from, read, written };
    return new Execution(this.#initially, [...this.events, event], writes);
  }

  /** A text that is equal for executions that differ only in the order in which their events were added. */
  key(): string {
    const nameOf = (write: number | null) => (write === null ? '' : write === INITIAL ? 'i' : this.events[write]!.name);
    const events = this.events.map(({ name, from }) => `${name}=${nameOf(from)}`).sort();
    const writes = [...this.#writes].map(([at, ids]) => `${at}:${ids.map(nameOf)}`).sort();
    return `${events} ${writes}`;
  }

  /** A line for each event, in the order in which they were added. */
  toString(): string {
    const line = ({ thread, step, from, read, written }: Event): string => {
      if (step.kind === 'fence') return `${thread}: fence ${step.order}`;
      const reads = from === null ? '' : ` reads ${read} of ${from === INITIAL ? 'the start' : `event ${from}`}`;
      const writes = step.kind === 'load' ? '' : ` writes ${written}`;
      return `${thread}: ${step.kind} ${step.at} ${step.order}${reads}${writes}`;
    };
    return this.events.map((event, id) => `${id} ${line(event)}`).join('\n');
  }
}
