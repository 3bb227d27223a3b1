// What docs/pollution.md shows of committed results: all of one host, and in sentences what the others say.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readResult } from '../dist/lib/bench/index.js';
import { plots } from '../dist/lib/report/plots/index.js';
import { pollutionSentences, pollutionTables } from '../dist/lib/report/speed/pollution-text.js';
import { wrap } from '../dist/lib/report/tables/format.js';
import { hostLine } from '../dist/lib/report/tables/host-line.js';

const FOLDER = 'benchmarks/results/pollution';
/** The one with tables and the picture. */
const FIRST = 'amd-epyc-family-26-2-cpu-kvm.json.gz';
const COLUMNS = 112;

const fenced = (lines) => `\`\`\`text\n${lines.join('\n')}\n\`\`\`\n`;
const cellsOf = (result) => result.results.filter(({ scenario }) => scenario === 'pollution');

/** The host, its warnings, and the answer in sentences. */
function answerOf(result) {
  const said = pollutionSentences(cellsOf(result)).flatMap((sentence) => wrap(sentence, COLUMNS, '  '));
  const warnings = result.warnings.map(({ code }) => code);
  const warned = warnings.length === 0 ? '' : `\n\nThe run warned of ${warnings.join(', ')}.`;
  return `${wrap(hostLine(result), COLUMNS).join('\n')}.${warned}\n\n${fenced(said)}`;
}

/** The texts and the picture of docs/pollution.md. */
export function pollution(root) {
  const read = (file) => readResult(join(root, FOLDER, file));
  const first = read(FIRST);
  const { svg } = plots(first).find(({ file }) => file === 'pollution.svg');
  const picture = '![What bounces cost victims, and what copies and reads of the device take](pollution.svg)';
  const others = readdirSync(join(root, FOLDER))
    .filter((file) => file !== FIRST)
    .sort();
  return {
    svg,
    texts: {
      'pollution-answer': `${answerOf(first)}\n${picture}\n`,
      'pollution-others': others.map((file) => answerOf(read(file))).join('\n'),
      'pollution-tables': fenced([pollutionTables(cellsOf(first)).join('\n\n')]),
    },
  };
}
