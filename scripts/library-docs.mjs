// The generated parts of the documents about the package as a library, and of the tutorials: programs and what they
// printed are those of `examples`, and figures are from committed results. `scripts/docs.mjs` calls it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from '../dist/lib/bench/compare/comparison.js';
import { readGroups } from '../dist/lib/bench/compare/read-groups.js';
import { MINIMAL_EFFECT, readResult } from '../dist/lib/bench/index.js';
import { emailText } from '../dist/lib/report/compare/email.js';
import { headLines } from '../dist/lib/report/compare/head.js';
import { machinesLines } from '../dist/lib/report/compare/machines.js';
import { unlikeLines } from '../dist/lib/report/compare/unlike-lines.js';
import { verdict } from '../dist/lib/report/index.js';
import { hostLine } from '../dist/lib/report/tables/host-line.js';

const PLAIN_OR_NOT = 'benchmarks/results/library/when-not-to-use.json';
const PROGRAMS = 'docs/examples/programs';

const fenced = (text, language = 'text') => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
const read = (root, file) => readFileSync(join(root, file), 'utf8');

/** Of each example its program, and what it printed when it was recorded: `program-NAME` and `output-NAME`. */
function examples(root) {
  const folders = readdirSync(join(root, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const texts = folders.flatMap(({ name }) => [
    [`program-${name}`, fenced(read(root, `examples/${name}/run.js`), 'js')],
    [`output-${name}`, fenced(read(root, `${PROGRAMS}/${name}.txt`))],
  ]);
  return Object.fromEntries(texts);
}

const rounded = (value) => Number(value.toPrecision(3)).toString();

/** What `examples/when-not-to-use` measured: for each question, its ways, and their ratios to the first. */
function plainOrNot(root) {
  const result = readResult(join(root, PLAIN_OR_NOT));
  const head = ['', 'way', 'median', 'times the first'];
  const rows = result.scenarios.flatMap(({ name, question }) => {
    const cells = result.results.filter(({ id }) => id.startsWith(`${name}/`));
    return cells.map(({ id, params, summary }, at) => {
      const ratio = result.ratios.find(({ of }) => of === id);
      const interval = ratio === undefined ? '' : `[${rounded(ratio.low)}, ${rounded(ratio.high)}]`;
      const factor = ratio === undefined ? '1' : `${ratio.significant ? '' : '~ '}${rounded(ratio.median)} ${interval}`;
      return [at === 0 ? question : '', `\`${params.way}\``, `${rounded(summary.median)} ns`, factor];
    });
  });
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const codes = [...new Set(result.warnings.map(({ code }) => code))].join(', ') || 'none';
  return `${table}\n\nOn ${hostLine(result)}. Warnings of that run: ${codes}. From [the result](../${PLAIN_OR_NOT}).`;
}

/** The steps from two of the committed machines to a conclusion. `machines` are files of results by name. */
function twoMachines(root, machines) {
  const files = Object.entries(machines).slice(0, 2);
  const groups = files.map(([name, file]) => ({ name, files: [join(root, 'benchmarks/results', file)] }));
  const { groups: loaded } = readGroups(groups);
  const comparison = compare(loaded, { minimalEffect: MINIMAL_EFFECT, isStrict: false });
  const list = files.map(([, file]) => `* [${file}](../benchmarks/results/${file})`);
  const names = files.map(([, file]) => `benchmarks/results/${file}`);
  return {
    'two-files': list.join('\n'),
    'two-command': fenced(`npx copytax compare \\\n  ${names.join(' \\\n  ')}`, 'sh'),
    'two-head': fenced(headLines(comparison).join('\n')),
    'two-unlike': fenced(unlikeLines(comparison).join('\n')),
    'two-email': fenced(emailText(comparison)),
    'two-machines': fenced(machinesLines(comparison).join('\n')),
  };
}

/** The blocks of these documents, by document. `shown` is the result of README, or null. */
export function libraryTexts(root, { shown, machines }) {
  const host = shown === null ? {} : { 'host-verdict': fenced(verdict(shown.result).join('\n')) };
  return {
    'docs/tutorial-host.md': host,
    'docs/tutorial-comparing.md': twoMachines(root, machines),
    'docs/tutorial-library.md': examples(root),
    'docs/when-not-to-use.md': { 'plain-or-not': plainOrNot(root) },
  };
}
