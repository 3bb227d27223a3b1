import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { avoidedWords, longLines, MAX_COLUMNS } from './language.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const inFolder = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.([cm]?[jt]s|cc|h|sh|md)$/.test(file))
    .map((file) => `${folder}/${file}`);
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const FOLDERS = ['lib', 'dev', 'benchmarks', 'native', 'scripts', 'docs', 'test', 'examples', 'deploy'];
const files = [...FOLDERS.flatMap(inFolder), 'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md'];
/** They name the words. */
const NAMING = ['CONTRIBUTING.md', 'test/documents/language.ts', 'test/documents/language.test.ts'];

describe('code and documents', () => {
  it('avoid words that hide who does something, or how often', () => {
    const others = files.filter((file) => !NAMING.includes(file));
    expect(others.length).toBeGreaterThan(500);
    expect(others.flatMap((file) => avoidedWords(file, read(file)))).toEqual([]);
  });

  it(`have lines of at most ${MAX_COLUMNS} columns`, () => {
    expect(files.flatMap((file) => longLines(file, read(file)))).toEqual([]);
  });
});

describe('avoidedWords', () => {
  it('names each word with its line', () => {
    expect(avoidedWords('a.ts', '// Whoever waits\n// for so many turns glances.\n')).toEqual([
      'a.ts:1 Whoever',
      'a.ts:2 so many ',
      'a.ts:2 glances',
    ]);
  });

  it('names verbs that stand for others, and passes over the answers that a trace records', () => {
    const planted = '// It answers 1, lest\n// it is had in vain.\n// the answers of Linux\n';
    expect(avoidedWords('a.ts', planted)).toEqual(['a.ts:1 answers', 'a.ts:1 lest', 'a.ts:2 is had', 'a.ts:2 in vain']);
  });

  it('passes over a count that has a consequence', () => {
    expect(avoidedWords('a.ts', '// so many designs that one differs by chance\n')).toEqual([]);
  });
});

describe('longLines', () => {
  const wide = 'x '.repeat(61);

  it('names comments and sentences with more columns, counted in characters', () => {
    expect(longLines('a.ts', `// ${wide}\n * ${wide}\n// ${'é '.repeat(58)}\n`)).toEqual(['a.ts:1', 'a.ts:2']);
    expect(longLines('a.md', `${wide}\n* ${wide}\n`)).toEqual(['a.md:1', 'a.md:2']);
  });

  it('names lines of code with more columns, but no text that a test expects', () => {
    expect(longLines('a.ts', `const a = '${wide}';\n  '${wide}',\n`)).toEqual(['a.ts:1', 'a.ts:2']);
    expect(longLines('test/a.ts', `const a = '${wide}';\n  '${wide}',\n`)).toEqual(['test/a.ts:1']);
  });

  it('passes over tables and generated parts', () => {
    expect(longLines('a.md', `| ${wide}\n<!-- docs: a -->\n${wide}\n<!-- /docs -->\n${'x'.repeat(200)}\n`)).toEqual([]);
  });
});
