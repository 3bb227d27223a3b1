// What docs/scaling.md shows of a committed result.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readResult } from '../dist/lib/bench/index.js';
import { plots } from '../dist/lib/report/plots/index.js';
import { scalingSentences } from '../dist/lib/report/speed/scaling-text.js';
import { REPORT_WIDTH, wrap } from '../dist/lib/report/tables/format.js';
import { hostLine } from '../dist/lib/report/tables/host-line.js';
import { cellsShownAs } from '../dist/lib/report/tables/specs.js';

const RESULT = 'benchmarks/results/scaling/amd-epyc-family-26-2-cpu-kvm.json.gz';

const NONE = `No result is committed yet. On a host that does nothing else:

\`\`\`text
mkdir -p benchmarks/results/scaling
npm run bench -- --only scaling --json result.json
gzip -9 < result.json > ${RESULT}
npm run docs
\`\`\`
`;

/** The text of docs/scaling.md, and its picture; null where no result is committed. */
export function scaling(root) {
  if (!existsSync(join(root, RESULT))) return { svg: null, texts: { scaling: NONE } };
  const result = readResult(join(root, RESULT));
  const { svg } = plots(result).find(({ file }) => file === 'scaling.svg');
  const sentences = scalingSentences(result, cellsShownAs(result, 'scaling'));
  const said = sentences.flatMap((line) => wrap(line, REPORT_WIDTH, '  '));
  const picture = '![Rates by number of CPUs, of the transmit path and of bare copies](scaling.svg)';
  const host = wrap(`${hostLine(result)}:`, REPORT_WIDTH).join('\n');
  const text = `${picture}\n\n${host}\n\n\`\`\`text\n${said.join('\n')}\n\`\`\`\n`;
  return { svg, texts: { scaling: text } };
}
