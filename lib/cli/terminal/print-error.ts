/**
 * Errors as text: one line with the code, what was wrong and what to do. Unexpected errors are followed by their stack.
 */
import { type ErrorCode, remedyFor } from '../../errors.js';

export const EXIT_FINE = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
export const EXIT_INTERRUPTED = 130;

interface Coded {
  readonly name: string;
  readonly code: ErrorCode;
  readonly message: string;
}

/** Looks at name and code, not at the class, because errors of workers and of the addon come from other realms. */
function isCoded(error: unknown): error is Coded {
  const { name, code } = (error ?? {}) as Partial<Coded>;
  return name === 'CopytaxError' && typeof code === 'string';
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

/** `copytax: ERR_CODE: what was wrong (where). Remedy.` */
export function errorLine(error: unknown): string {
  if (!isCoded(error)) {
    const { code, message, stack } = (error ?? {}) as { code?: string; message?: string; stack?: string };
    const what = `copytax: ${code ?? 'unexpected error'}: ${message ?? String(error)}`;
    return stack === undefined ? what : `${what}\n${stack.split('\n').slice(1).join('\n')}`;
  }
  const message = error.message.split('\n').join(' ');
  const remedy = remedyFor(error.code);
  if (remedy === undefined || message.includes(remedy)) return `copytax: ${error.code}: ${sentence(message)}`;
  return `copytax: ${error.code}: ${sentence(message)} ${sentence(remedy[0]!.toUpperCase() + remedy.slice(1))}`;
}

/** What is wrong with how the command was called, so that trying again is of no use. */
const USAGE: readonly ErrorCode[] = ['ERR_USAGE', 'ERR_ENGINE_FLAGS'];

/** The exit code of a command that failed with this error. */
export function exitCodeOf(error: unknown): number {
  return isCoded(error) && USAGE.includes(error.code) ? EXIT_USAGE : EXIT_FAILED;
}
