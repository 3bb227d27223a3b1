/**
 * What stands before an event on a line of a trace: task, CPU, context and time, in the forms of ftrace, trace-cmd,
 * perf and the graph of functions.
 */
import type { CaptureContext, CaptureEvent } from './capture-event.js';
import { addressOf, decimalAt, hexAt } from './event-fields.js';

/** Where the event of a line begins, after its head was read. */
export interface Head {
  /** The name of the event, without the system that perf puts before it. */
  name: string;
  /** Where its fields begin in the line. */
  fields: number;
}

const SPACE = 32;
const TAB = 9;
const COLON = 58;
const CLOSE = 93;
const MINUS = 45;

const isSpace = (code: number) => code === SPACE || code === TAB;
const isDigit = (code: number) => code >= 48 && code <= 57;

function skipSpaces(line: string, from: number): number {
  let at = from;
  while (isSpace(line.charCodeAt(at))) at++;
  return at;
}

/** The end of the word that begins at `from`. */
function wordEnd(line: string, from: number): number {
  let at = from;
  while (at < line.length && !isSpace(line.charCodeAt(at))) at++;
  return at;
}

/** Nanoseconds of a time as traces print it, from `from` to `to`: seconds with decimals, or a count of nanoseconds. */
function timeAt(line: string, from: number, to: number): number {
  const dot = line.indexOf('.', from);
  if (dot < 0 || dot >= to) return decimalAt(line, from, to);
  const decimals = to - dot - 1;
  return decimalAt(line, from, dot) * 1e9 + decimalAt(line, dot + 1, to) * 10 ** (9 - decimals);
}

/** The context by the third of the flags: 's' serves a softirq, 'h' a hard interrupt, also within a softirq ('H'). */
function contextOf(flag: string): CaptureContext {
  switch (flag) {
    case 's':
      return 'softirq';
    case 'h':
    case 'H':
      return 'hardirq';
    case 'z':
    case 'Z':
      return 'nmi';
    default:
      return 'process';
  }
}

const FLAGS_PATTERN = String.raw`[.dDbBX][.NnpPlLbBgG][.shHzZ][.\da-f][.\da-f]?`;
/** Flags of a trace, with or without the fifth one of 2022 and later, and a mark where delays are shown. */
const FLAGS = new RegExp(`^${FLAGS_PATTERN}[$*@#!+]?$`);

/** Where `[CPU]` opens, and 0 or more after it. -1 if there is none. */
function cpuAt(line: string): number {
  for (let at = line.indexOf('['); at >= 0; at = line.indexOf('[', at + 1)) {
    let end = at + 1;
    while (isDigit(line.charCodeAt(end))) end++;
    if (end > at + 1 && line.charCodeAt(end) === CLOSE && isSpace(line.charCodeAt(end + 1))) return at;
  }
  return -1;
}

/** Reads the task, which ends before `end`: `TASK-PID`, also with a column of groups, or of perf `TASK PID[/TID]`. */
function fillTask(event: CaptureEvent, line: string, end: number): boolean {
  let last = end;
  while (last > 0 && isSpace(line.charCodeAt(last - 1))) last--;
  if (line[last - 1] === ')') {
    last = line.lastIndexOf('(', last);
    while (last > 0 && isSpace(line.charCodeAt(last - 1))) last--;
  }
  let digits = last;
  while (digits > 0 && isDigit(line.charCodeAt(digits - 1))) digits--;
  const pid = decimalAt(line, digits, last);
  if (Number.isNaN(pid)) return false;
  let before = digits - 1;
  if (line[before] === '/') {
    while (before > 0 && isDigit(line.charCodeAt(before - 1))) before--;
    before--;
  }
  const code = line.charCodeAt(before);
  if (code !== MINUS && !isSpace(code)) return false;
  const from = skipSpaces(line, 0);
  const length = before - from;
  if (event.task.length !== length || !line.startsWith(event.task, from))
    event.task = line.slice(from, before).trimEnd();
  event.pid = pid;
  return event.task !== '' || code === MINUS;
}

/** Reads `TASK-PID [CPU] FLAGS TIME: EVENT: `; flags may be missing. False if the line begins otherwise. */
function fillTrace(event: CaptureEvent, line: string, head: Head): boolean {
  const open = cpuAt(line);
  if (open < 0 || !fillTask(event, line, open)) return false;
  const close = line.indexOf(']', open);
  event.cpu = decimalAt(line, open + 1, close);
  let from = skipSpaces(line, close + 1);
  let to = wordEnd(line, from);
  event.context = 'unknown';
  if (line.charCodeAt(to - 1) !== COLON) {
    const flags = line.slice(from, to);
    if (!FLAGS.test(flags)) return false;
    event.context = contextOf(flags[2]!);
    from = skipSpaces(line, to);
    to = wordEnd(line, from);
  }
  return fillTime(event, line, from, to, head);
}

