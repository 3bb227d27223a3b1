import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { random } from '../../../lib/random.js';
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
    expect(second!.text).toBe('b: not in this page, see the file itself');
  });

  it('says how many bytes it takes, compressed or not', () => {
    const files = [{ name: 'a', document: { text: 'again '.repeat(1000) } }];
    for (const plainBytes of [0, 1e6]) {
      const packed = packedData(files, plainBytes);
      const typeIn = (roomBytes: number) =>
        scriptsOf(String(embeddedData(packed, roomBytes))).map(({ attributes }) => attributes.get('type'));
      expect(typeIn(packed.bytes)).toEqual([plainBytes > 0 ? 'application/json' : 'application/gzip']);
      expect(typeIn(packed.bytes - 1)).toEqual(plainBytes > 0 ? ['application/gzip'] : []);
      expect(typeIn(packed.leastBytes - 1)).toEqual([]);
    }
  });

  it('is whole where there is room, and says so', () => {
    expect(embedded([{ name: 'a', document: 1 }], 1000)).toContain('They are in this page.');
    expect(embedded([{ name: 'a', document: 1 }], 1)).not.toContain('They are in this page.');
  });

  it('has shorter forms where there is no room for the whole, the same of all before more of one', () => {
    const next = random(1);
    const numbers = (count: number) => Array.from({ length: count }, () => next());
    const fileOf = (name: string) => ({
      name,
      document: numbers(1000),
      shorter: [
        { ending: '-half', holds: 'the <half>', lacks: 'the other', document: numbers(500) },
        { ending: '-tenth', holds: 'a tenth', lacks: 'the rest', document: numbers(100) },
      ],
    });
    const packed = packedData([fileOf('a'), fileOf('b'), { name: 'c', document: numbers(10) }], 0);
    const [whole, half, tenth] = packed.files[0]!.forms.map(({ bytes }) => bytes) as [number, number, number];
    const shownIn = (roomBytes: number) => {
      const part = String(embeddedData(packed, roomBytes));
      const sizes = scriptsOf(part).map(({ text }) => JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString()));
      expect(scriptsOf(part).reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(roomBytes);
      return sizes.map(({ length }) => length);
    };
    const slack = 200;
    expect(shownIn(packed.leastBytes)).toEqual([100, 100, 10]);
    expect(shownIn(packed.leastBytes + half - tenth + slack)).toEqual([500, 100, 10]);
    expect(whole).toBeGreaterThan(2 * half - tenth - slack);
    expect(shownIn(packed.leastBytes + 2 * (half - tenth) + slack)).toEqual([500, 500, 10]);
    expect(shownIn(packed.bytes)).toEqual([1000, 1000, 10]);
    const said = elementsOfPart(String(embeddedData(packed, packed.leastBytes))).filter(({ name }) => name === 'li');
    expect(said[1]!.text).toContain('b-tenth.json.gz');
    expect(said[1]!.text).toContain('a tenth, without the rest');
  });
});
