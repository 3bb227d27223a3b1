import { describe, expect, it } from '@jest/globals';
import { KINDS, namesOf } from '../../../lib/trace/format/operation.js';
import { problemOf } from '../../../lib/trace/format/operation-inputs.js';

const COMPLETE: Readonly<Record<keyof typeof KINDS, object>> = {
  m: { id: 1, d: 0, c: 0, a: 4096, s: 1, k: 0, dir: 1 },
  u: { id: 1 },
  s: { id: 1, off: 0, n: 1, k: 'c' },
  z: { id: 1, d: 0, c: 0, ord: 0 },
  y: { id: 1 },
  a: { id: 1, d: 0, c: 0, s: 4096 },
  f: { id: 1 },
  p: { d: 0, a: 1 },
  w: {},
  h: {},
  q: { used: 0, hi: 0, tr: 0, ns: 0 },
};

describe('problemOf', () => {
  it.each(namesOf(KINDS))('asks an operation of kind %s for each of its inputs', (o) => {
    const complete = { o, ...COMPLETE[o], ...(o === 'q' ? { pools: [] } : {}) };
    expect(problemOf(complete, 1)).toBeNull();
    for (const name of Object.keys(COMPLETE[o])) {
      const without = { ...complete, [name]: undefined };
      expect(problemOf(without, 1)).toContain(name === 'k' && o === 's' ? 'a sync is for' : `${name} of operation`);
    }
  });

  it.each([1, -1])('refuses device %i where there is one device', (d) => {
    expect(problemOf({ o: 'p', d, a: 1 }, 1)).toBe(`there is no device ${d}`);
  });

  it('refuses a snapshot without slot pools', () => {
    expect(problemOf({ o: 'q', ...COMPLETE.q }, 1)).toBe('a snapshot without slot pools');
  });
});
