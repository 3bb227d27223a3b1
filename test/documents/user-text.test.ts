import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { citedSections } from './user-text.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const sources = ['lib', 'benchmarks', 'dev'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file}`),
);

describe('what users read', () => {
  it('cites no section of a document', () => {
    expect(sources.length).toBeGreaterThan(200);
    expect(sources.flatMap((file) => citedSections(file, readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });
});

describe('citedSections', () => {
  it('names a section in a string or a template, with its line', () => {
    const text = "const a = 'the model of section 8.2';\nconst b = `Sections 2 to 3`;\nconst c = 'what 8.2 has not';\n";
    expect(citedSections('lib/a.ts', text)).toEqual([
      'lib/a.ts:1 section 8',
      'lib/a.ts:2 Sections 2',
      'lib/a.ts:3 8.2 has',
    ]);
  });

  it('passes over comments, and sections without a number', () => {
    expect(citedSections('lib/a.ts', "// section 9\n/* section 1.1 */ const a = 'each section of 4';\n")).toEqual([]);
  });
});
