import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { citedSections } from './sections.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const files = ['lib', 'benchmarks', 'dev', 'native', 'scripts'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.([cm]?[jt]s|cc|h|sh)$/.test(file))
    .map((file) => `${folder}/${file}`),
);

describe('the code', () => {
  it('cites no section by its number, to users or to readers', () => {
    expect(files.length).toBeGreaterThan(250);
    expect(files.flatMap((file) => citedSections(file, readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });
});

describe('citedSections', () => {
  it('names each section that is cited, with its line', () => {
    const text = "const a = 'the model of section 8.2';\n// Sections 2 to 3\nconst c = 'what 8.2 has not';\n";
    expect(citedSections('lib/a.ts', text)).toEqual([
      'lib/a.ts:1 section 8',
      'lib/a.ts:2 Sections 2',
      'lib/a.ts:3 8.2 has',
    ]);
  });

  it('passes over sections without a number', () => {
    expect(citedSections('lib/a.ts', "const a = 'each section of 4';\n")).toEqual([]);
  });
});
