/** What each kind of operation must have for a replay, and what is wrong with one that does not have it. */
import { COUNTERS, KINDS, namesOf, type OperationKind } from './operation.js';

/** By letter: a Map, so that no name of Object.prototype passes for one. */
const REQUIRED = new Map<unknown, readonly string[]>([
  ...namesOf(KINDS).map((kind) => [kind, KINDS[kind].inputs] as const),
  ['q', namesOf(COUNTERS)],
]);

/** Why the operation cannot be done on `devices` devices, or null. */
export function problemOf(operation: unknown, devices: number): string | null {
  if (typeof operation !== 'object' || operation === null) return 'not an operation';
  const fields = operation as Readonly<Record<string, unknown>> & { readonly o: OperationKind };
  const { o, d, k } = fields;
  const required = REQUIRED.get(o);
  if (required === undefined) return `operation ${JSON.stringify(o)} is not known`;
  if (o === 's' && k !== 'c' && k !== 'd') return `a sync is for 'c' or 'd', not ${JSON.stringify(k)}`;
  for (const name of required) {
    if (!Number.isSafeInteger(fields[name])) return `${name} of operation '${o}' must be an integer`;
  }
  if (d !== undefined && !((d as number) >= 0 && (d as number) < devices)) return `there is no device ${d}`;
  if (o === 'q' && !Array.isArray(fields.pools)) return 'a snapshot without pools';
  return null;
}
