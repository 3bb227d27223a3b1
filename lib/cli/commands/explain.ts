/** `copytax explain`: tells what messages of Linux about bounce buffers mean, what helps, and what cannot. */
import { existsSync } from 'node:fs';
import { Explainer } from '../../explain/explain.js';
import { explanationText } from '../../explain/explanation-text.js';
import { eachLogLine } from '../../explain/log-lines.js';
import { usageError } from '../options/usage.js';
import { EXIT_FAILED, EXIT_FINE } from '../terminal/print-error.js';

export interface ExplainOptions {
  readonly json?: boolean;
}

const FROM_STDIN = '-';

/** Gives the lines that a word of the command line stands for: a file, standard input, or the word itself. */
async function read(given: string, onLine: (line: string) => void): Promise<void> {
  if (given === FROM_STDIN) return eachLogLine(process.stdin, onLine);
  if (existsSync(given)) return eachLogLine(given, onLine);
  if (!/\s|swiotlb/i.test(given)) {
    throw usageError(`${given}: there is no such file, and a message has more than one word; quote it as a whole`, {
      value: given,
    });
  }
  for (const line of given.split('\n')) onLine(line);
}

/**
 * Resolves to the exit code: 1 if no line was understood. `given`: lines, or names of logs; none: standard input.
 * Rejects with ERR_USAGE and ERR_LOG_FILE.
 */
export async function explainCommand(given: readonly string[], { json }: ExplainOptions): Promise<number> {
  const explainer = new Explainer();
  for (const one of given.length === 0 ? [FROM_STDIN] : given) await read(one, (line) => explainer.add(line));
  const explanation = explainer.end();
  if (json) process.stdout.write(`${JSON.stringify(explanation.messages, null, 1)}\n`);
  else process.stdout.write(`${explanationText(explanation)}\n`);
  return explanation.messages.length > 0 ? EXIT_FINE : EXIT_FAILED;
}
