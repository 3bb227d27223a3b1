// docs/gallery.md: every picture that copytax draws, made of committed results. A picture of a new kind is one line of
// ENTRIES; test/documents/gallery.test.ts names the kinds that lack one, or a result.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from '../dist/lib/bench/files/read-json.js';
import { parseResult } from '../dist/lib/bench/result/result.js';
import { parseReplay } from '../dist/lib/capture/files/replay-schema.js';
import { parseSizing } from '../dist/lib/capture/files/sizing-schema.js';
import { plots } from '../dist/lib/report/plots/index.js';
import { replayPlots } from '../dist/lib/report/plots/replay-plot.js';
import { sizingPlots } from '../dist/lib/report/plots/sizing-plot.js';
import { CHARTS } from '../dist/lib/report/plots/svg.js';

const RESULTS = 'benchmarks/results';

const ofResult = (document, file) => plots(parseResult(document, file));
const ofReplay = (document, file) => replayPlots(parseReplay(document, file));
const ofSizing = (document, file) => sizingPlots(parseSizing(document, file));
const bench = (only) => `npx copytax bench${only === undefined ? '' : ` --only ${only}`} --json host.json`;

/**
 * `file`: as copytax names it. `from`: the folder of results, null for the newest default result. `page`: where the
 * picture is explained. `shown`: its name in docs, where that is another.
 */
const ENTRIES = [
  {
    file: 'cores-per-100-gbit.svg',
    tells: 'How many CPU cores 100 Gbit/s cost on each design, and for what.',
    run: bench(),
    from: null,
    page: 'designs.md',
  },
  {
    file: 'copy-cost.svg',
    tells: 'How fast single copies are, by size, copy kernel and state of the caches.',
    run: bench('copy-cost'),
    from: null,
    page: 'README.md',
  },
  {
    file: 'copy-surface.svg',
    tells: 'How fast copies are by size and by where source and destination lie.',
    run: bench('copy-surface'),
    from: 'surface',
    page: 'copy-surface.md',
  },
  {
    file: 'copy-temperature.svg',
    tells: 'What the second copy costs, by what lies queued between the two.',
    run: bench('copy-temperature'),
    from: 'temperature',
    page: 'copy-temperature.md',
  },
  {
    file: 'pollution.svg',
    tells: 'What copies evict from the caches, and what that costs others.',
    run: bench('pollution'),
    from: 'pollution',
    page: 'pollution.md',
  },
  {
    file: 'scaling.svg',
    tells: 'What becomes of rates from one CPU to all.',
    run: bench('scaling'),
    from: 'scaling',
    page: 'scaling.md',
  },
  {
    file: 'cpu-speed.svg',
    tells: 'Whether the CPUs ran at full speed beside each sample.',
    run: bench(),
    from: null,
    page: 'report.md',
  },
  {
    file: 'occupancy.svg',
    tells: 'How full a slot pool was over time, and what was bounced.',
    run: 'npx copytax replay capture.trace.gz --json host.json',
    from: 'replays',
    page: 'replay.md',
    make: ofReplay,
    shown: 'replay-occupancy.svg',
  },
  {
    file: 'pool-size.svg',
    tells: 'How many mappings fail in slot pools of each size, and which size is enough.',
    run: 'npx copytax size capture.trace.gz --json host.json',
    from: 'sizes',
    page: 'size.md',
    make: ofSizing,
  },
];

/** Every kind of picture that copytax draws. */
export const KINDS = [...Object.keys(CHARTS), 'occupancy.svg', 'pool-size.svg'];

/** The committed documents of an entry that have its picture. */
function madeOf(root, { file, from, make = ofResult }, newest) {
  const folder = join(root, RESULTS, from ?? '');
  const names = from === null ? (newest === null ? [] : [newest.slice(RESULTS.length + 1)]) : [];
  if (from !== null && existsSync(folder)) names.push(...readdirSync(folder).sort());
  for (const name of names.filter((one) => /\.json(\.gz)?$/.test(one))) {
    const path = [RESULTS, from, name].filter((part) => part !== null).join('/');
    const svg = make(readJson(join(root, path)), path).find((one) => one.file === file)?.svg;
    if (svg !== undefined) return { path, svg };
  }
  return null;
}

/** The entry with what it is made of; `made` is null where nothing is committed. `newest`: the newest result. */
export function gallery(root, newest) {
  return ENTRIES.filter(({ file }) => KINDS.includes(file)).map((entry) => ({
    ...entry,
    shown: entry.shown ?? entry.file,
    made: madeOf(root, entry, newest),
  }));
}

/** The page: what each picture tells, the command that makes it, and what it is made from. */
export function galleryText(root, entries) {
  const parts = entries.map(({ tells, run, page, shown, made, file }) => {
    const isPage = existsSync(join(root, 'docs', page));
    const more = isPage ? ` More: [${page}](${page}).` : '';
    const title = `## ${file.replace(/\.svg$/, '')}\n\n${tells}${more}`;
    const command = `\`\`\`sh\n${run}\nnpx copytax report host.json --svg pictures\n\`\`\``;
    if (made === null) return `${title}\n\n${command}\n\nNo result with this picture is committed yet.`;
    const source = `From [a result that is committed](../${made.path}).`;
    return `${title}\n\n![${tells}](${shown})\n\n${command}\n\n${source}`;
  });
  return parts.join('\n\n');
}
