/**
 * How checks of a machine fail: with an error that names what was checked, what was found, and what it should have
 * been.
 */
import { CopytaxError } from '../../errors.js';

/** @throws ERR_UNBALANCED unless the values are equal; `details` hold both */
export function expectBalance(what: string, actual: number, expected: number): void {
  if (actual === expected) return;
  throw new CopytaxError('ERR_UNBALANCED', `${what}: ${actual} instead of ${expected}`, { actual, expected });
}

/**
 * @param invariant its number, such as `I3`: see docs/spec/tx-path.md#invariants
 * @throws ERR_INVARIANT unless the values are equal; `details` hold both, and the number
 */
export function expectInvariant(
  invariant: string,
  what: string,
  actual: number | boolean,
  expected: number | boolean,
): void {
  if (actual === expected) return;
  const message = `invariant ${invariant} is broken: ${what}: ${actual} instead of ${expected}`;
  throw new CopytaxError('ERR_INVARIANT', message, { invariant, actual, expected });
}
