import { describe, expect, it } from '@jest/globals';
import { nearest, unknownWord } from '../../../lib/cli/options/usage.js';

const DESIGNS = ['direct', 'bounce', 'bounce-pages'] as const;

describe('the nearest word', () => {
  it.each([
    ['bounce-page', 'bounce-pages'],
    ['bounces', 'bounce'],
    ['DIRECT', 'direct'],
    ['bonuce', 'bounce'],
    ['', 'direct'],
  ])('to %j is %s', (word, best) => {
    expect(nearest(word, DESIGNS)).toBe(best);
  });
});

describe('unknownWord', () => {
  it('makes an error that names the nearest word', () => {
    expect(unknownWord('design', 'bounce-page', DESIGNS)).toMatchObject({
      code: 'ERR_USAGE',
      message: "unknown design 'bounce-page': did you mean 'bounce-pages'? Valid are direct, bounce, bounce-pages",
      details: { given: 'bounce-page', nearest: 'bounce-pages' },
    });
  });
});
