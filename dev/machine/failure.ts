/** The failure of a machine, as one of its threads reports it. Plain data that crosses threads. */

export interface Failure {
  /** The thread that failed. */
  readonly thread: number;
  readonly code: string;
  readonly message: string;
  readonly stack: string;
  /** The invariant that was broken, or ''. */
  readonly invariant: string;
}

export function failureOf(thread: number, thrown: unknown): Failure {
  const { name, code, message, stack, details } = thrown as Error & { code?: string; details?: { invariant?: string } };
  return { thread, code: code ?? name, message, stack: stack ?? '', invariant: details?.invariant ?? '' };
}

/** True if two failures look like the same bug: equal codes, and equal invariants if there are any. */
export function sameFailure(a: Failure | null, b: Failure | null): boolean {
  return a !== null && b !== null && a.code === b.code && a.invariant === b.invariant;
}
