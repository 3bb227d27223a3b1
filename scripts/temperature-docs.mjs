// What docs/copy-temperature.md shows of a committed result.
import { join } from 'node:path';
import { readResult } from '../dist/lib/bench/index.js';
import { textReport } from '../dist/lib/report/index.js';
import { plots } from '../dist/lib/report/plots/index.js';
import { hostLine } from '../dist/lib/report/tables/host-line.js';

const RESULT = 'benchmarks/results/temperature/amd-epyc-family-26-2-cpu-kvm.json.gz';
/** Sentences below the tables. */
const SENTENCES = /^ {2}(?:The floor is|With .* queued|.*: slower from) /;

/** The text and the picture of docs/copy-temperature.md. */
export function temperature(root) {
  const result = readResult(join(root, RESULT));
  const { svg } = plots(result).find(({ file }) => file === 'copy-temperature.svg');
  const said = textReport(result)
    .split('\n')
    .filter((line) => SENTENCES.test(line))
    .map((line) => line.trim());
  const picture = '![What the second copy of 64 KiB costs, by the bytes queued before it](copy-temperature.svg)';
  const text = `${picture}\n\n${hostLine(result)}:\n\n\`\`\`text\n${said.join('\n')}\n\`\`\`\n`;
  return { svg, texts: { temperature: text } };
}
