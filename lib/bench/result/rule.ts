/** What a rule for warnings is, and what most of them need. */
import type { Warning } from '../plan/warning.js';
import type { ResultDocument, RoundResult } from './result.js';

/**
 * Looks for one cause in a result. `rounds` are those of all its scenarios. Returns null if there is nothing to say, or
 * if the facts that it needs are not known.
 */
export type Rule = (result: ResultDocument, rounds: readonly RoundResult[]) => Warning | null;

export const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

/** What is not known counts as nothing. */
export const sum = (values: readonly (number | null)[]) =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0);
