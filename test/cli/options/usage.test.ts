import { describe, expect, it } from '@jest/globals';
import { nearest, oneOf } from '../../../lib/cli/options/usage.js';

const DESIGNS = ['direct', 'bounce', 'bounce-pages'] as const;

describe('nearest', () => {
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

describe('oneOf', () => {
  it('passes a valid word on', () => {
    expect(oneOf('design', 'bounce', DESIGNS)).toBe('bounce');
  });

  it('refuses another, naming the nearest', () => {
    expect(() => oneOf('design', 'bounce-page', DESIGNS)).toThrow(
      "unknown design 'bounce-page': did you mean 'bounce-pages'?",
    );
  });
});
