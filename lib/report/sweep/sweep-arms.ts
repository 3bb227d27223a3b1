/**
 * Divides the conditions of a sweep into a grid of senders, queues and messages, and arms that begin at one point of
 * it.
 */
import { CELL_PARAMS } from '../../bench/plan/bench-option-table.js';
import type { Condition } from '../tables/conditions.js';

/** Parameters that the grid does not vary. */
const FIXED = CELL_PARAMS.filter(({ inSweep }) => inSweep === 'arm' || inSweep === 'repeat').map(({ name }) => name);

interface Arm {
  readonly title: string;
  readonly varies: readonly string[];
  /** Parameters that may differ from the grid as well. */
  readonly besides: readonly string[];
}

const ARMS: readonly Arm[] = [
  { title: 'acknowledgement delay', varies: ['ackDelayNs'], besides: [] },
  { title: 'slot pool, and how much of it pages may take', varies: ['pool', 'percent'], besides: [] },
  { title: 'send buffers, in the largest slot pool', varies: ['window'], besides: ['pool'] },
];

export interface SweepPart {
  readonly title: string;
  readonly conditions: readonly Condition[];
}

/** Returns the value that occurs in the largest number of conditions. */
function commonest(all: readonly Condition[], name: string): unknown {
  const values = all.map(({ params }) => params[name]);
  const times = (value: unknown) => values.filter((other) => other === value).length;
  return values.reduce((best, value) => (times(value) > times(best) ? value : best), values[0]);
}

/** Returns the conditions in which each parameter that the grid does not vary has its commonest value. */
export function gridOf(all: readonly Condition[]): Condition[] {
  const usual = new Map(FIXED.map((name) => [name, commonest(all, name)]));
  return all.filter(({ params }) => FIXED.every((name) => params[name] === usual.get(name)));
}

const alike = (a: Condition, b: Condition, names: readonly string[]) =>
  names.every((name) => a.params[name] === b.params[name]);

/**
 * Returns the grid, each arm with the condition at which it begins, and the conditions that belong to none of these.
 */
export function sweepParts(all: readonly Condition[]): SweepPart[] {
  const grid = gridOf(all);
  const [usual] = grid;
  if (usual === undefined) return [];
  const arms = ARMS.map(({ title, varies, besides }) => {
    const others = Object.keys(usual.params).filter((name) => !varies.includes(name));
    const fixed = FIXED.filter((name) => !varies.includes(name) && !besides.includes(name));
    const beyond = all.filter((one) => alike(one, usual, fixed) && !alike(one, usual, varies));
    return { title, conditions: all.filter((one) => beyond.some((other) => alike(one, other, others))) };
  });
  const shown = new Set([...grid, ...arms.flatMap(({ conditions }) => conditions)]);
  const rest = all.filter((one) => !shown.has(one));
  return [
    { title: 'senders, queues and messages', conditions: grid },
    ...arms,
    { title: 'everything else', conditions: rest },
  ].filter(({ conditions }) => conditions.length > 0);
}
