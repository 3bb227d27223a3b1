/**
 * Reads captures of Linux's swiotlb line by line, strictly: what is no line of a trace, or of an event with other
 * fields, is counted and shown, never guessed. Formats: text of ftrace, `trace-cmd report` (with `-l` as well), `perf
 * script`, and comments in a graph of functions; see docs/captures.md.
 * Owner: one thread.
 */
import { CopytaxError } from '../errors.js';
import { eachLine, STDIN } from '../lines/lines.js';
import type { CaptureEvent } from './capture-event.js';
import { DMA_EVENTS, type DmaEvent, fillBounce, fillDma, fillProbe, isProbe } from './event-fields.js';
import { fillHead, fillUsual, graphComment, type Head } from './line-head.js';

/** A line that could not be read. */
export interface UnparsedLine {
  /** Its number, from 1. */
  readonly line: number;
  /** Its first characters. */
  readonly text: string;
}

/** What a capture holds besides its events. */
export interface CaptureSummary {
  /** Lines, whatever they hold. */
  readonly lines: number;
  /** Attempts to bounce: events `swiotlb_bounced`. */
  readonly bounces: number;
  /** Events of probes and of `dma` that were read. */
  readonly others: number;
  /** Events of other names, records of stacks, calls of functions: not about swiotlb. */
  readonly foreign: number;
  /** Lines that are of no form that is known. */
  readonly unparsedLines: number;
  /** The first of these. */
  readonly unparsed: readonly UnparsedLine[];
  /** Events that the trace says were lost while it was read, or overwritten in its buffer. */
  readonly lostEvents: number;
  /** Lines that say that events were lost, without how many. */
  readonly lostUncounted: number;
  /** Events whose time is before that of the event before on the same CPU. */
  readonly outOfOrder: number;
}

/** Lines that were not read and are kept. */
const KEPT = 10;
/** Characters of each. */
const KEPT_CHARACTERS = 160;

const WRITTEN = /^# entries-in-buffer\/entries-written: (\d+)\/(\d+)/;
const LOST = /^CPU:\s?\d+ \[(?:LOST )?(\d+) EVENTS(?: DROPPED)?\]\s*$/;
const LOST_UNCOUNTED = /^CPU:\s?\d+ \[(?:LOST )?EVENTS(?: DROPPED)?\]\s*$/;
/** Lines of a trace that hold no event. */
const FOREIGN = new RegExp(
  [
    String.raw`\s*$|#`,
    String.raw`cpus=\d+|version = |CPU \d+ is empty|##### CPU`, // trace-cmd and ftrace
    String.raw` => \S|\s+[\da-f]{4,16} (?:\S.* \(.*\)|\S+)$`, // stacks of ftrace and perf
    String.raw`\s*(?:\d+\.\d+\s+\|\s+)?\d+\)\s.*\||\s*-{5,}|\s*\d+\)\s+\S+-\d+\s+=>\s+\S+-\d+`, // graphs of functions
  ]
    .map((form) => `^(?:${form})`)
    .join('|'),
);

