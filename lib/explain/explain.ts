/**
 * Explains what Linux says about bounce buffers: finds its messages in text as people pass it on, and tells of each
 * which fault it is, what helps and what cannot. The absence of a message proves nothing: drivers may silence it, and
 * newer kernels refuse some mappings without one.
 * Sources: spec of swiotlb (slots, segments), the wordings in messages.ts.
 */
import { type Advice, adviceOn } from './advice.js';
import { classOf, type FailureClass } from './failure-class.js';
import { joined, type NumberedLine } from './joined-lines.js';
import { type LogLine, logLine } from './log-text.js';
import { type Message, messagesIn } from './messages.js';

/** A message and what it means. */
export interface Explained {
  /** The message as the kernel printed it, without stamps, quote marks and breaks. */
  readonly line: string;
  /** Number of the line on which it begins, from 1. */
  readonly lineNumber: number;
  readonly class: FailureClass;
  /** Null where none is printed. */
  readonly device: string | null;
  /** In bytes, as printed: kernels differ in whether padding is in it. Null: none is printed, or none that can be. */
  readonly size: number | null;
  /** Slots of the pool, and those in use after the search. Null where none are printed, or none that can be. */
  readonly total: number | null;
  readonly used: number | null;
  /** How often the line says that it came: 1, or what syslog counted ("message repeated 12 times"). */
  readonly times: number;
  /** Messages that Linux says it suppressed after this one. */
  readonly suppressed: number;
  /** The kernel's words, also those of a second message about the same failure. */
  readonly kernelSays: string;
  readonly helps: readonly string[];
  readonly doesNotHelp: readonly string[];
}

/** A line that speaks of bounce buffers and is of no known wording. */
export interface NotUnderstood {
  readonly line: string;
  readonly lineNumber: number;
}

/** What became of a text. */
export interface Explanation {
  readonly messages: readonly Explained[];
  /** The first lines that speak of bounce buffers and were not understood, and how many there are. */
  readonly notUnderstood: readonly NotUnderstood[];
  readonly notUnderstoodCount: number;
  /** Lines of a capture of bounces, which is no log: `copytax replay` reads it. */
  readonly capturedCount: number;
  /** Lines of the text. */
  readonly lines: number;
  /** Messages that Linux says it suppressed, in all. */
  readonly suppressed: number;
}

/** Lines that are about bounce buffers, or may begin or end such a message. */
const RELEVANT =
  /tlb|sw-iommu|bounc|overflow|mapping start|\bdma|no iommu|out of ates|shared pool|slots\)|callbacks|mapping_size/i;
/** Lines that should be understood. Those of stacks and of sources name functions and files only. */
const ABOUT = /\bswiotlb\b(?!\.[cho]\b)|\bswiotlb_\w+: |sw-iommu|software io tlb|bounce buffer|device bounce map/i;
/** An event of a trace: a bounce, not a message about one. */
const CAPTURED = /\bswiotlb_bounced: +dev_name: /;
/** Lines that a message is broken into, at most. */
const LONGEST_BREAK = 4;
/** Lines that are looked at together, at most: a log may hold nothing else. */
const LONGEST_BLOCK = 1000;
/** Characters of a line that are looked at. */
const LONGEST_LINE = 4096;
/** Lines that were not understood and are kept. */
const KEPT = 10;

/** Characters on both sides of a line break in which a word is looked for that the break divides. */
const NEAR_BREAK = 24;

interface Line extends NumberedLine {
  readonly isRelevant: boolean;
}

/** Takes a text line by line, in bounded memory but for what it finds. */
export class Explainer {
  readonly #messages: Explained[] = [];
  readonly #notUnderstood: NotUnderstood[] = [];
  #notUnderstoodCount = 0;
  #capturedCount = 0;
  #suppressed = 0;
  #block: Line[] = [];
  /** Lines since the last one that was relevant. */
  #quiet = LONGEST_BREAK;
  #lines = 0;
  /** Advice by what it was given for: a log may tell the same a million times. */
  readonly #advice = new Map<string, Advice>();

