import { describe, expect, it } from '@jest/globals';
import { DOCTOR_SCHEMA, doctorJsonSchema, parseDoctor } from '../../../lib/bench/doctor/doctor-schema.js';

describe('the schema of an examination', () => {
  it('is exported as JSON Schema, with its version', () => {
    const schema = doctorJsonSchema() as { properties: Record<string, unknown> };
    expect(schema.properties.schema).toMatchObject({ const: DOCTOR_SCHEMA });
    expect(Object.keys(schema.properties)).toEqual(
      expect.arrayContaining(['verdict', 'judgements', 'guards', 'missing']),
    );
  });
});

describe('parseDoctor', () => {
  it.each([
    [null, 'the document'],
    [[], 'the document'],
    [{ schema: DOCTOR_SCHEMA, seconds: 'ten' }, 'version'],
    [{ schema: 'copytax.doctor/1' }, 'version'],
  ])('refuses %j with a code and the place in it', (value, path) => {
    expect(() => parseDoctor(value, 'x.json')).toThrow(
      expect.objectContaining({
        code: 'ERR_RESULT_SCHEMA',
        details: expect.objectContaining({ source: 'x.json', path }),
      }),
    );
  });
});
