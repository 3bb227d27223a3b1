// What docs/pollution.md shows of a committed result.
import { join } from 'node:path';
import { readResult } from '../dist/lib/bench/index.js';
import { plots } from '../dist/lib/report/plots/index.js';
import { pollutionSentences, pollutionTables } from '../dist/lib/report/speed/pollution-text.js';
import { wrap } from '../dist/lib/report/tables/format.js';
import { hostLine } from '../dist/lib/report/tables/host-line.js';

const RESULT = 'benchmarks/results/pollution/amd-epyc-family-26-2-cpu-kvm.json.gz';
const COLUMNS = 112;

/** The texts and the picture of docs/pollution.md. */
export function pollution(root) {
  const result = readResult(join(root, RESULT));
  const { svg } = plots(result).find(({ file }) => file === 'pollution.svg');
  const cells = result.results.filter(({ scenario }) => scenario === 'pollution');
  const fenced = (lines) => `\`\`\`text\n${lines.join('\n')}\n\`\`\`\n`;
  const said = pollutionSentences(cells).flatMap((sentence) => wrap(sentence, COLUMNS, '  '));
  const picture = '![What bounces cost victims, and what copies and reads of the device take](pollution.svg)';
  const warnings = result.warnings.map(({ code }) => code);
  const warned = warnings.length === 0 ? '' : `\n\nThe run warned of ${warnings.join(', ')}.`;
  const answer = `${wrap(hostLine(result), COLUMNS).join('\n')}.${warned}\n\n${fenced(said)}\n${picture}\n`;
  const tables = fenced([pollutionTables(cells).join('\n\n')]);
  return { svg, texts: { 'pollution-answer': answer, 'pollution-tables': tables } };
}
