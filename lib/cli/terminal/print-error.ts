/**
 * Errors as text: one line with the code, what was wrong and what to do. Unexpected errors are followed by their stack.
 */
import { type ErrorCode, remedyFor } from '../../errors.js';
import { remedyOf } from '../../remedies.js';

export const EXIT_FINE = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;

interface Coded {
  readonly name: string;
  readonly code: ErrorCode;
  readonly message: string;
  /** May have a `remedy` of its own, which fits better than that of the code. */
  readonly details?: { readonly remedy?: unknown };
}

/** Looks at name and code, not at the class, because errors of workers and of the addon come from other realms. */
function isCoded(error: unknown): error is Coded {
  const { name, code } = (error ?? {}) as Partial<Coded>;
  return name === 'CopytaxError' && typeof code === 'string';
}

/** No message of this program is as long; one that quotes a file may be of megabytes. */
const MOST_LETTERS = 3000;

/** What a terminal obeys instead of showing it, and marks that change the direction of what follows. */
const CONTROLS = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A message on one line, with its control characters spelt as in JSON, and without its middle if it is too long. */
function oneLine(message: string): string {
  const cut =
    message.length <= MOST_LETTERS
      ? message
      : `${message.slice(0, MOST_LETTERS / 2)} … ${message.slice(-MOST_LETTERS / 2)}`;
  return cut
    .split('\n')
    .join(' ')
    .replace(CONTROLS, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

/** A clause as a sentence of its own. */
function asSentence(clause: string): string {
  return sentence(clause[0]!.toUpperCase() + clause.slice(1));
}

/** What Linux or Node threw, or code that is wrong: with its stack where there is nothing that a user could do. */
function foreignLine(error: unknown): string {
  const { code, message = String(error), stack } = (error ?? {}) as { code?: string; message?: string; stack?: string };
  // Messages of Linux begin with their code.
  const what = `copytax: ${message.startsWith(`${code}: `) ? '' : `${code ?? 'unexpected error'}: `}${message}`;
  const remedy = remedyOf(error);
  if (remedy !== undefined) return `${sentence(oneLine(what))} ${asSentence(remedy)}`;
  return stack === undefined ? what : `${what}\n${stack.split('\n').slice(1).join('\n')}`;
}

/** `copytax: ERR_CODE: what was wrong (where). Remedy.` */
export function errorLine(error: unknown): string {
  if (!isCoded(error)) return foreignLine(error);
  const message = oneLine(error.message);
  const own = error.details?.remedy;
  const remedy = typeof own === 'string' ? own : remedyFor(error.code);
  if (remedy === undefined || message.includes(remedy)) return `copytax: ${error.code}: ${sentence(message)}`;
  return `copytax: ${error.code}: ${sentence(message)} ${asSentence(remedy)}`;
}

/** What is wrong with how the command was called, so that trying again is of no use. */
const USAGE: readonly ErrorCode[] = ['ERR_USAGE', 'ERR_ENGINE_FLAGS', 'ERR_KERNEL_UNSUPPORTED'];

/** The exit code of a command that failed with this error. */
export function exitCodeOf(error: unknown): number {
  return isCoded(error) && USAGE.includes(error.code) ? EXIT_USAGE : EXIT_FAILED;
}
