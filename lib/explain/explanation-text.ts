/** An explanation as text for a terminal or a mail, at most 80 columns but for the kernel's own words. Pure. */
import type { Explained, Explanation } from './explain.js';
import type { FailureClass } from './failure-class.js';

const COLUMNS = 80;

/** What a class is, in a few words. */
const TITLES: Readonly<Record<FailureClass, string>> = {
  'no-pool': 'there is no pool of bounce buffers',
  'too-large': 'the request is larger than any mapping can be',
  exhausted: 'the pool is full, or a driver leaks its slots',
  fragmented: 'free slots, but not enough of them in a row',
  alignment: 'the pool was neither full nor fragmented, as printed',
  'device-mask': 'the device cannot reach the address',
  corrupted: 'numbers that cannot be, and no matter of the pool',
  informational: 'nothing failed',
  'not-swiotlb': 'not about bounce buffers',
  unknown: 'the line does not tell which',
};

export const PROVES_NOTHING =
  'That a log has no such line proves nothing: drivers may silence it (DMA_ATTR_NO_WARN), suppressed lines are only ' +
  'counted, and newer kernels refuse some mappings without one.';

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Breaks a text between words. `indent` is put before each line, `first` instead of it before the first one. */
function wrapped(text: string, indent: string, first = indent): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > COLUMNS) {
      lines.push(line);
      line = indent;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}

/** Messages that differ in their lines alone, told once. */
function alike(messages: readonly Explained[]): Explained[][] {
  const groups = new Map<string, Explained[]>();
  for (const message of messages) {
    const key = `${message.class} ${message.device} ${message.kernelSays.replace(/\d+/g, '#')}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [message]);
    else group.push(message);
  }
  return [...groups.values()];
}

function groupLines(group: readonly Explained[]): string[] {
  const [first, ...others] = group;
  const last = others.at(-1);
  const times = group.reduce((sum, message) => sum + message.times, 0);
  const again =
    (last === undefined ? '' : ` and ${others.length} more alike, the last one on line ${last.lineNumber}`) +
    (times === group.length ? '' : `, ${times} times in all`);
  return [
    `line ${first!.lineNumber}${again}: ${first!.class}: ${TITLES[first!.class]}`,
    ...wrapped(first!.kernelSays, '    ', '  the kernel says: '),
    ...first!.helps.flatMap((text) => wrapped(text, '    ', '  helps: ')),
    ...first!.doesNotHelp.flatMap((text) => wrapped(text, '    ', '  does not help: ')),
    '',
  ];
}

/** Lines that were not understood, told each by its number, and those of a capture, told once. */
export function notUnderstoodLines({ notUnderstood, notUnderstoodCount, capturedCount }: Explanation): string[] {
  const others = notUnderstoodCount - notUnderstood.length;
  return [
    ...notUnderstood.map(({ line, lineNumber }) => `line ${lineNumber} is not understood: ${line}`),
    ...(others > 0 ? [`and ${counted(others, 'line')} more ${others === 1 ? 'is' : 'are'} not understood`] : []),
    ...(capturedCount > 0
      ? wrapped(
          `${counted(capturedCount, 'event')} of a capture (swiotlb_bounced): bounces, not messages about them; ` +
            '`copytax replay` reads a capture.',
          '',
        )
      : []),
  ];
}

function logLines(explanation: Explanation): string[] {
  const { messages, lines, suppressed } = explanation;
  const others = notUnderstoodLines(explanation);
  return [
    ...alike(messages).flatMap(groupLines),
    ...(suppressed === 0
      ? []
      : [`Linux suppressed ${counted(suppressed, 'message')} more, of which nothing is known.`, '']),
    ...others,
    ...(others.length > 0 ? [''] : []),
    ...(messages.length === 0 && others.length === 0
      ? [`No message about bounce buffers in ${counted(lines, 'line')}.`, '']
      : []),
  ];
}

/** What was found in a log. `log`: its name, null for words of the command line. */
export interface ExplainedLog {
  readonly log: string | null;
  readonly explanation: Explanation;
}

/** Explanations as lines, below their logs if there are more than one; the last sentence is about what no log has. */
export function explanationText(logs: readonly ExplainedLog[]): string {
  return [
    ...logs.flatMap(({ log, explanation }) => [
      ...(logs.length === 1 ? [] : [`${log ?? 'command line'}:`]),
      ...logLines(explanation),
    ]),
    ...wrapped(PROVES_NOTHING, ''),
  ].join('\n');
}
