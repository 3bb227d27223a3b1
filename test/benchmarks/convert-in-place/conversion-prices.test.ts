import { describe, expect, it } from '@jest/globals';
import {
  givenPrice,
  parsePrices,
  priceFrom,
  publishedPrices,
} from '../../../benchmarks/convert-in-place/conversion-prices.js';

const SAID = {
  name: 'x',
  platform: 'a guest',
  quoted: '10 ns',
  includes: 'one way',
  leavesOut: 'the other way',
  source: { title: 'A paper', address: 'https://example.org', date: '2024-12' },
};
const file = (...prices: readonly object[]) => JSON.stringify({ origin: 'published', prices });

describe('the file of published prices', () => {
  it('has names of their own, a source for each, and a figure that is quoted with its unit', () => {
    const prices = publishedPrices();
    expect(new Set(prices.map(({ name }) => name)).size).toBe(prices.length);
    for (const { quoted, source } of prices) {
      expect(quoted).toMatch(/\d (s|µs|ns)\b/);
      expect(source.address).toMatch(/^https:/);
    }
  });

  it('holds the figures that are quoted', () => {
    for (const price of publishedPrices()) {
      if ('nsPerExit' in price) expect(price.quoted).toContain(`${price.nsPerExit} ns`);
      else if ('nsPerPage' in price) expect(price.quoted).toContain(`${price.nsPerPage / 1000} µs`);
      else expect(price.quoted).toContain(`${price.populated.seconds} s`);
    }
  });

  it.each([
    ['a price without a figure', file(SAID), 'prices.0'],
    ['two figures', file({ ...SAID, nsPerExit: 1, nsPerPage: 1 }), 'prices.0'],
    ['a figure below zero', file({ ...SAID, nsPerPage: -1 }), 'prices.0'],
    ['a price without a source', file({ ...SAID, nsPerPage: 1, source: undefined }), 'prices.0'],
    ['no price', file(), 'prices'],
  ])('is refused with %s', (_what, text, path) => {
    expect(() => parsePrices(text)).toThrow(
      expect.objectContaining({ code: 'ERR_SCENARIO', message: expect.stringContaining(path) }),
    );
  });
});

describe('the price of one use', () => {
  const priced = (figure: object) => priceFrom(parsePrices(file({ ...SAID, ...figure }))[0]!);

  it('has two exits, one for each way', () => {
    expect(priced({ nsPerExit: 2965 })).toMatchObject({ nsPerUse: 5930, nsPerPage: 0, isLowerBound: true });
  });

  it('has a page at the price of the source, or at the time that its pages took more than others', () => {
    expect(priced({ nsPerPage: 8000 })).toMatchObject({ nsPerUse: 0, nsPerPage: 8000 });
    const populated = { seconds: 3, withoutSeconds: 1, bytes: 4096 * 1e6 };
    expect(priced({ populated })).toMatchObject({ nsPerUse: 0, nsPerPage: 2000 });
  });

  it('says what the source includes and leaves out, and that of a user is no bound', () => {
    expect(priced({ nsPerPage: 1 })).toMatchObject({ includes: 'one way; without the other way', source: SAID.source });
    expect(givenPrice(1500)).toMatchObject({ nsPerPage: 1500, nsPerUse: 0, isLowerBound: false, source: null });
  });
});
