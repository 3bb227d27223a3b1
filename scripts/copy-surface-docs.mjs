// What docs/copy-surface.md shows of a committed result.
import { join } from 'node:path';
import { readResult } from '../dist/lib/bench/index.js';
import { plots } from '../dist/lib/report/plots/index.js';
import { surfaceSentences, surfaceTables } from '../dist/lib/report/speed/surface-text.js';
import { wrap } from '../dist/lib/report/tables/format.js';
import { hostLine } from '../dist/lib/report/tables/host-line.js';

const RESULT = 'benchmarks/results/surface/intel-xeon-2-cpu-kvm.json.gz';
/** Heads of the tables that the page shows; the others are of more sizes, or of more copy kernels. */
const STATES = /^movsb, 64 KiB/;
const OTHERS = /^(?:times random|GB\/s by page size|auto at)/;

const WIDTH = 118;
/** Lines that are no wider than those of documents. */
const lines = (text) => wrap(text, WIDTH, '').map((line) => line.trim());
const block = (text) => `\`\`\`text\n${text}\n\`\`\``;

/** The texts and the picture of docs/copy-surface.md. */
export function copySurface(root) {
  const result = readResult(join(root, RESULT));
  const { svg } = plots(result).find(({ file }) => file === 'copy-surface.svg');
  const cells = result.results.filter(({ scenario }) => scenario === 'copy-surface');
  const tables = surfaceTables(cells, result).filter((table) => table !== null);
  const shown = (head) => tables.filter((table) => head.test(table)).map(block);
  const said = surfaceSentences(cells);
  const sentences = said.map((text) => `* ${lines(text).join('\n  ')}`).join('\n');
  const picture = '![Bytes copied per second by size, for three pairs of states of both sides](copy-surface.svg)';
  return {
    svg,
    texts: {
      'copy-surface': `${picture}\n\n${lines(`${hostLine(result)}.`).join('\n')}\n`,
      'copy-states': `${shown(STATES).join('\n\n')}\n`,
      'copy-details': `${shown(OTHERS).join('\n\n')}\n\n${sentences}\n`,
    },
  };
}
