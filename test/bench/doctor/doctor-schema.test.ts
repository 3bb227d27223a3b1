import { describe, expect, it } from '@jest/globals';
import { DOCTOR_SCHEMA, doctorJsonSchema } from '../../../lib/bench/doctor/doctor-schema.js';

describe('the schema of an examination', () => {
  it('is exported as JSON Schema, with its version', () => {
    const schema = doctorJsonSchema() as { properties: Record<string, unknown> };
    expect(schema.properties.schema).toMatchObject({ const: DOCTOR_SCHEMA });
    expect(Object.keys(schema.properties)).toEqual(
      expect.arrayContaining(['verdict', 'judgements', 'guards', 'missing']),
    );
  });
});
