import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DataFile, embeddedData, packedData, scriptJson } from '../../../lib/report/html/embedded-data.js';
import { elementsOfPart } from '../fixtures/elements.js';
import { hostileText } from '../fixtures/hostile.js';

const embedded = (files: readonly DataFile[], roomBytes: number, plainBytes = roomBytes) =>
  String(embeddedData(packedData(files, plainBytes), roomBytes));
const scriptsOf = (part: string) => elementsOfPart(part).filter(({ name }) => name === 'script');

describe('the data of a page', () => {
  it('is the document, whatever texts it has', () => {
    fc.assert(
      fc.property(hostileText, fc.jsonValue(), (text, value) => {
        const document = { text, value, [text]: 1 };
        const [script, ...others] = scriptsOf(embedded([{ name: text, document }], 1e6));
        expect(others).toEqual([]);
        expect(JSON.stringify(JSON.parse(script!.text))).toBe(JSON.stringify(document));
        expect(scriptJson(document)).not.toMatch(/[<>&\u2028\u2029]/);
      }),
    );
  });

  it('is compressed where it would be too much, and named where that is too much, too', () => {
    const document = { text: 'again '.repeat(1000) };
    const files = [
      { name: 'a', document },
      { name: 'b', document },
    ];
    const room = 2 * (scriptsOf(embedded(files, 2000))[0]!.text.length + 1);
    const scripts = scriptsOf(embedded(files, room));
    expect(scripts.map(({ attributes }) => attributes.get('type'))).toEqual(['application/gzip', 'application/gzip']);
    expect(JSON.parse(gunzipSync(Buffer.from(scripts[1]!.text, 'base64')).toString())).toEqual(document);
    const [, second] = elementsOfPart(embedded(files, room / 2)).filter(({ name }) => name === 'li');
    expect(second!.text).toBe('b: too large for a page, see the file itself');
  });

  it('says how many bytes it takes, compressed or not', () => {
    const files = [{ name: 'a', document: { text: 'again '.repeat(1000) } }];
    for (const plainBytes of [0, 1e6]) {
      const packed = packedData(files, plainBytes);
      expect(packed.isPlain).toBe(plainBytes > 0);
      expect(embeddedData(packed, packed.bytes).toString()).not.toContain('too large');
      expect(embeddedData(packed, packed.bytes - 1).toString()).toContain('too large');
    }
  });
});
