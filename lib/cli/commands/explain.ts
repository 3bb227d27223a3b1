/** `copytax explain`: tells what messages of Linux about bounce buffers mean, what helps, and what cannot. */
import { existsSync } from 'node:fs';
import { Explainer, explain } from '../../explain/explain.js';
import { type ExplainedLog, explanationText, notUnderstoodLines } from '../../explain/explanation-text.js';
import { eachLine, STDIN } from '../../lines/lines.js';
import { usageError } from '../options/usage.js';
import { EXIT_FAILED, EXIT_FINE } from '../terminal/print-error.js';
import { flushed } from '../terminal/standard-streams.js';

export interface ExplainOptions {
  readonly json?: boolean;
}

const FROM_STDIN = '-';

/** The log that a word of the command line names, or null if the word is a message itself. */
function logOf(given: string): string | null {
  if (given === FROM_STDIN || existsSync(given)) return given;
  if (/\s|swiotlb=/i.test(given)) return null;
  throw usageError(`'${given}': there is no such file, and a message has more than one word; quote it as a whole`, {
    value: given,
  });
}

/** Explains what was given, messages before logs, in which lines are numbered each from 1. */
async function explainedLogs(given: readonly string[]): Promise<ExplainedLog[]> {
  const logs = given.map(logOf);
  const words = given.filter((_, at) => logs[at] === null);
  const all: ExplainedLog[] = words.length === 0 ? [] : [{ log: null, explanation: explain(words.join('\n')) }];
  for (const log of logs) {
    if (log === null) continue;
    const explainer = new Explainer();
    const name = log === FROM_STDIN ? STDIN : log;
    await eachLine(log === FROM_STDIN ? process.stdin : log, (line) => explainer.add(line));
    all.push({ log: name, explanation: explainer.end() });
  }
  return all;
}

/** Characters that are written at a time. */
const PIECE = 2 ** 16;

/** Writes an array piece by piece: as one text it may be longer than a string can be, and than a pipe takes. */
async function writeJson(logs: readonly ExplainedLog[]): Promise<void> {
  let text = '[';
  let isFirst = true;
  for (const { log, explanation } of logs) {
    for (const message of explanation.messages) {
      text += `${isFirst ? '' : ','}\n${JSON.stringify([{ log, ...message }], null, 1).slice(2, -2)}`;
      isFirst = false;
      if (text.length < PIECE) continue;
      process.stdout.write(text);
      text = '';
      await flushed();
    }
  }
  process.stdout.write(`${text}${isFirst ? ']' : '\n]'}\n`);
}

/**
 * Resolves to the exit code: 1 if no line was understood. `given`: lines, or names of logs; none: standard input.
 * Rejects with ERR_USAGE and ERR_LOG_FILE.
 */
export async function explainCommand(given: readonly string[], { json }: ExplainOptions): Promise<number> {
  const logs = await explainedLogs(given.length === 0 ? [FROM_STDIN] : given);
  if (json) {
    await writeJson(logs);
    const others = logs.flatMap(({ explanation }) => notUnderstoodLines(explanation));
    if (others.length > 0) process.stderr.write(`${others.join('\n')}\n`);
  } else process.stdout.write(`${explanationText(logs)}\n`);
  return logs.some(({ explanation }) => explanation.messages.length > 0) ? EXIT_FINE : EXIT_FAILED;
}
