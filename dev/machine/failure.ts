/** How a machine failed, as one of its threads tells the others. Plain data that crosses threads. */

export interface Failure {
  readonly cpu: number;
  readonly code: string;
  readonly message: string;
  readonly stack: string;
  /** The invariant that was broken, or ''. */
  readonly invariant: string;
}

export function failureOf(cpu: number, thrown: unknown): Failure {
  const { name, code, message, stack, details } = thrown as Error & { code?: string; details?: { invariant?: string } };
  return { cpu, code: code ?? name, message, stack: stack ?? '', invariant: details?.invariant ?? '' };
}

/** The same bug, as far as can be told: the code, and the invariant if it is one. */
export function sameFailure(a: Failure | null, b: Failure | null): boolean {
  return a !== null && b !== null && a.code === b.code && a.invariant === b.invariant;
}
