/** What has to be equal when a machine has come to rest. */
import { CopytaxError } from '../errors.js';

/** ERR_UNBALANCED, naming what is not as it should be. */
export function expectBalance(what: string, actual: number, expected: number): void {
  if (actual === expected) return;
  throw new CopytaxError('ERR_UNBALANCED', `${what}: ${actual} instead of ${expected}`, { actual, expected });
}
