/** Each warning has a page that begins with the warning as a user sees it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { LeakedBlocks, PageOwners } from '../../lib/page/page-owners.js';
import { PAGE_TYPE } from '../../lib/page/page-type.js';
import { Arena } from '../../lib/smp/arena.js';
import { testCpu } from '../smp/fixtures/cpus.js';
import { allWarnings } from './all-warnings.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = join(root, 'docs/warnings');
const warnings = Object.values(allWarnings());
/** Printed by Node, not by a report. */
const OF_PROCESS = 'COPYTAX_LEAKED_PAGE';

/** The first thing on the page after its title, without the line breaks. */
function opening(code: string): string {
  const text = readFileSync(join(folder, `${code}.md`), 'utf8');
  const block = /^# (\S+)\n\n```text\n(.*?)\n```\n/s.exec(text);
  expect(block?.[1]).toBe(code);
  return block![2]!.replace(/\s+/g, ' ').trim();
}

/** Numbers, names and which of two words it is differ from run to run. */
const shape = (text: string) =>
  text
    .replace(/\([^)]*\)/g, '(...)')
    .replace(/\d[\d.]*/g, 'N')
    .replace(/\b(higher|lower)\b/, 'apart')
    .replace(/\S+ has N rounds/, 'NAME has N rounds')
    .replace(
      /(?<=: )\S+ does not compile (\S+\/)\w+\.cc: spawnSync \S+/,
      'CXX does not compile $1NAME.cc: spawnSync CXX',
    );

describe('the pages about warnings', () => {
  it('are one for each code, and none of a code that is gone', () => {
    const pages = readdirSync(folder).flatMap((file) => (file === 'README.md' ? [] : file.replace(/\.md$/, '')));
    expect(pages.sort()).toEqual([...warnings.map(({ code }) => code), OF_PROCESS].sort());
  });

  it.each(warnings)('begin for $code with its text', ({ code, seen, why, remedy }) => {
    const [, begin, because, attempt] = /^(.*) why: (.*) try: (.*)$/.exec(opening(code))!;
    expect({ because, attempt }).toEqual({ because: why, attempt: remedy });
    expect(shape(begin!)).toBe(shape(`${code}: ${seen}`));
  });

  it(`begin for ${OF_PROCESS} with its text`, () => {
    const messages: string[] = [];
    const leaked = new LeakedBlocks(Arena.for((arena) => new LeakedBlocks(arena)));
    new PageOwners(leaked, (message) => messages.push(message)).free(testCpu(), 7, PAGE_TYPE.slab, false);
    expect(opening(OF_PROCESS)).toBe(`(node:4711) [${OF_PROCESS}] Warning: ${messages[0]}`);
  });
});
