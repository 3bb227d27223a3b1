// `npm run docs`: writes every figure of the documents from a committed result, so that no number is typed by hand.
// In README.md and some pages of docs this script owns the text between `<!-- docs: NAME -->` and `<!-- /docs -->`; the
// rest is prose. It also writes the types of what result files hold, from their schemas, to lib/bench/types.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { priceFrom, publishedPrices } from '../dist/benchmarks/convert-in-place/conversion-prices.js';
import { findingsPage, readFigures } from '../dist/dev/mutate/figures.js';
import { readSeries } from '../dist/dev/repeatability/series-file.js';
import { repeatabilityText } from '../dist/dev/repeatability/tables.js';
import { variancePage } from '../dist/dev/variance/tables.js';
import { readVariance } from '../dist/dev/variance/variance-file.js';
import { compare } from '../dist/lib/bench/compare/comparison.js';
import { readGroups } from '../dist/lib/bench/compare/read-groups.js';
import { parseDoctor } from '../dist/lib/bench/doctor/doctor-schema.js';
import { MINIMAL_EFFECT, readResult } from '../dist/lib/bench/index.js';
import { DESIGN_NAMES } from '../dist/lib/designs/designs.js';
import { HOW_TO_MEET, MEANINGS } from '../dist/lib/error-meanings.js';
import { remedyFor } from '../dist/lib/errors.js';
import { comparisonText } from '../dist/lib/report/compare/comparison-text.js';
import { emailText } from '../dist/lib/report/compare/email.js';
import { headLines } from '../dist/lib/report/compare/head.js';
import { machinesLines } from '../dist/lib/report/compare/machines.js';
import { unlikeLines } from '../dist/lib/report/compare/unlike-lines.js';
import { doctorText } from '../dist/lib/report/doctor-text.js';
import { textReport, verdict } from '../dist/lib/report/index.js';
import { plots } from '../dist/lib/report/plots/index.js';
import { priceSentence } from '../dist/lib/report/price-sentence.js';
import { isSweep } from '../dist/lib/report/sweep/sweep.js';
import { priceText } from '../dist/lib/report/tables/break-evens.js';
import { hostLine } from '../dist/lib/report/tables/host-line.js';
import { pricesTables } from '../dist/lib/report/tables/prices.js';
import { apiPages } from './api.mjs';
import { barsText } from './bars-docs.mjs';
import { copySurface } from './copy-surface-docs.mjs';
import { gallery, galleryText } from './gallery-docs.mjs';
import { kernelSends } from './kernel-send-docs.mjs';
import { libraryTexts } from './library-docs.mjs';
import { pollution } from './pollution-docs.mjs';
import { replays } from './replay-docs.mjs';
import { scaling } from './scaling-docs.mjs';
import { temperature } from './temperature-docs.mjs';
import { toolAgreement } from './tool-docs.mjs';
import { typeFiles } from './types/write.mjs';

const RESULTS = 'benchmarks/results';
/** Two groups of five quick runs of one host, one after the other. */
const SAME_HOST = { first: 'same-host-first.json.gz', second: 'same-host-second.json.gz' };
const EXAMINATIONS = `${RESULTS}/doctor`;
const ERRORS = 'docs/errors.md';
const CONVERT = 'docs/convert-in-place.md';
const DESIGNS = 'docs/designs.md';
const COMPARING = 'docs/comparing.md';
const DOCTOR = 'docs/doctor.md';
const VARIANCE = 'docs/design/0033-where-the-variance-comes-from.md';
const VARIANCE_DATA = `${RESULTS}/run-variance.json.gz`;
const SIZE = 'docs/size.md';
const GALLERY = 'docs/gallery.md';
const RESULTS_PAGE = 'docs/results.md';
const CAPTURE = 'full-nvme12-k6.12.trace.gz';
const MUTATIONS = 'docs/mutations.md';
const MUTATION_DATA = `${RESULTS}/mutations/mutations.json`;
const REPLAY = 'docs/replay.md';
const SCALING = 'docs/scaling.md';
const SURFACE = 'docs/copy-surface.md';
const TEMPERATURE = 'docs/copy-temperature.md';
const LINUX_CONTROL = 'docs/kernel-control-plane.md';
const TOOLS = 'docs/tool-agreement.md';
const POLLUTION = 'docs/pollution.md';
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

