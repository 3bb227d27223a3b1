import { describe, expect, it } from '@jest/globals';
import { documentKind, shown } from '../../../lib/bench/files/document-kind.js';

describe('a document that is no result', () => {
  it.each<[unknown, string]>([
    [[1, 2], 'a list'],
    [null, 'the value null'],
    ['text', 'the value "text"'],
    [{}, 'an empty object'],
    [{ a: 1 }, 'an object without a field `schema`'],
    [{ name: 'a', version: '1.0.0', scripts: {} }, 'a package.json'],
    [{ name: 'a', lockfileVersion: 3 }, 'a package-lock.json'],
    [{ $schema: 'https://json-schema.org/', properties: {} }, 'a JSON Schema, and no document of it'],
    [{ schema: 'copytax.doctor/2' }, 'an examination of `copytax doctor`'],
    [{ schema: 'copytax.repeatability/1' }, 'a series of `npm run repeatability`'],
    [{ schema: 'copytax.variance/1' }, 'an experiment of `npm run variance`'],
    [{ schema: 'copytax.result/99' }, 'a document of a newer version of copytax, "copytax.result/99"'],
    [{ schema: 'copytax.result/0' }, 'of the schema "copytax.result/0", which this version does not know'],
    [{ schema: 'toString/1' }, 'of the schema "toString/1", which this version does not know'],
    [{ schema: 3 }, 'of the schema 3, which this version does not know'],
  ])('%j is named', (value, what) => {
    expect(documentKind(value, 'copytax.result/3').what).toBe(what);
  });

  it('has a remedy that fits', () => {
    expect(documentKind({ schema: 'copytax.result/4' }, 'copytax.result/3')).toMatchObject({
      path: 'schema',
      remedy: expect.stringContaining('update copytax'),
    });
    expect(documentKind({ schema: 'copytax.result/10' }, 'copytax.result/9').what).toContain('newer version');
    expect(documentKind([], 'copytax.result/3')).toMatchObject({
      path: 'the document',
      remedy: expect.stringContaining('copytax bench --json'),
    });
  });

  it('is never shown whole', () => {
    expect(shown('x'.repeat(1e6)).length).toBeLessThan(70);
    expect(documentKind({ schema: ['y'.repeat(1e6)] }, 'copytax.result/3').what.length).toBeLessThan(150);
  });
});
