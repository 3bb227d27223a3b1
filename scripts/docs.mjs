// `npm run docs`: writes every figure of the documents from a committed result, so that no number is typed by hand.
// In README.md and some pages of docs this script owns the text between `<!-- docs: NAME -->` and `<!-- /docs -->`; the
// rest is prose.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { priceFrom, publishedPrices } from '../dist/benchmarks/convert-in-place/conversion-prices.js';
import { readSeries } from '../dist/dev/repeatability/series-file.js';
import { repeatabilityText } from '../dist/dev/repeatability/tables.js';
import { variancePage } from '../dist/dev/variance/tables.js';
import { readVariance } from '../dist/dev/variance/variance-file.js';
import { doctorSchema } from '../dist/lib/bench/doctor/doctor-schema.js';
import { readResult } from '../dist/lib/bench/index.js';
import { DESIGN_NAMES } from '../dist/lib/designs/designs.js';
import { doctorText } from '../dist/lib/report/doctor-text.js';
import { plots, textReport, verdict } from '../dist/lib/report/index.js';
import { priceSentence } from '../dist/lib/report/price-sentence.js';
import { isSweep } from '../dist/lib/report/sweep/sweep.js';
import { priceText } from '../dist/lib/report/tables/break-evens.js';
import { pricesTables } from '../dist/lib/report/tables/prices.js';

const RESULTS = 'benchmarks/results';
const EXAMINATIONS = `${RESULTS}/doctor`;
const CONVERT = 'docs/convert-in-place.md';
const DESIGNS = 'docs/designs.md';
const DOCTOR = 'docs/doctor.md';
const VARIANCE = 'docs/design/0033-where-the-variance-comes-from.md';
const VARIANCE_DATA = `${RESULTS}/run-variance.json.gz`;
const REPEATABILITY = 'docs/design/0034-intervals-that-hold-for-the-next-run.md';
const BLOCK = /(<!-- docs: (\S+) -->\n)[\s\S]*?(<!-- \/docs -->)/g;
const BENCH = `npm run bench -- --json ${RESULTS}/NAME.json`;
const EXAMINE = `npx copytax doctor --json > ${EXAMINATIONS}/NAME.json`;
const NO_EXAMINATION = `None is committed yet: \`${EXAMINE}\`, then \`npm run docs\`.`;
const NO_RESULT = `No result is committed yet: \`${BENCH}\`, then \`npm run docs\`.`;

/** The complete results, newest first: `{ file, result }`. */
function results(root) {
  const folder = join(root, RESULTS);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  const complete = files
    .map((name) => ({ file: `${RESULTS}/${name}`, result: readResult(join(folder, name)) }))
    .filter(({ result }) => result.complete);
  const created = ({ result }) => Date.parse(result.environment.created);
  return complete.sort((a, b) => created(b) - created(a));
}

/** The texts of the blocks of README.md, by name. */
function blocks(shown, pictures) {
  if (shown === null) return { plot: NO_RESULT, verdict: NO_RESULT };
  const [first] = pictures;
  const lines = [verdict(shown.result).join('\n'), ...pricesTables(shown.result)].join('\n\n');
  const source = `From [${shown.file}](${shown.file})`;
  const whole = 'the whole report is in [docs/examples/bench.txt](docs/examples/bench.txt).';
  return {
    plot: first === undefined ? NO_RESULT : `![${altText(shown.result)}](docs/${first.file})`,
    verdict: `\`\`\`text\n${lines}\n\`\`\`\n\n${source}; ${whole}`,
  };
}

function altText(result) {
  const designs = new Set(result.results.flatMap(({ params }) => params.design ?? []));
  const parts = 'copies, slot and page work, locks and the rest';
  return `CPU cores per 100 Gbit/s of ${[...designs].join(', ')}, split into ${parts}`;
}