/** A comment in a graph of functions that does not end on its line: an event that was cut. */
const CUT_COMMENT = /^(?!#).*\/\* (?:\w+:)?swiotlb_bounced:(?!.*\*\/)/;
/** Lines without one of a trace after which a file is none: it need not be read to its end. */
const MOST_STRANGE_LINES = 1_000_000;
/** Those that no other text has: heads of traces, and calls of functions in a graph. A bar alone may be in any text. */
const OF_TRACE = /^# tracer: |^#[ |]*\|[ |]*$|^\s*(?:\d+\.\d+\s+\|\s+)?\d+\)\s.*\|/;

const DMA_NAMES: ReadonlySet<string> = new Set(DMA_EVENTS);

/** Files that are no text, by their first characters: what they are, and what makes text of them. */
const BINARY: Readonly<Record<string, readonly [string, string]>> = {
  '\u0017\bDtracing': ['a file of trace-cmd', 'pass the output of `trace-cmd report`'],
  PERFILE2: ['a file of perf', 'pass the output of `perf script`'],
  '\u007fELF': ['a program', 'pass the text of a trace'],
};

export class CaptureReader {
  /** Name of what is read, for errors. */
  readonly #name: string;
  readonly #onEvent: (event: CaptureEvent) => void;
  readonly #event = emptyEvent();
  readonly #head: Head = { name: '', fields: 0 };
  /** Of each CPU the time of its last event. */
  readonly #times = new Map<number, number>();
  readonly #unparsed: UnparsedLine[] = [];
  #lines = 0;
  #bounces = 0;
  #others = 0;
  #foreign = 0;
  #unparsedLines = 0;
  #lost = 0;
  #lostUncounted = 0;
  #outOfOrder = 0;
  /** True once a line was one of a trace. */
  #isTrace = false;

  /** `onEvent` is called for each event, with one object that is filled again for the next. */
  constructor(name: string, onEvent: (event: CaptureEvent) => void) {
    this.#name = name;
    this.#onEvent = onEvent;
  }

  /** As `CaptureSummary.lostEvents`, of the lines so far. */
  get lostEvents(): number {
    return this.#lost;
  }

  /** As `CaptureSummary.unparsedLines`, of the lines so far. */
  get unparsedLines(): number {
    return this.#unparsedLines;
  }

  /** Takes the next line, without its line break. @throws ERR_CAPTURE for a file that is no text */
  add(line: string): void {
    this.#lines++;
    if (this.#lines === 1) this.#refuseBinary(line);
    if (this.#lines === MOST_STRANGE_LINES && !this.#isTrace) throw this.#noCapture();
    const event = this.#event;
    event.line = this.#lines;
    if (fillUsual(event, line)) this.#addBounce();
    else if (fillHead(event, line, this.#head)) this.#take(line);
    else if (!this.#note(line)) this.#addUnparsed(line);
  }

  /** Returns what was read. Call it once. @throws ERR_CAPTURE if no line was one of a trace */
  end(): CaptureSummary {
    if (!this.#isTrace) throw this.#noCapture();
    return {
      lines: this.#lines,
      bounces: this.#bounces,
      others: this.#others,
      foreign: this.#foreign,
      unparsedLines: this.#unparsedLines,
      unparsed: this.#unparsed,
      lostEvents: this.#lost,
      lostUncounted: this.#lostUncounted,
      outOfOrder: this.#outOfOrder,
    };
  }

  #noCapture(): CopytaxError {
    const lines = this.#lines === 1 ? 'its one line is not' : `none of its ${this.#lines} lines is`;
    const what = this.#lines === 0 ? 'it is empty' : `${lines} one of a trace`;
    const [first] = this.#unparsed;
    const shown = first === undefined ? '' : `; line ${first.line}: ${first.text}`;
    return new CopytaxError('ERR_CAPTURE', `${this.#name} is no capture: ${what}${shown}`, { file: this.#name });
  }

  /** Takes the event of a line whose head was read. */
  #take(line: string, fields = this.#head.fields): void {
    const event = this.#event;
    const { name } = this.#head;
    this.#isTrace = true;
    if (name === 'swiotlb_bounced') {
      if (fillBounce(event, line.slice(fields).replace(/\r$/, ''))) this.#addBounce();
      else this.#addUnparsed(line);
    } else if (DMA_NAMES.has(name)) {
      if (!fillDma(event, name as DmaEvent, line.slice(fields), this.#emitOther)) this.#addUnparsed(line);
    } else if (isProbe(line.slice(fields))) {
      if (fillProbe(event, line.slice(fields))) this.#emitOther();
      else this.#addUnparsed(line);
    } else this.#foreign++;
  }

  #addBounce(): void {
    this.#isTrace = true;
    this.#bounces++;
    this.#emit();
  }

  readonly #emitOther = (): void => {
    this.#others++;
    this.#emit();
  };

  #emit(): void {
    const { cpu, timeNs } = this.#event;
    if (timeNs < (this.#times.get(cpu) ?? 0)) this.#outOfOrder++;
    this.#times.set(cpu, timeNs);
    this.#onEvent(this.#event);
  }

  /** Takes a line that holds no event by itself. False if it is of no form that is known. */
  #note(raw: string): boolean {
    const line = raw.trimEnd();
    const comment = graphComment(this.#event, line, this.#head);
    if (comment !== null) {
      this.#take(comment);
      return true;
    }
    const lost = LOST.exec(line);
    if (lost !== null) {
      this.#lost += Number(lost[1]);
      return true;
    }
    if (LOST_UNCOUNTED.test(line)) {
      this.#lostUncounted++;
      return true;
    }
    if (!FOREIGN.test(line) || CUT_COMMENT.test(line)) return false;
    const written = WRITTEN.exec(line);
    if (written !== null) this.#lost += Math.max(0, Number(written[2]) - Number(written[1]));
    if (line !== '' && !line.startsWith('#')) this.#foreign++;
    if (OF_TRACE.test(line)) this.#isTrace = true;
    return true;
  }

  #addUnparsed(line: string): void {
    this.#unparsedLines++;
    if (this.#unparsed.length < KEPT) this.#unparsed.push({ line: this.#lines, text: line.slice(0, KEPT_CHARACTERS) });
  }

  #refuseBinary(line: string): void {
    const begin = Object.keys(BINARY).find((one) => line.startsWith(one));
    if (begin === undefined) return;
    const [what, remedy] = BINARY[begin]!;
    throw new CopytaxError('ERR_CAPTURE', `${this.#name} is ${what}, not text`, { file: this.#name, remedy });
  }
}

/** Returns an event to be filled. */
function emptyEvent(): CaptureEvent {
  return {
    kind: 'bounce',
    line: 0,
    timeNs: 0,
    cpu: 0,
    pid: 0,
    task: '',
    context: 'unknown',
    device: null,
    size: 0,
    address: null,
    slot: null,
    direction: null,
    tag: null,
  };
}

/**
 * Reads a capture from a file or a stream, plain or gzipped, in bounded memory. Resolves to what it holds.
 * Rejects with ERR_CAPTURE if it is none, ERR_LOG_FILE if it cannot be read, and with what `onEvent` throws.
 * `onPause`: called after each piece of the source, which holds some hundred lines; reading goes on when what it
 * returned has resolved.
 */
export async function readCapture(
  source: string | NodeJS.ReadableStream,
  onEvent: (event: CaptureEvent) => void,
  onPause?: () => Promise<void>,
): Promise<CaptureSummary> {
  const reader = new CaptureReader(typeof source === 'string' ? source : STDIN, onEvent);
  await eachLine(source, (line) => reader.add(line), { onPause });
  return reader.end();
}
