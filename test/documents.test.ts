import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { DESIGNS } from '../lib/designs/designs.js';
import { deadLinks } from './documents/links.js';
import { programsOf } from './documents/programs.js';
import type { SeenTrial } from './documents/trial-spy.js';
import { scratchFolder } from './scratch.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** At the top level: what git does not track. */
const PASSED_OVER = /^(\.git|\.scratch|build|dist|node_modules|shared|coverage)$/;

/** All files from path to text; the text of those that are neither documents nor code is left empty. */
function readRepository(): Map<string, string> {
  const files = new Map<string, string>();
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (PASSED_OVER.test(path)) continue;
      if (entry.isDirectory()) visit(path);
      else files.set(path, /\.(md|[cm]?[jt]s|cc|h|sh|gyp)$/.test(path) || path.startsWith('.ci/') ? read(path) : '');
    }
  };
  visit('');
  return files;
}

const repository = readRepository();
const documents = [...repository.keys()].filter((file) => file.endsWith('.md'));

/** Writes the program of the tutorial that runs all designs to a file, and returns its path. */
function programOfTutorial(): string {
  const program = programsOf(read('docs/tutorial-library.md')).find((text) => text.includes('DESIGN_NAMES'))!;
  const file = join(scratchFolder(), 'program.mjs');
  writeFileSync(file, program.replace("'copytax'", `'${new URL('../lib/index.js', import.meta.url).href}'`));
  return file;
}

/** Runs a program whose trials measure for so long, instead of as long as it says; returns what it asked for. */
function runShortened(file: string, measureMs: number) {
  const spy = new URL('./documents/trial-spy.js', import.meta.url).href;
  const trialsFile = join(scratchFolder(), 'trials.json');
  const env = { ...process.env, TRIALS_FILE: trialsFile, MEASURE_MS: String(measureMs) };
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', spy, file], { encoding: 'utf8', env });
  return { stdout, stderr, trials: JSON.parse(readFileSync(trialsFile, 'utf8')) as SeenTrial[] };
}

describe('the documents', () => {
  it('say what `npm run docs` would write', async () => {
    const script = new URL('../../scripts/docs.mjs', import.meta.url).href;
    const { generate } = (await import(script)) as { generate(root: string): Map<string, string> };
    for (const [file, text] of generate(root)) {
      expect({ file, text: existsSync(join(root, file)) ? read(file) : null }).toEqual({ file, text });
    }
  });

  it('show a program that works', () => {
    const file = programOfTutorial();
    const printed = (measureMs: number) => {
      const { stdout, stderr } = runShortened(file, measureMs);
      return { stderr, lines: stdout.replaceAll(/\d+ Gbit/g, 'N Gbit') };
    };
    const copies = Object.entries(DESIGNS).map(
      ([name, { promises }]) => `${name}: N Gbit/s, copies per byte: ${promises.userCopies + promises.bounceCopies}\n`,
    );
    const promised = { stderr: '', lines: copies.join('') };
    let last = printed(100);
    // Sockets of bounce-pages learn from their first packets. On a starved host a short trial sends little else.
    for (const measureMs of [500, 2500]) if (last.lines !== promised.lines) last = printed(measureMs);
    expect(last).toEqual(promised);
  });

  it('show programs that run all designs for half a second before they measure one', () => {
    for (const file of [programOfTutorial(), join(root, 'examples/own-design/run.js')]) {
      const { trials } = runShortened(file, 20);
      const first = trials.findIndex(({ measureMs }) => measureMs > 0);
      const measured = trials.slice(first);
      expect(measured.length).toBeGreaterThan(1);
      const warmedMs = (design: string) =>
        trials.slice(0, first).reduce((ms, trial) => ms + (trial.design === design ? trial.warmupMs : 0), 0);
      expect(measured.filter(({ design }) => warmedMs(design) < 500)).toEqual([]);
      // The other designs have run meanwhile, and some code is compiled for them.
      expect(measured.filter(({ warmupMs }) => warmupMs < 500)).toEqual([]);
    }
  });

  it.each(documents)('include %s, which links only to files and headings that exist', (document) => {
    expect(deadLinks(repository, (file) => file === document)).toEqual([]);
  });

  it.each([
    { folder: 'design', atLeast: 16 },
    { folder: 'spec', atLeast: 3 },
    { folder: 'warnings', atLeast: 16 },
  ])('list every page of docs/$folder by its title in the index of the folder', ({ folder, atLeast }) => {
    const index = read(`docs/${folder}/README.md`).replace(/\n */g, ' ');
    const pages = documents.filter((file) => file.startsWith(`docs/${folder}/`) && !file.endsWith('/README.md'));
    const titles = pages.map((file) => `[${/^# (.*)$/m.exec(read(file))![1]}](${file.replace(`docs/${folder}/`, '')})`);
    expect(titles.length).toBeGreaterThanOrEqual(atLeast);
    expect(titles.filter((title) => !index.includes(title))).toEqual([]);
  });

  it('list every folder of pages in docs/README.md', () => {
    const tops = new Set(documents.flatMap((file) => /^docs\/([^/]+)/.exec(file)?.[1] ?? []));
    tops.delete('README.md');
    const index = read('docs/README.md');
    const isListed = (top: string) => index.includes(`](${top})`) || index.includes(`](${top}/README.md)`);
    expect([...tops].filter((top) => !isListed(top))).toEqual([]);
  });

  it('name every folder of sources in the table of folders', () => {
    const rows = read('CONTRIBUTING.md').match(/^\| `.*$/gm)!;
    const folders = [...repository.keys()].flatMap(
      (file) => /^(?:lib\/[^/]+|dev)(?:\/[^/]+)?(?=\/)/.exec(file)?.[0] ?? [],
    );
    const isNamed = (folder: string) => {
      const [, room, inner] = /^(lib\/[^/]+|dev)(?:\/(.*))?$/.exec(folder)!;
      const row = rows.find((text) => text.startsWith(`| \`${room}\``) || text.startsWith(`| \`${room}/\``));
      return row !== undefined && (inner === undefined || row.includes(`\`${inner}\``));
    };
    expect(isNamed('lib/net/nowhere')).toBe(false);
    expect([...new Set(folders)].filter((folder) => !isNamed(folder))).toEqual([]);
  });

  it('are cited by other files only where they exist', () => {
    expect(repository.size).toBeGreaterThan(400);
    const cites = (text: string) => /docs\/\w+\/[\w.-]+\.md#/.test(text);
    const citing = [...repository].filter(([file, text]) => file.endsWith('.ts') && cites(text));
    expect(citing.length).toBeGreaterThan(50);
    expect(deadLinks(repository, (file) => !file.endsWith('.md'))).toEqual([]);
  });
});
