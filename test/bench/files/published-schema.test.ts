import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { publishedSchema, writtenForm } from '../../../lib/bench/files/published-schema.js';

const schema = z.object({ size: z.number().default(3).describe('bytes'), inner: z.object({ more: z.string() }) });

describe('the written form of a schema', () => {
  it('has what a document always says, also where a reader would fill it in', () => {
    expect(writtenForm(schema)).toMatchObject({ required: ['size', 'inner'] });
  });

  it('allows fields of later versions everywhere', () => {
    expect(JSON.stringify(writtenForm(schema))).not.toContain('additionalProperties');
    expect(writtenForm(z.record(z.string(), z.number()))).toMatchObject({ additionalProperties: { type: 'number' } });
  });
});

describe('a published schema', () => {
  it('says its draft, its version and what it is of', () => {
    const head = { version: 'copytax.result/3', title: 'Result', description: 'What was measured.' };
    const { title, description } = head;
    expect(publishedSchema(head, writtenForm(schema))).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'urn:copytax:result:3',
      title,
      description,
      properties: { size: { description: 'bytes' } },
    });
  });
});
