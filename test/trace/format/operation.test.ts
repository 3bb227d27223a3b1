import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { COUNTERS, DETAILS, INPUTS, KINDS, LISTS, namesOf, RESULTS } from '../../../lib/trace/format/operation.js';

const SPECIFICATION = readFileSync(new URL('../../../../docs/spec/traces.md', import.meta.url), 'utf8');

describe('the legend of oracle traces', () => {
  it('has a row of the specification for each kind of operation', () => {
    const rows = SPECIFICATION.split('\n').flatMap((line) => /^\| ((?:`.`(?: \/ )?)+) \|/.exec(line)?.[1] ?? []);
    const letters = rows.flatMap((row) => row.replaceAll('`', '').split(' / '));
    expect(letters.toSorted()).toEqual(namesOf(KINDS).toSorted());
  });

  it('has a word of the specification for each field', () => {
    const fields = namesOf({ ...INPUTS, ...RESULTS, ...DETAILS, ...COUNTERS, ...LISTS });
    expect(fields.filter((name) => !new RegExp(`\`${name}[\`:]`).test(SPECIFICATION))).toEqual([]);
  });

  it('names inputs only that it explains', () => {
    const inputs = Object.values(KINDS).flatMap((kind): readonly string[] => kind.inputs);
    expect(inputs.filter((name) => !Object.hasOwn(INPUTS, name))).toEqual([]);
  });
});
