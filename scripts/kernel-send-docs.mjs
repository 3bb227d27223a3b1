// What docs/kernel-control-plane.md shows of a committed result: the newest of its folder.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readResult } from '../dist/lib/bench/index.js';
import { linuxControlLines } from '../dist/lib/report/linux-control.js';
import { linuxSendLines, linuxSendsTable } from '../dist/lib/report/linux-sends.js';
import { conditions, headline } from '../dist/lib/report/tables/conditions.js';
import { REPORT_WIDTH, wrap } from '../dist/lib/report/tables/format.js';
import { hostLine } from '../dist/lib/report/tables/host-line.js';

const FOLDER = 'benchmarks/results/kernel-send';
const COMMAND = `npm run bench -- --only tx-designs,kernel-send,zerocopy-break-even --full --json ${FOLDER}/NAME.json`;
const NONE = `No result is committed yet: \`${COMMAND}\`, then \`npm run docs\`.`;
/** Of a table with all cells: what one sender sends hot, in sizes from a page to a MiB. */
const SHOWN = ({ params }) => params.senders === 1 && params.state === 'hot';

const fenced = (lines) => `\`\`\`text\n${lines.join('\n')}\n\`\`\``;

/** The texts of the blocks of the page. */
export function kernelSends(root) {
  const folder = join(root, FOLDER);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => /\.json(\.gz)?$/.test(name)) : [];
  const results = files.map((name) => readResult(join(folder, name)));
  const [result] = results.sort((a, b) => Date.parse(b.environment.created) - Date.parse(a.environment.created));
  if (result === undefined) return { 'linux-sends': NONE, 'linux-verdict': NONE };
  const cells = result.results.filter(({ scenario }) => scenario === 'kernel-send');
  const said = linuxSendLines(result, cells);
  const { tables } = result.scenarios.find(({ name }) => name === 'kernel-send');
  const found = tables.flatMap(({ legend = [] }) => legend).filter((line) => /^(?:Check|Left out): /.test(line));
  const notes = [...said, ...found].flatMap((line) => wrap(line, REPORT_WIDTH, '  '));
  const sends = fenced([linuxSendsTable(cells.filter(SHOWN)), '', ...notes]);
  const condition = headline(conditions(result));
  const lines = condition === null ? [] : linuxControlLines(result, condition);
  const none = `The committed result has none, because it has no costs of the transmit designs: \`${COMMAND}\`.`;
  return {
    'linux-sends': `${wrap(`${hostLine(result)}; hot sources and one sender:`, REPORT_WIDTH).join('\n')}\n\n${sends}`,
    'linux-verdict': lines.length === 0 ? none : fenced(lines),
  };
}