/** Reads `TIME: EVENT: `, of which the time is the word from `from` to `to`. */
function fillTime(event: CaptureEvent, line: string, from: number, to: number, head: Head): boolean {
  if (line.charCodeAt(to - 1) !== COLON) return false;
  event.timeNs = timeAt(line, from, to - 1);
  return !Number.isNaN(event.timeNs) && fillName(line, skipSpaces(line, to), head);
}

/** Reads `EVENT: `, or `SYSTEM:EVENT: `. */
function fillName(line: string, from: number, head: Head): boolean {
  const to = wordEnd(line, from);
  if (to - from < 2) return false;
  // `<stack trace>` has no colon after it.
  if (line.charCodeAt(to - 1) !== COLON) {
    head.name = line.slice(from, to);
    head.fields = line.length;
    return line.charCodeAt(from) === 60;
  }
  const system = line.indexOf(':', from);
  const begin = system < to - 1 ? system + 1 : from;
  const isLast = head.name.length === to - 1 - begin && line.startsWith(head.name, begin);
  if (!isLast) head.name = line.slice(begin, to - 1);
  head.fields = skipSpaces(line, to);
  return true;
}

/** `TASK-PID CPUFLAGS TIME: EVENT: `, as trace-cmd prints with `-l`. */
const LATENCY = new RegExp(String.raw`^\s*(\S.*?)-(\d+)\s+(\d+)(${FLAGS_PATTERN})\s+(\d+(?:\.\d+)?):\s`);
/** A comment in a graph of functions, with the columns that are on: time, CPU, task, flags, duration. */
const GRAPH = new RegExp(
  String.raw`^\s*(?:(\d+\.\d+)\s+\|\s+)?(\d+)\)\s+(?:(\S.*?)-(\d+)\s+\|\s+)?(?:(${FLAGS_PATTERN})\s+\|\s+)?` +
    String.raw`(?:[$*@#!+]?\s*[\d.]+ us)?\s*(?:\|\s+)?/\* (.*) \*/\s*$`,
);
/** Most lines of captures, with swiotlb_bounced: as one expression they take half of the time. */
const USUAL = new RegExp(
  String.raw`^ *(\S.{0,30}?)(?:-| +)(\d{1,15}) +\[(\d{1,9})\] +(?:(${FLAGS_PATTERN}) +)?(\d{1,9})\.(\d{6}): ` +
    String.raw`(?:swiotlb:)?swiotlb_bounced: +dev_name: (\S+) dma_mask=[\da-f]{1,16} dev_addr=([\da-f]{1,16}) ` +
    String.raw`size=(\d{1,15}) (FORCE|NORMAL)$`,
);

/** Reads a whole line of the usual form. False if it is of another, which may be as good. */
export function fillUsual(event: CaptureEvent, line: string): boolean {
  const match = USUAL.exec(line);
  if (match === null) return false;
  const [, task, pid, cpu, flags, seconds, micros, device, address, size, tag] = match as unknown as string[];
  event.kind = 'bounce';
  event.task = task!;
  event.pid = Number(pid);
  event.cpu = Number(cpu);
  event.context = flags === undefined ? 'unknown' : contextOf(flags[2]!);
  event.timeNs = Number(seconds) * 1e9 + Number(micros) * 1e3;
  event.device = device!;
  event.address = addressOf(hexAt(address!, 0, address!.length));
  event.size = Number(size);
  event.slot = null;
  event.direction = null;
  event.tag = tag!;
  return true;
}

function fillLatency(event: CaptureEvent, line: string, head: Head): boolean {
  const match = LATENCY.exec(line);
  if (match === null) return false;
  const [whole, task, pid, cpu, flags, time] = match as unknown as string[];
  event.task = task!;
  event.pid = Number(pid);
  event.cpu = Number(cpu);
  event.context = contextOf(flags![2]!);
  event.timeNs = timeAt(time!, 0, time!.length);
  return fillName(line, skipSpaces(line, whole!.length), head);
}

/** The event in a comment of a graph of functions, as a line of its own; null if the line is none. */
export function graphComment(event: CaptureEvent, line: string, head: Head): string | null {
  const match = GRAPH.exec(line);
  if (match === null) return null;
  const [, time, cpu, task, pid, flags, comment] = match;
  event.task = task ?? '';
  event.pid = Number(pid ?? 0);
  event.cpu = Number(cpu);
  event.context = flags === undefined ? 'unknown' : contextOf(flags[2]!);
  event.timeNs = time === undefined ? 0 : timeAt(time, 0, time.length);
  return fillName(comment!, 0, head) ? comment! : null;
}

/** Reads what stands before an event. False if the line is of no known form; then `event` may be half filled. */
export function fillHead(event: CaptureEvent, line: string, head: Head): boolean {
  return fillTrace(event, line, head) || fillLatency(event, line, head);
}