/** Lines of at most 80 characters, as a text of Markdown may have them anywhere. */
const folded = (text) => text.replace(/(.{1,80})(?: |$)/g, '$1\n').trimEnd();

/** The texts of the blocks of README.md, by name. */
function blocks(shown, pictures) {
  if (shown === null) return { plot: NO_RESULT, verdict: NO_RESULT };
  const [first] = pictures;
  const lines = [verdict(shown.result).join('\n'), ...pricesTables(shown.result)].join('\n\n');
  const source = `From [${shown.file}](${shown.file})`;
  const whole = 'the whole report is in [docs/examples/bench.txt](docs/examples/bench.txt).';
  return {
    plot: first === undefined ? NO_RESULT : `![${folded(altText(shown.result))}](docs/${first.file})`,
    verdict: `\`\`\`text\n${lines}\n\`\`\`\n\n${source};\n${whole}`,
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

/** Every error code: what it means, what to do, and how to meet it. */
function errorCodes() {
  const sections = Object.keys(MEANINGS)
    .sort()
    .map(
      (code) => `### ${code}\n\n${MEANINGS[code]}\n\n* To do: ${remedyFor(code)}\n* To meet it: ${HOW_TO_MEET[code]}`,
    );
  return sections.join('\n\n');
}

/** The page about error codes, which needs no results. */
export const errorsPage = (root) => filled(root, ERRORS, { 'error-codes': errorCodes() });

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
  const all = files.map((name) => parseDoctor(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
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

/** What became of the planted errors. */
function mutations(root) {
  const path = join(root, MUTATION_DATA);
  if (!existsSync(path)) return `No findings are committed yet: \`npm run mutate -- --out ${MUTATION_DATA}\`.`;
  return `From [${basename(path)}](../${MUTATION_DATA}): ${findingsPage(readFigures(path))}`;
}

/** What `copytax size` prints of a capture in which the pool overflowed. Takes seconds. */
function sizing() {
  const main = fileURLToPath(new URL('../dist/lib/cli/main.js', import.meta.url));
  const cwd = fileURLToPath(new URL('../test/fixtures/captures', import.meta.url));
  const options = { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
  return fenced(`$ npx copytax size ${CAPTURE}\n${execFileSync(process.execPath, [main, 'size', CAPTURE], options)}`);
}

/** Groups of committed results compared: the comparison, and the text of it. */
function compared(root, files) {
  const groups = Object.entries(files).map(([name, file]) => ({ name, files: [join(root, RESULTS, file)] }));
  const { groups: loaded, ...same } = readGroups(groups);
  const comparison = compare(loaded, { minimalEffect: MINIMAL_EFFECT, isStrict: false });
  return { comparison, text: comparisonText(comparison, { ...same, all: false, conditions: [] }) };
}

const fenced = (text) => `\`\`\`text\n${text.trimEnd()}\n\`\`\``;

/** Of each machine the newest default result, as the comparison of machines has them: `{ name: file }`. */
function machinesOf(all) {
  const byHost = new Map();
  for (const { file, result } of all) {
    if (isSweep(result) || result.sampledBy === 'run') continue;
    const { vendor, family, modelNumber } = result.machine.cpu;
    const host = `${vendor} ${family} ${modelNumber}`;
    if (!byHost.has(host)) byHost.set(host, file.slice(RESULTS.length + 1));
  }
  return Object.fromEntries([...byHost.values()].map((file) => [basename(file, '.json'), file]));
}

/** What each of these results is of, as a table. */
function filesTable(root, all, machines) {
  const rows = Object.values(machines).map((file) => {
    const { result } = all.find((one) => one.file === `${RESULTS}/${file}`);
    const { version, commit, created } = result.environment;
    const written = JSON.parse(readFileSync(join(root, RESULTS, file), 'utf8')).schema;
    const link = `[${file}](../${RESULTS}/${file})`;
    return [link, hostLine(result), `${version} (${commit?.slice(0, 9)})`, written, created.slice(0, 10)];
  });
  const head = ['file', 'host', 'taken with', 'schema', 'on'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The blocks of the page about comparisons, and the whole text of the three machines. */
function comparisons(root, all) {
  const machines = machinesOf(all);
  const across = compared(root, machines);
  const same = compared(root, SAME_HOST);
  const { comparison } = across;
  const parts = [headLines(comparison), unlikeLines(comparison), machinesLines(comparison)];
  return {
    whole: across.text,
    texts: {
      'compare-files': filesTable(root, all, machines),
      'compare-same': fenced(same.text),
      'compare-machines': fenced(parts.map((lines) => lines.join('\n')).join('\n\n')),
      'compare-email': fenced(emailText(comparison)),
    },
  };
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
  const replayed = replays(root);
  const temperatures = temperature(root);
  const scales = scaling(root);
  const surface = copySurface(root);
  const polluted = pollution(root);
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
    [ERRORS, errorsPage(root)],
    [RESULTS_PAGE, filled(root, RESULTS_PAGE, { bars: shown === null ? NO_RESULT : fenced(barsText(shown.result)) })],
    [SIZE, filled(root, SIZE, { sizing: sizing() })],
    [MUTATIONS, filled(root, MUTATIONS, { mutations: mutations(root) })],
    [REPLAY, filled(root, REPLAY, replayed.texts)],
    ['docs/replay-occupancy.svg', replayed.svg],
    [TEMPERATURE, filled(root, TEMPERATURE, temperatures.texts)],
    [LINUX_CONTROL, filled(root, LINUX_CONTROL, kernelSends(root))],
    ['docs/copy-temperature.svg', temperatures.svg],
    [TOOLS, filled(root, TOOLS, { 'tool-agreement': toolAgreement(root) })],
    [SCALING, filled(root, SCALING, scales.texts)],
    [SURFACE, filled(root, SURFACE, surface.texts)],
    ['docs/copy-surface.svg', surface.svg],
    [POLLUTION, filled(root, POLLUTION, polluted.texts)],
    ['docs/pollution.svg', polluted.svg],
    [CONVERT, filled(root, CONVERT, { 'conversion-prices': conversionPrices() })],
  ]);
  if (scales.svg !== null) files.set(SCALING.replace('.md', '.svg'), scales.svg);
  const examined = examination(root);
  const text = examined === null ? NO_EXAMINATION : `\`\`\`text\n${examined}\`\`\``;
  files.set(DOCTOR, filled(root, DOCTOR, { examination: text }));
  if (examined !== null) files.set('docs/examples/doctor.txt', examined);
  const { whole, texts: ofComparisons } = comparisons(root, all);
  files.set(COMPARING, filled(root, COMPARING, ofComparisons));
  files.set('docs/examples/compare.txt', whole);
  for (const [file, block] of Object.entries(libraryTexts(root, { shown, machines: machinesOf(all) }))) {
    files.set(file, filled(root, file, block));
  }
  for (const { file, svg } of pictures) files.set(`docs/${file}`, svg);
  const shownPictures = gallery(root, shown?.file ?? null);
  files.set(GALLERY, filled(root, GALLERY, { gallery: galleryText(root, shownPictures) }));
  for (const { shown: name, made } of shownPictures) {
    if (made !== null && !files.has(`docs/${name}`)) files.set(`docs/${name}`, made.svg);
  }
  for (const [file, page] of apiPages(root)) files.set(file, page);
  for (const [file, types] of typeFiles()) files.set(file, types);
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
