import { describe, expect, it } from '@jest/globals';
import { COMPARISON_SCHEMA } from '../../../lib/bench/compare/comparison.js';
import { comparisonJsonSchema } from '../../../lib/bench/compare/comparison-schema.js';

describe('the JSON Schema of comparisons', () => {
  it('has its version, and closes no object to what later versions may write', () => {
    expect(comparisonJsonSchema()).toMatchObject({
      $id: `urn:${COMPARISON_SCHEMA.replaceAll(/[./]/g, ':')}`,
      properties: { compared: { type: 'array' }, conditions: { type: 'array' } },
    });
    expect(JSON.stringify(comparisonJsonSchema())).not.toContain('"additionalProperties":false');
  });
});
