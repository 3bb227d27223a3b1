import { describe, expect, it } from '@jest/globals';
import { parseVariance } from '../../../dev/variance/turn.js';
import { exampleData, turnOf } from './fixtures/example-data.js';

const good = exampleData([turnOf([[1, 5, 50, 1, 77, 0.29]])]);

describe('parseVariance', () => {
  it('returns the data as they are, also with samples that failed', () => {
    const failed = exampleData([turnOf([[0, 0, null, null, null, null]])]);
    expect(parseVariance(good, 'a.json')).toEqual(good);
    expect(parseVariance(failed, 'a.json')).toEqual(failed);
  });

  it.each<[what: string, value: unknown, why: RegExp]>([
    ['what is no document', null, /a\.json does not have the schema copytax\.variance\/1 \(the document: /],
    ['another schema', { ...good, schema: 'copytax.variance/9' }, /\(schema: /],
    ['a rate of zero', exampleData([turnOf([[0, 0, 0, 1, 77, 0.3]])]), /\(turns\.0\.samples\.0\.2: /],
    ['a share of more than all', exampleData([turnOf([[0, 0, 1, 1.5, 77, 0.3]])]), /\(turns\.0\.samples\.0\.3: /],
    [
      'a sample of no cell',
      exampleData([turnOf([[3, 0, 1, 1, 77, 0.3]])]),
      /\(a sample is of cell 3, and there are 3\)/,
    ],
  ])('refuses %s, and says where it stands', (_what, value, why) => {
    const refused = () => parseVariance(value, 'a.json');
    expect(refused).toThrow(
      expect.objectContaining({ code: 'ERR_RESULT_SCHEMA', message: expect.stringMatching(why) }),
    );
  });
});