  /** Takes the next line, without its line break. */
  add(raw: string): void {
    const line = logLine(raw.slice(0, LONGEST_LINE));
    const isRelevant = RELEVANT.test(line.text) || this.#continues(line);
    this.#quiet = isRelevant ? 0 : this.#quiet + 1;
    const isFull = this.#block.length >= LONGEST_BLOCK && line.isStamped;
    if (isFull) this.#flush();
    else if (this.#block.length >= 2 * LONGEST_BLOCK) this.#flush(LONGEST_BREAK);
    this.#block.push({ number: ++this.#lines, isRelevant, ...line });
    if (this.#quiet < LONGEST_BREAK) return;
    if (this.#block.length > 2 * LONGEST_BREAK) this.#flush();
    // Of what is not relevant, the last lines may begin a message.
    if (this.#block.every((one) => !one.isRelevant)) this.#block = this.#block.slice(-LONGEST_BREAK);
  }

  /** True if the break before a line divides words of a message, or one. */
  #continues({ text, isStamped, isIndented }: LogLine): boolean {
    const before = this.#block.at(-1)?.text;
    if (before === undefined || isStamped) return false;
    const [last, first] = [before.slice(-NEAR_BREAK), text.slice(0, NEAR_BREAK)];
    return RELEVANT.test(isIndented ? `${last} ${first}` : `${last}${first} ${last} ${first}`);
  }

  /** Returns what was found. Call it once, after the last line. */
  end(): Explanation {
    this.#flush();
    return {
      messages: this.#messages,
      notUnderstood: this.#notUnderstood,
      notUnderstoodCount: this.#notUnderstoodCount,
      capturedCount: this.#capturedCount,
      lines: this.#lines,
      suppressed: this.#suppressed,
    };
  }

  /** Takes all lines of the block, but for the last `open` ones and messages in them, which may go on. */
  #flush(open = 0): void {
    let block = this.#block;
    this.#block = [];
    if (!block.some(({ isRelevant }) => isRelevant)) return;
    const { text, starts } = joined(block);
    const found = messagesIn(text);
    if (open > 0) {
      const end = endOfClosed(starts, found, block.length - open);
      this.#block = block.slice(end);
      block = block.slice(0, end);
    }
    // Messages and lines are in the same order, so that each is looked at once.
    let line = 0;
    const lineAt = (offset: number) => {
      while (line + 1 < block.length && starts[line + 1]! <= offset) line++;
      return block[line]!;
    };
    let last: Message | null = null;
    for (const [at, message] of found.entries()) {
      if (message.kind === 'suppressed' && this.#countSuppressed(message.count ?? 0)) continue;
      if (last !== null && isCompanion(last, message)) continue;
      last = message;
      const next = found[at + 1];
      const companion = next !== undefined && isCompanion(message, next) ? next : null;
      this.#messages.push(this.#explained(message, companion, lineAt(message.start)));
    }
    let next = 0;
    for (const [at, { number, text: words }] of block.entries()) {
      const [start, end] = [starts[at]!, starts[at]! + words.length];
      while (next < found.length && found[next]!.end <= start) next++;
      if (CAPTURED.test(words)) {
        this.#capturedCount++;
        continue;
      }
      if (!ABOUT.test(words + restOfName(block[at + 1])) || (next < found.length && found[next]!.start < end)) continue;
      this.#notUnderstoodCount++;
      if (this.#notUnderstood.length < KEPT) this.#notUnderstood.push({ line: words, lineNumber: number });
    }
  }

  /** Adds to the sum, and to the last message. False if there is none. */
  #countSuppressed(count: number): boolean {
    this.#suppressed += count;
    const last = this.#messages.pop();
    if (last !== undefined) this.#messages.push({ ...last, suppressed: last.suppressed + count });
    return last !== undefined;
  }

  #explained(message: Message, companion: Message | null, { number: lineNumber, times }: Line): Explained {
    const both = {
      ...message,
      device: message.device ?? companion?.device ?? null,
      size: message.size ?? companion?.size ?? null,
    };
    const kind = classOf(both, companion);
    return {
      line: message.words,
      lineNumber,
      class: kind,
      device: both.device,
      size: both.size,
      total: message.total,
      used: message.used,
      times,
      suppressed: message.kind === 'suppressed' ? (message.count ?? 0) : 0,
      kernelSays: companion === null ? message.words : `${message.words}; ${companion.words}`,
      ...this.#adviceOn(kind, both),
    };
  }

  #adviceOn(kind: FailureClass, message: Message): Advice {
    const { size, total, used, address, mask, limit, count, beyond } = message;
    const key = [kind, message.kind, size, total, used, address, mask, limit, count, beyond].join();
    const advice = this.#advice.get(key) ?? adviceOn(kind, message);
    this.#advice.set(key, advice);
    return advice;
  }
}

/** The end of a name such as swiotlb.c or swiotlb_map, which the line break before this line divides. */
function restOfName(next: Line | undefined): string {
  if (next === undefined || next.isStamped || next.isIndented) return '';
  return /^(?:\.?[cho]\b|_\w+)/.exec(next.text)?.[0] ?? '';
}

/** How many lines come before the open ones and before messages that go into these, which are taken out of `found`. */
function endOfClosed(starts: readonly number[], found: Message[], open: number): number {
  let end = open;
  for (let last = found.at(-1); last !== undefined && last.end > starts[end]!; last = found.at(-1)) {
    const { start } = last;
    while (end > 0 && starts[end]! > start) end--;
    found.pop();
  }
  return end;
}

const FAILURES = ['full', 'out-of-space', 'coherent-failed', 'iommu-bounce-failed', 'mask-overflow'];

/** True if the second message tells once more of the failure that the first one is about. */
function isCompanion(first: Message, second: Message): boolean {
  const isOther = first.kind !== second.kind && FAILURES.includes(first.kind) && FAILURES.includes(second.kind);
  // Of a device that a line break divides, one of them may have the end alone.
  const [one, other] = [first.device ?? '', second.device ?? ''];
  const sameDevice = one.endsWith(other) || other.endsWith(one);
  const sameSize = first.size === null || second.size === null || first.size === second.size;
  return isOther && sameDevice && sameSize;
}

/** Explains a text as a whole. @param text lines, broken by \n */
export function explain(text: string): Explanation {
  const explainer = new Explainer();
  for (const line of text.split('\n')) explainer.add(line);
  return explainer.end();
}
