import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { scratchFolder } from '../scratch.js';
import { programsOf } from './programs.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');
/** Generated blocks are examples, which have tests of their own. */
const written = (file: string) => read(file).replace(/<!-- docs: [\s\S]*?<!-- \/docs -->/g, '');

const DOCUMENTS = ['README.md', 'docs/tutorial-library.md'];
const programs = DOCUMENTS.flatMap((document) =>
  programsOf(written(document)).map((program, at) => ({ name: `${document}, program ${at + 1}`, program })),
);

/** A folder where the package is installed, with a result and a trace in it. */
function installation(): string {
  const folder = scratchFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/copytax'));
  copyFileSync(join(root, 'benchmarks/results/amd-epyc-2-cpu-kvm.json'), join(folder, 'result.json'));
  copyFileSync(join(root, 'test/fixtures/oracle/a1-single-1024.jsonl.gz'), join(folder, 'trace.jsonl.gz'));
  return folder;
}

describe('the programs that documents show', () => {
  it('are at least one for each door', () => {
    const all = programs.map(({ program }) => program).join('');
    const doors = ['', '/memory', '/slots', '/bench', '/report', '/plots', '/trace'];
    expect(doors.filter((door) => !all.includes(`from 'copytax${door}'`))).toEqual([]);
  });

  // The one that runs all designs takes ten seconds, and has a test of its own.
  const short = programs.filter(({ program }) => !program.includes('DESIGN_NAMES'));
  it.each(short)('work: $name', ({ program }) => {
    const cwd = installation();
    writeFileSync(join(cwd, 'program.mjs'), program);
    const { status, stderr } = spawnSync(process.execPath, ['program.mjs'], { encoding: 'utf8', cwd });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe('programsOf', () => {
  it('takes blocks of JavaScript that import something, and no others', () => {
    const text = "```js\nimport 'a';\nb();\n```\n\n```js\nb();\n```\n\n```sh\nimport 'c';\n```\n";
    expect(programsOf(text)).toEqual(["import 'a';\nb();\n"]);
  });
});
