import { describe, expect, it } from '@jest/globals';
import { blank, hasInputs, problemOf, type Scanned } from '../../../lib/trace/format/operation-inputs.js';
import type { Operation } from '../../../lib/trace/format/oracle-trace.js';

const COMPLETE: Record<string, object> = {
  m: { id: 1, d: 0, c: 0, a: 4096, s: 1, k: 0, dir: 1 },
  u: { id: 1 },
  s: { id: 1, off: 0, n: 1, k: 'c' },
  z: { id: 1, d: 0, c: 0, ord: 0 },
  y: { id: 1 },
  a: { id: 1, d: 0, c: 0, s: 4096 },
  f: { id: 1 },
  p: { d: 0, a: 1 },
  h: {},
};
const made = (o: string, fields: object) => ({ ...blank(o as Operation['o']), ...fields }) as Scanned & Operation;

describe('what an operation must have', () => {
  it.each(Object.entries(COMPLETE))('%s: all of it, at length and in short', (o, fields) => {
    expect(problemOf(made(o, fields), 1)).toBeNull();
    expect(hasInputs(made(o, fields), 1)).toBe(true);
    for (const name of Object.keys(fields)) {
      const without = made(o, { ...fields, [name]: undefined });
      expect(problemOf(without, 1)).toContain(name === 'k' && o === 's' ? 'a sync is for' : `${name} of operation`);
      expect(hasInputs(without, 1)).toBe(false);
    }
  });

  it('a device that there is', () => {
    for (const d of [1, -1]) {
      expect(problemOf(made('p', { d, a: 1 }), 1)).toBe(`there is no device ${d}`);
      expect(hasInputs(made('p', { d, a: 1 }), 1)).toBe(false);
    }
  });
});
