import { describe, expect, it } from '@jest/globals';
import { parseSizing, type SizingDocument } from '../../../lib/capture/files/sizing-schema.js';
import { sizingOfCapture, sizingOfFlows } from '../../report/fixtures/sizing.js';

const written = (document: unknown) => JSON.parse(JSON.stringify(document));
const sizing = written(await sizingOfCapture()) as SizingDocument;
const [pool] = sizing.pools;

describe('parseSizing', () => {
  it.each([
    ['a capture', sizingOfCapture],
    ['flows', sizingOfFlows],
  ])('returns a size for %s as it was written', async (_, make) => {
    const document = written(await make());
    expect(parseSizing(document, 'a file')).toEqual(document);
  });

  it('leaves out what a later version may have added', () => {
    const pools = sizing.pools.map((one) => ({ ...one, added: 'later' }));
    expect(parseSizing({ ...sizing, pools }, 'a file')).toEqual(sizing);
  });

  it.each([
    ['pools.0.failures.high', { pools: [{ ...pool, failures: { ...sizing.pools.at(-1)!.failures, high: '1' } }] }],
    ['pools.0.slots', { pools: [{ ...pool, slots: -1 }] }],
    ['pools.0.failingShare', { pools: [{ ...pool, failingShare: 1.5 }] }],
    ['recommended.token', { recommended: { ...sizing.recommended, token: null } }],
    ['loads', { loads: undefined }],
    ['compared.0.name', { compared: [{ ...sizing.compared[0], name: '<b>' }] }],
    ['memoryFrom', { memoryFrom: 5 }],
  ])('names %s where that is wrong', (path, change) => {
    expect(() => parseSizing({ ...sizing, ...change }, 'a file')).toThrow(
      expect.objectContaining({
        code: 'ERR_RESULT_SCHEMA',
        message: expect.stringContaining(`a file is not a whole copytax.size/1 document: ${path}: `),
      }),
    );
  });
});
