import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fleetDocument } from '../../../lib/bench/fleet/fleet-document.js';
import { fleetJsonSchema, fleetSchema } from '../../../lib/bench/fleet/fleet-schema.js';
import { scratchFolder } from '../../scratch.js';
import { collect, writeSmallFleet } from './fixtures/small-fleet.js';

describe('the schema of a fleet', () => {
  it('is published as JSON Schema, to which a document conforms', () => {
    const published = JSON.parse(readFileSync(resolve('schemas/copytax.fleet-1.schema.json'), 'utf8'));
    expect(published).toEqual(JSON.parse(JSON.stringify(fleetJsonSchema())));
    const isValid = new Ajv2020({ strict: false }).compile(published);
    const document = fleetDocument(collect(writeSmallFleet(scratchFolder(), 3)));
    expect(isValid(JSON.parse(JSON.stringify(document)))).toBe(true);
    expect(isValid({ ...document, runs: 'many' })).toBe(false);
  });

  it('refuses a document of another version', () => {
    expect(fleetSchema().safeParse({ schema: 'copytax.fleet/2' }).success).toBe(false);
  });
});
