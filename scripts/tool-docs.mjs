// What docs/tool-agreement.md shows of the newest committed comparison with other tools.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readAgreement } from '../dist/dev/tools/agreement-file.js';
import { agreementReport } from '../dist/dev/tools/tables.js';

const FOLDER = 'benchmarks/results/tools';
const COMMAND = `npm run tool-agreement -- --out ${FOLDER}/NAME.json`;

/** The text of the page: the whole report, and where it is from. */
export function toolAgreement(root) {
  const folder = join(root, FOLDER);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  const files = names.map((name) => ({ path: `${FOLDER}/${name}`, data: readAgreement(join(folder, name)) }));
  const [newest] = files.sort((a, b) => Date.parse(b.data.created) - Date.parse(a.data.created));
  if (newest === undefined) return `No comparison is committed yet: \`${COMMAND}\`, then \`npm run docs\`.`;
  const { path, data } = newest;
  return `From [${path}](../${path}):\n\n\`\`\`text\n${agreementReport(data).lines.join('\n')}\n\`\`\``;
}
