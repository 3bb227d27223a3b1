import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { DESIGNS } from '../lib/net/designs.js';
import { scratchFolder } from './scratch.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');

const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].concat(
  readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
);

describe('the documents', () => {
  it('say what `npm run docs` would write', async () => {
    const script = new URL('../../scripts/docs.mjs', import.meta.url).href;
    const { generate } = (await import(script)) as { generate(root: string): Map<string, string> };
    for (const [file, text] of generate(root)) {
      expect({ file, text: existsSync(join(root, file)) ? read(file) : null }).toEqual({ file, text });
    }
  });

  it('show a program that works', () => {
    const text = /```js\n(.*?)```/s.exec(read('README.md'))![1]!;
    const folder = scratchFolder();
    const model = new URL('../lib/index.js', import.meta.url).href;
    writeFileSync(join(folder, 'program.mjs'), text.replace("'copytax'", `'${model}'`));
    const run = spawnSync(process.execPath, [join(folder, 'program.mjs')], { encoding: 'utf8' });
    const copies = Object.values(DESIGNS).map(
      ({ name, payloadCopies }) => `${name}: N Gbit/s, copies per byte: ${payloadCopies}\n`,
    );
    expect({ stderr: run.stderr, lines: run.stdout.replaceAll(/\d+ Gbit/g, 'N Gbit') }).toEqual({
      stderr: '',
      lines: copies.join(''),
    });
  });

  it.each(documents)('%s links only to files that exist', (document) => {
    const targets = [...read(document).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1]!);
    const local = targets.filter((target) => !/^[a-z]+:/.test(target));
    expect(local.filter((target) => !existsSync(join(root, dirname(document), target)))).toEqual([]);
  });
});
