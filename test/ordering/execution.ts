/**
 * One execution of a program, whole or as far as it has come: what each thread did, where each read got its value
 * (reads-from), and in which order the writes to a location stand (modification order). Never changed: `with...` makes
 * another. Events are numbered in the order in which they were added, which follows program order and reads-from.
 */
import type { Step } from './program.js';
import { MAX_EVENTS } from './relation.js';

/** In place of the event that wrote a location's first value, which stands before every event. */
export const INITIAL = -1;

export interface Event {
  readonly thread: string;
  /** The same in every execution where its thread came to it: thread, and position there. */
  readonly name: string;
  readonly step: Step;
  /** The write that it reads, if it does. */
  readonly from: number | null;
  /** What it read; 0 if it does not read. */
  readonly read: number;
  /** What it wrote; 0 if it does not write. */
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

  /** In modification order. */
  writesTo(at: string): readonly number[] {
    return this.#writes.get(at) ?? [];
  }

  get locations(): Iterable<string> {
    return this.#writes.keys();
  }

  valueOf(at: string, write: number): number {
    return write === INITIAL ? (this.#initially[at] ?? 0) : this.events[write]!.written;
  }

  /** What a location holds in the end. */
  finally(at: string): number {
    return this.valueOf(at, this.writesTo(at).at(-1) ?? INITIAL);
  }

  /** What a thread was sent, step by step. */
  valuesOf(thread: string): number[] {
    return this.events.filter((event) => event.thread === thread).map((event) => event.read);
  }

  withFence(thread: string, step: Step): Execution {
    return this.#with(thread, step, null, 0, 0);
  }

  withLoad(thread: string, step: Step & { at: string }, from: number): Execution {
    return this.#with(thread, step, from, this.valueOf(step.at, from), 0);
  }

  /** `position`: how many other writes to the location stand before it in modification order. */
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

  /** The same for executions that differ only in the order in which their events were added. */
  key(): string {
    const nameOf = (write: number | null) => (write === null ? '' : write === INITIAL ? 'i' : this.events[write]!.name);
    const events = this.events.map(({ name, from }) => `${name}=${nameOf(from)}`).sort();
    const writes = [...this.#writes].map(([at, ids]) => `${at}:${ids.map(nameOf)}`).sort();
    return `${events} ${writes}`;
  }

  /** For a reader: a line for each event, in an order in which they can be read. */
  toString(): string {
    const line = ({ thread, step, from, read, written }: Event): string => {
      if (step.kind === 'fence') return `${thread}: fence ${step.order}`;
      const reads = from === null ? '' : ` reads ${read} of ${from === INITIAL ? 'the start' : `event ${from}`}`;
      return `${thread}: ${step.kind} ${step.at} ${step.order}${reads}${step.kind === 'load' ? '' : ` writes ${written}`}`;
    };
    return this.events.map((event, id) => `${id} ${line(event)}`).join('\n');
  }
}