/** What others have published of the price of a conversion, as a table. */
function conversionPrices() {
  const rows = publishedPrices().map((published) => {
    const { name, platform, quoted, includes, leavesOut, source } = published;
    const origin = `[${source.title}](${source.address}), ${source.date}`;
    return [name, priceText(priceFrom(published)), quoted, includes, leavesOut, platform, origin];
  });
  const head = ['figure', 'price', 'in the source', 'is of', 'leaves out', 'measured on', 'source'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The blocks of the document about designs: a table of all, and a few sentences on each. */
function designTexts(shown) {
  const texts = DESIGN_NAMES.map((name) => {
    const sentence = shown === null ? null : priceSentence(shown.result, name);
    return [`design-${name}`, sentence === null ? NO_RESULT : `> On the host of the result: ${sentence}`];
  });
  const tables = shown === null ? [] : pricesTables(shown.result);
  const table = tables.length === 0 ? NO_RESULT : `\`\`\`text\n${tables.join('\n\n')}\n\`\`\``;
  return { ...Object.fromEntries(texts), 'design-table': table };
}

/** The newest examination that is committed, as text; null if there is none. */
function examination(root) {
  const folder = join(root, EXAMINATIONS);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  const all = files.map((name) => doctorSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
  const [newest] = all.sort((a, b) => Date.parse(b.created) - Date.parse(a.created));
  return newest === undefined ? null : doctorText(newest);
}

/** The figures of the experiment on variance. Takes seconds, since each component has a bootstrap. */
function variances(root) {
  const path = join(root, VARIANCE_DATA);
  if (!existsSync(path)) return `No data are committed yet: \`npm run variance -- --out ${VARIANCE_DATA}\`.`;
  return `From [${VARIANCE_DATA}](../../${VARIANCE_DATA}). ${variancePage(readVariance(path))}`;
}

/** The figures of a series of runs: `which` is `default` or `quick`. */
function repeatability(root, which) {
  const file = `${RESULTS}/repeatability-${which}.json.gz`;
  if (!existsSync(join(root, file))) {
    const quick = which === 'quick' ? ' --quick' : '';
    return `No series is committed yet: \`npm run repeatability -- --runs 20${quick} --out ${file}\`.`;
  }
  return `\`\`\`text\n${repeatabilityText(readSeries(join(root, file)))}\n\`\`\`\n\nFrom [${file}](../../${file}).`;
}

/** A document with its generated blocks as they should be. */
function filled(root, file, texts) {
  return readFileSync(join(root, file), 'utf8').replace(BLOCK, (_all, begin, name, end) => {
    if (texts[name] === undefined) throw new Error(`${file} asks for ${name}, which nothing generates`);
    return `${begin}${texts[name]}\n${end}`;
  });
}

/** Every generated file as it should be: a map from paths to texts. */
export function generate(root) {
  const all = results(root);
  const shown = all.find(({ result }) => !isSweep(result)) ?? null;
  const sweep = all.find(({ result }) => isSweep(result));
  const pictures = shown === null ? [] : plots(shown.result);
  const texts = blocks(shown, pictures);
  const files = new Map([
    ['README.md', filled(root, 'README.md', texts)],
    [DESIGNS, filled(root, DESIGNS, designTexts(shown))],
    [VARIANCE, filled(root, VARIANCE, { 'run-variance': variances(root) })],
    [
      REPEATABILITY,
      filled(root, REPEATABILITY, {
        'repeatability-default': repeatability(root, 'default'),
        'repeatability-quick': repeatability(root, 'quick'),
      }),
    ],
    [CONVERT, filled(root, CONVERT, { 'conversion-prices': conversionPrices() })],
  ]);
  const examined = examination(root);
  const text = examined === null ? NO_EXAMINATION : `\`\`\`text\n${examined}\`\`\``;
  files.set(DOCTOR, filled(root, DOCTOR, { examination: text }));
  if (examined !== null) files.set('docs/examples/doctor.txt', examined);
  for (const { file, svg } of pictures) files.set(`docs/${file}`, svg);
  if (shown !== null) files.set('docs/examples/bench.txt', textReport(shown.result));
  if (sweep !== undefined) files.set('docs/examples/sweep.txt', textReport(sweep.result));
  return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  for (const [file, text] of generate(root)) {
    const path = join(root, file);
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`wrote ${file}`);
  }
}
