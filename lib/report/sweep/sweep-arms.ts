/** How the conditions of a sweep belong together: a grid of senders, queues and messages, and arms that begin in it. */
import { CELL_PARAMS } from '../../bench/plan/options.js';
import type { Condition } from '../tables/conditions.js';

/** What the grid does not vary. */
const FIXED = CELL_PARAMS.filter(({ inSweep }) => inSweep === 'arm' || inSweep === 'repeat').map(({ name }) => name);

interface Arm {
  readonly title: string;
  readonly varies: readonly string[];
  /** What need not be as in the grid. */
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

/** The value that most conditions have. */
function commonest(all: readonly Condition[], name: string): unknown {
  const values = all.map(({ params }) => params[name]);
  const times = (value: unknown) => values.filter((other) => other === value).length;
  return values.reduce((best, value) => (times(value) > times(best) ? value : best), values[0]);
}

/** The conditions in which all that the grid does not vary is as in most. */
export function gridOf(all: readonly Condition[]): Condition[] {
  const usual = new Map(FIXED.map((name) => [name, commonest(all, name)]));
  return all.filter(({ params }) => FIXED.every((name) => params[name] === usual.get(name)));
}

const alike = (a: Condition, b: Condition, names: readonly string[]) =>
  names.every((name) => a.params[name] === b.params[name]);

/** The grid, each arm with the condition that it begins at, and what belongs to none of them. */
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
