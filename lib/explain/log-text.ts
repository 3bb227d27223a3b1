/**
 * Text of logs as people pass it on: lines of consoles, journals, mails and issue trackers, with what these put in
 * front of the kernel's words, around and into them. Pure.
 */

/** Colours, titles and character sets of terminals, and characters without a width. */
const ESCAPES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with one
  /\u001b(?:\[[0-9:;?]*[A-Za-z]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[()].)|[\u200b-\u200d\u2060\ufeff]/g;

/** What stands before the words of the kernel and says when, where and how loud. Longer forms come first. */
const STAMPS = [
  // A date of syslog or of the journal, in any language; then the host, then `kernel:`.
  /^\p{L}{3,5}\.? {1,2}\d{1,2} \d\d:\d\d:\d\d(?:\.\d+)?(?: \S+)? (?:kernel|klogd)(?:\[\d+\])?:\s?/u,
  /^\p{L}{3,5}\.? {1,2}\d{1,2} \d\d:\d\d:\d\d(?:\.\d+)?\s(?:\S+\s(?=\[))?/u,
  /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z| ?[+-]\d\d:?\d\d)?(?: \S+ (?:kernel|klogd)(?:\[\d+\])?:)?\s?/,
  // Android: date, time, process, thread, level.
  /^\d\d-\d\d \d\d:\d\d:\d\d\.\d+ +\d+ +\d+ [A-Z] /,
  // The clock of the kernel, the number of a thread, a date of `dmesg -T` or of a terminal that logs.
  /^\[ *\d+(?:\.\d+)?\]\s?/,
  /^\[ *[TC]\d+\]\s?/,
  /^\[\p{L}{2,4}\.? +\p{L}{3,5}\.? +\d{1,2} \d\d:\d\d:\d\d \d{4}\]\s?/u,
  /^\[\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]\s?/,
  // A level: `<6>`, or the words of `dmesg -x`.
  /^<\d{1,3}>\s?/,
  /^(?:kern|user|daemon|syslog) *:(?:emerg|alert|crit|err|warn|notice|info|debug) *:\s/,
  // A host or domain that says that the kernel speaks.
  /^\S{0,64}\s?\bkernel:\s/,
];

/** What syslog writes instead of lines that are alike; what they say ends with a bracket. */
const REPEATED = /^message repeated (\d{1,15}) times: \[\s?/;

/** What mails, lists and tables put before a line, once or more often. An address is not the text of a list. */
const MARKS = /^(?:\s*(?:[>|│]\s?|=>\s|[-*•+]\s(?!0x|[\da-f]{8,16}\b)|\d{1,3}[.)]\s(?=\S)))+/;

/** The right border of a table or a terminal's pane. */
const BORDER = /\s*[|│]\s*$/;

/** Tags that web pages put around and into a line. */
const TAGS = /<\/?(?:a|b|br|code|em|i|li|mark|p|pre|span|strong|td|th|tr)(?:\s[^<>]{0,200})?\/?>/gi;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', apos: "'", gt: '>', lt: '<', nbsp: ' ', quot: '"' };

/** The text of a web page, whose tags and entities were passed on with it. */
function unmarked(text: string): string {
  return text
    .replace(TAGS, ' ')
    .replace(/&(?:(amp|apos|gt|lt|nbsp|quot)|#(\d{2,4})|#x([\da-f]{2,4}));/gi, (_, name, ten, hex) =>
      name === undefined
        ? String.fromCodePoint(Number.parseInt(ten ?? hex, ten === undefined ? 16 : 10))
        : ENTITIES[name.toLowerCase()]!,
    );
}

/** A line without what stands around it. */
export interface LogLine {
  readonly text: string;
  /** True if it has a stamp, so that it continues no line before it. */
  readonly isStamped: boolean;
  /** True if it begins with a space, which is not in `text`. */
  readonly isIndented: boolean;
  /** How often syslog says that the line came: "message repeated 12 times: [ … ]"; 1 otherwise. */
  readonly times: number;
}

/** Characters that quoted-printable text spells with digits, where no message of Linux has these digits. */
function unquoted(text: string): string {
  return text
    .replace(/=C2=A0|=20$/g, ' ')
    .replace(/=(2C|3[AD]|5[BD])/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** Takes off everything that is not the kernel's. */
export function logLine(raw: string): LogLine {
  let text = unquoted(
    unmarked(raw.replace(/\r+$/, '').replace(ESCAPES, ''))
      .replace(/\u00a0/g, ' ')
      .replace(/`/g, '')
      .replace(BORDER, ''),
  );
  let isStamped = false;
  let times = 1;
  for (let isOpen = true; isOpen; ) {
    const bare = text.replace(MARKS, '');
    const words = bare.trimStart();
    const repeated = REPEATED.exec(words);
    if (repeated !== null) times = Number(repeated[1]);
    const stamp = repeated !== null ? REPEATED : STAMPS.find((one) => one.test(words));
    isOpen = stamp !== undefined;
    isStamped ||= isOpen;
    text = stamp === undefined ? bare : words.replace(stamp, '');
  }
  return { text: text.trimStart(), isStamped, isIndented: text.startsWith(' '), times };
}
