import { describe, expect, it } from '@jest/globals';
import { BENCH_OPTIONS } from '../../../lib/bench/plan/bench-option-table.js';
import { parseResult, RESULT_SCHEMA, resultJsonSchema } from '../../../lib/bench/result/result.js';
import { FakeClock, scriptedRecorder } from '../fixtures/scripted.js';

const document = () => scriptedRecorder(new FakeClock()).document({ complete: true, interrupted: false });

describe('a result document', () => {
  it('is the same after it was written as JSON and read again', () => {
    expect(parseResult(JSON.parse(JSON.stringify(document())), 'a.json')).toEqual(document());
  });

  it('keeps the setting that each option makes', () => {
    const read = parseResult(JSON.parse(JSON.stringify(document())), 'a.json');
    for (const { settings } of [document(), read]) {
      expect(Object.keys(settings)).toEqual(expect.arrayContaining(Object.keys(BENCH_OPTIONS)));
    }
  });

  it('is read from files of versions that had one percentage and one acknowledgement delay', () => {
    const { percents, ackDelaysNs, ...settings } = document().settings;
    expect({ percents, ackDelaysNs }).toEqual({ percents: [90], ackDelaysNs: [0] });
    expect(parseResult({ ...document(), settings }, 'a.json').settings).toMatchObject({
      percents: [90],
      ackDelaysNs: [0],
    });
  });

  it('has no poolBytes unless its file has them', () => {
    expect(parseResult(document(), 'a.json').settings).not.toHaveProperty('poolBytes');
  });

  it('is read from files of versions that had one way of running a design', () => {
    const { growths, flavours, freeDispatches, ...settings } = document().settings;
    expect({ growths, flavours, freeDispatches }).toEqual({
      growths: ['none'],
      flavours: ['hardened'],
      freeDispatches: ['design'],
    });
    const older = { ...document(), settings };
    expect(parseResult(JSON.parse(JSON.stringify(older)), 'a.json')).toEqual(document());
  });

  it('is read from files of versions that had one slot pool', () => {
    const { pools, ...settings } = document().settings;
    expect(pools).toEqual([64 << 20]);
    const older = parseResult({ ...document(), settings: { ...settings, poolBytes: 16 << 20 } }, 'a.json');
    expect(older.settings).toEqual({ ...settings, pools: [], poolBytes: 16 << 20 });
  });

  it.each([
    ['a document of another schema', { ...document(), schema: 'copytax.result/0' }, 'schema'],
    ['a document without ratios', { ...document(), ratios: undefined }, 'ratios'],
    ['a number', 42, 'the document'],
  ])('is not read from %s', (_name, value, path) => {
    expect(() => parseResult(value, 'a.json')).toThrow(
      expect.objectContaining({
        code: 'ERR_RESULT_SCHEMA',
        details: { source: 'a.json', path, reason: expect.any(String), remedy: expect.any(String) },
      }),
    );
  });

  it('has a JSON Schema, which describes its facts', () => {
    const text = JSON.stringify(resultJsonSchema());
    expect(text).toContain(RESULT_SCHEMA);
    expect(text).toContain('2020-12');
    expect(text).toContain('frequency governor');
  });
});
