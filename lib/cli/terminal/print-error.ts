/**
 * Errors as text: one line with the code, what was wrong and what to do. Unexpected errors are followed by their stack.
 */
import { type ErrorCode, remedyFor } from '../../errors.js';

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

/** What Node throws where it, or Linux, does not allow something: `permission` is its word for what. */
interface Denied {
  readonly code?: string;
  readonly message?: string;
  readonly permission?: string;
  readonly resource?: string;
}

const PERMISSIONS: Readonly<Record<string, string>> = {
  FileSystemRead: '--allow-fs-read',
  FileSystemWrite: '--allow-fs-write',
  ChildProcess: '--allow-child-process',
  WorkerThreads: '--allow-worker',
};

/** Looks at name and code, not at the class, because errors of workers and of the addon come from other realms. */
function isCoded(error: unknown): error is Coded {
  const { name, code } = (error ?? {}) as Partial<Coded>;
  return name === 'CopytaxError' && typeof code === 'string';
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

/** What Node or Linux does not allow this process, in words. */
function refusal({ code, message = '', permission, resource }: Denied): string | null {
  if (code === 'EMFILE' || code === 'ENFILE') {
    return `${sentence(message)} Raise the limit on open files (\`ulimit -n\`, LimitNOFILE= of a service).`;
  }
  if (code !== 'ERR_ACCESS_DENIED') return null;
  const option = PERMISSIONS[permission ?? ''];
  const what = resource ? `${permission} ${resource}` : permission;
  return `this Node does not allow ${what}. Start it with ${option ?? 'more rights'}, or without --permission.`;
}

/** `copytax: ERR_CODE: what was wrong (where). Remedy.` */
export function errorLine(error: unknown): string {
  if (!isCoded(error)) {
    const { code, message, stack } = (error ?? {}) as { code?: string; message?: string; stack?: string };
    const refused = refusal((error ?? {}) as Denied);
    if (refused !== null) return `copytax: ${code}: ${refused}`;
    const what = `copytax: ${code ?? 'unexpected error'}: ${message ?? String(error)}`;
    return stack === undefined ? what : `${what}\n${stack.split('\n').slice(1).join('\n')}`;
  }
  const message = error.message.split('\n').join(' ');
  const own = error.details?.remedy;
  const remedy = typeof own === 'string' ? own : remedyFor(error.code);
  if (remedy === undefined || message.includes(remedy)) return `copytax: ${error.code}: ${sentence(message)}`;
  return `copytax: ${error.code}: ${sentence(message)} ${sentence(remedy[0]!.toUpperCase() + remedy.slice(1))}`;
}

/** What is wrong with how the command was called, so that trying again is of no use. */
const USAGE: readonly ErrorCode[] = ['ERR_USAGE', 'ERR_ENGINE_FLAGS', 'ERR_KERNEL_UNSUPPORTED'];

/** The exit code of a command that failed with this error. */
export function exitCodeOf(error: unknown): number {
  return isCoded(error) && USAGE.includes(error.code) ? EXIT_USAGE : EXIT_FAILED;
}
