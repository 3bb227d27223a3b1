/** The check of an operation before its replay: does it have the inputs of its kind, and do they make sense? */
import { COUNTERS, KINDS, namesOf, type OperationKind } from './operation.js';

/** By letter: a Map, so that no name of Object.prototype passes for one. */
const REQUIRED = new Map<unknown, readonly string[]>([
  ...namesOf(KINDS).map((kind) => [kind, KINDS[kind].inputs] as const),
  ['q', namesOf(COUNTERS)],
]);

/** Says why an operation cannot be replayed on `devices` devices. Returns null if it can. */
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
  if (o === 'q' && !Array.isArray(fields.pools)) return 'a snapshot without slot pools';
  return null;
}
