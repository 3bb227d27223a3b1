import { describe, expect, it } from '@jest/globals';
import * as bench from '../benchmarks/bench-door.js';
import { frozen } from '../lib/frozen.js';
import * as model from '../lib/index.js';
import * as memory from '../lib/memory/index.js';
import * as report from '../lib/report/index.js';
import * as plots from '../lib/report/plots/index.js';
import * as slots from '../lib/slots/index.js';
import * as trace from '../lib/trace/index.js';

const DOORS = { copytax: model, bench, memory, plots, report, slots, trace };

/** The constants that are arrays or objects, by door and name: classes and functions are none. */
const constants = Object.entries(DOORS).flatMap(([door, names]) =>
  Object.entries(names)
    .filter(([, value]) => typeof value === 'object')
    .map(([name, value]): [string, unknown] => [`${door}: ${name}`, value]),
);

/** The paths of all objects and arrays in a value that are not frozen. */
function unfrozen(value: unknown, path: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, member]) => unfrozen(member, `${path}.${key}`));
  return Object.isFrozen(value) ? inside : [path, ...inside];
}

describe('frozen', () => {
  it('returns the same value, in which nothing can be changed at any depth', () => {
    const rows = { first: { words: ['a'] }, none: null, act: () => 1 };
    expect(frozen(rows)).toBe(rows);
    expect(unfrozen(rows, 'rows')).toEqual([]);
    expect(() => rows.first.words.push('b')).toThrow(TypeError);
  });
});

describe('a constant of a door', () => {
  it('stands in the list of this test', () => {
    const names = constants.map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(['copytax: DESIGNS', 'copytax: ALL_DESIGN_NAMES', 'bench: LEDGER']));
  });

  it.each(constants)('is frozen with all that is in it: %s', (name, value) => {
    expect(unfrozen(value, name)).toEqual([]);
  });
});
