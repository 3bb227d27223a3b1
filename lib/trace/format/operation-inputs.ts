/** Operations as objects: what each kind must have for a replay to do it, and what is wrong with one that has not. */
import type { Operation, OperationKind } from './oracle-trace.js';

/** The inputs of each kind of operation; all are numbers. */
const INPUTS = {
  m: ['id', 'd', 'c', 'a', 's', 'k', 'dir'],
  u: ['id'],
  s: ['id', 'off', 'n'],
  z: ['id', 'd', 'c', 'ord'],
  y: ['id'],
  a: ['id', 'd', 'c', 's'],
  f: ['id'],
  p: ['d', 'a'],
  w: [],
  h: [],
  q: ['used', 'hi', 'tr', 'ns'],
} as const satisfies Record<OperationKind, readonly string[]>;

/** Why the operation cannot be done on so many devices, or null. */
export function problemOf(operation: Operation, devices: number): string | null {
  if (typeof operation !== 'object' || operation === null) return 'not an operation';
  const inputs: readonly string[] | undefined = Object.hasOwn(INPUTS, operation.o) ? INPUTS[operation.o] : undefined;
  if (inputs === undefined) return `operation ${JSON.stringify(operation.o)} is not known`;
  const fields = operation as unknown as Record<string, unknown>;
  if (operation.o === 's') {
    if (operation.k !== 'c' && operation.k !== 'd')
      return `a sync is for 'c' or 'd', not ${JSON.stringify(operation.k)}`;
  }
  for (const name of inputs) {
    if (!Number.isSafeInteger(fields[name])) return `${name} of operation '${operation.o}' must be an integer`;
  }
  const { d: device } = operation;
  if (device !== undefined && !(device >= 0 && device < devices)) return `there is no device ${device}`;
  if (operation.o === 'q' && !Array.isArray(operation.pools)) return 'a snapshot without pools';
  return null;
}

/** An operation that is being read: its fields may still be missing. */
export type Scanned = { -readonly [Name in keyof Operation]: Operation[Name] | undefined };

/** Always of one shape, because a replay reads a lot of them. */
export function blank(o: OperationKind): Scanned {
  return {
    o,
    id: undefined,
    d: undefined,
    c: undefined,
    a: undefined,
    s: undefined,
    k: undefined,
    dir: undefined,
    at: undefined,
    v: undefined,
    off: undefined,
    n: undefined,
    ord: undefined,
    e: undefined,
    p: undefined,
    t: undefined,
    ps: undefined,
    as: undefined,
    op: undefined,
    w: undefined,
    nf: undefined,
    r: undefined,
    ran: undefined,
    cp: undefined,
    np: undefined,
    fp: undefined,
    pg: undefined,
    wr: undefined,
    used: undefined,
    hi: undefined,
    tr: undefined,
    ns: undefined,
    pools: undefined,
    dp: undefined,
    uses: undefined,
  };
}

/** `problemOf` in short, for most operations: has it none? */
export function hasInputs({ o, id, d, c, a, s, k, dir, off, n, ord }: Scanned, devices: number): boolean {
  if (d !== undefined && !(d >= 0 && d < devices)) return false;
  switch (o) {
    case 'm':
      return isHere(id) && isHere(d) && isHere(c) && isHere(a) && isHere(s) && typeof k === 'number' && isHere(dir);
    case 'u':
    case 'y':
    case 'f':
      return isHere(id);
    case 's':
      return isHere(id) && isHere(off) && isHere(n) && (k === 'c' || k === 'd');
    case 'z':
      return isHere(id) && isHere(d) && isHere(c) && isHere(ord);
    case 'a':
      return isHere(id) && isHere(d) && isHere(c) && isHere(s);
    case 'p':
      return isHere(d) && isHere(a);
    case 'h':
      return true;
    default:
      return false;
  }
}

const isHere = (value: number | undefined) => value !== undefined;
