import { describe, expect, it } from '@jest/globals';
import { unknownWord } from '../../../lib/cli/options/usage.js';

const DESIGNS = ['direct', 'bounce', 'bounce-pages'] as const;

describe('unknownWord', () => {
  it('makes an error that names the nearest word', () => {
    expect(unknownWord('design', 'bounce-page', DESIGNS)).toMatchObject({
      code: 'ERR_USAGE',
      message: "unknown design 'bounce-page': did you mean 'bounce-pages'? Valid are direct, bounce, bounce-pages",
      details: { given: 'bounce-page', nearest: 'bounce-pages' },
    });
  });

  it('names none where no word is near', () => {
    expect(unknownWord('design', 'xyz', DESIGNS)).toMatchObject({
      message: "unknown design 'xyz'. Valid are direct, bounce, bounce-pages",
      details: { given: 'xyz', nearest: null },
    });
  });
});
