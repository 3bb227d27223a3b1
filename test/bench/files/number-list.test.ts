import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { numberList, numberLists, numberOrNullList } from '../../../lib/bench/files/number-list.js';

const PAIRS = [
  ['numbers', numberList(), z.array(z.number())],
  ['numbers or nulls', numberOrNullList(), z.array(z.number().nullable())],
  ['lists of numbers', numberLists(), z.array(z.array(z.number()))],
] as const;

const item = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constant(null),
  fc.constant(undefined),
  fc.string(),
  fc.constant(new Number(3)),
  fc.array(fc.oneof(fc.double(), fc.constant(null)), { maxLength: 3 }),
);

describe.each(PAIRS)('a list of %s', (_name, fast, plain) => {
  it('is what zod takes for one, with the same complaint about others', () => {
    fc.assert(
      fc.property(fc.oneof(item, fc.array(item, { maxLength: 5 }), fc.array(fc.double())), (value) => {
        for (const [mine, theirs] of [
          [z.object({ fast }), z.object({ fast: plain })],
          [z.object({ fast: fast.optional() }), z.object({ fast: plain.optional() })],
          [z.record(z.string(), fast), z.record(z.string(), plain)],
        ] as const) {
          const [own, zods] = [mine.safeParse({ fast: value }), theirs.safeParse({ fast: value })];
          expect(own.success).toBe(zods.success);
          expect(own.data).toEqual(zods.data);
          expect(own.error?.issues).toEqual(zods.error?.issues);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('has the JSON Schema of one', () => {
    expect(z.toJSONSchema(fast)).toEqual(z.toJSONSchema(plain));
  });
});

describe('a described list of numbers', () => {
  it('keeps its description, and the list that it is given', () => {
    const given = [1, 2, 3];
    for (const make of [numberList, numberOrNullList]) {
      expect(z.toJSONSchema(make('of each'))).toMatchObject({ description: 'of each', type: 'array' });
      expect(make('of each').parse(given)).toBe(given); // zod would copy it
    }
    const lists = [given];
    expect(numberLists('x').parse(lists)).toBe(lists);
  });
});
