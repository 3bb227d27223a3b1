/**
 * The rules of the source tree, checked on source text. A finding is `file:line: what is wrong`, or, where it is of
 * several files, what is wrong with them.
 */
import { circlesOf } from './circles.js';
import { type Import, importsOf, lineOf, type Tree, withoutComments } from './imports.js';

/**
 * The reading order: a file imports from its own folder and from the rows above. Folders of one row do not import each
 * other. Each folder of sources stands here, without its sub-folders, which have rows of their own, mostly above it.
 */
const ORDER = [
  ['native/cpuid'],
  ['native/cpu'],
  ['native/memory'],
  ['native/copy'],
  ['native/net'],
  ['native/js'],
  ['native/js/network'],
  ['native/prebuilt'],
  ['lib/frozen.ts', 'lib/error-details.ts', 'lib/remedies.ts'],
  ['lib/errors.ts', 'lib/units.ts', 'lib/flavour.ts', 'lib/package-facts.ts', 'lib/schemas.ts'],
  ['lib/limits.ts', 'lib/error-meanings.ts', 'lib/threads.ts', 'lib/model-limits.ts'],
  ['lib/random.ts'],
  ['lib/addon'],
  ['lib/memory'],
  ['lib/buffers'],
  ['lib/sockets'],
  ['lib/memory/index.ts'],
  ['lib/smp'],
  ['lib/swiotlb/slots'],
  ['lib/swiotlb/pools'],
  ['lib/swiotlb/per-mapping', 'lib/swiotlb/boot'],
  ['lib/swiotlb'],
  ['lib/device'],
  ['lib/page'],
  ['lib/page/pool'],
  ['lib/slots'],
  ['lib/owner'],
  ['lib/dma'],
  ['lib/net'],
  ['lib/designs/pages', 'lib/designs/zero-copy', 'lib/designs/owners'],
  ['lib/designs'],
  ['lib/machine/build'],
  ['lib/machine/check'],
  ['lib/machine/run'],
  ['lib/faults/scene'],
  ['lib/faults/designs'],
  ['lib/faults'],
  ['lib/index.ts'], // the model's public face
  ['lib/bench/files'],
  ['lib/bench/types'],
  ['lib/bench/facts'],
  ['lib/bench/facts/cpu', 'lib/bench/facts/memory', 'lib/bench/facts/linux'],
  ['lib/bench/counters'],
  ['lib/bench/host'],
  ['lib/bench/plan'],
  ['lib/bench/statistics'],
  ['lib/bench/result'],
  ['lib/bench/run'],
  ['lib/bench/runs'],
  ['lib/bench/compare'],
  ['lib/bench/fleet'],
  ['lib/bench/fleet/sql'],
  ['lib/bench/doctor/guards'],
  ['lib/bench/doctor'],
  ['lib/bench/measure'],
  ['lib/bench'],
  ['lib/lines'],
  ['lib/explain'],
  ['lib/capture'],
  ['lib/capture/mappings'],
  ['lib/capture/occupancy'],
  ['lib/capture/load'],
  ['lib/capture/replay', 'lib/capture/sizing'],
  ['lib/capture/files'],
  ['lib/tracefs'],
  ['lib/watch'],
  ['lib/recording'],
  ['lib/trace/format'],
  ['lib/trace/replay'],
  ['lib/trace/page-pool'],
  ['lib/trace'],
  ['lib/report/bars'],
  ['lib/report/costs'],
  ['lib/report/tables'],
  ['lib/report/speed'],
  [
    'lib/report/sweep',
    'lib/report/plots',
    'lib/report/machine',
    'lib/report/fleet',
    'lib/report/replay',
    'lib/report/sizing',
  ],
  ['lib/report'],
  ['lib/report/compare'],
  ['lib/report/html'],
  ['benchmarks/shared'],
  ['benchmarks/*'], // a folder for each question
  ['benchmarks'],
  ['lib/cli/options'],
  ['lib/cli/terminal'],
  ['lib/cli/commands'],
  ['lib/cli'],
  ['dev/files'],
  ['dev/schedule'],
  ['dev/machine'],
  ['dev/search'],
  ['dev/variance', 'dev/repeatability', 'dev/fleet', 'dev/tools'],
  ['dev/mutate'],
  ['dev/mutate/plants'],
  ['dev/stress'],
  ['dev/commands'],
  ['dev'],
] as const;

/** Folders that are an entry point of the package, or a list that the command line reads. */
const WITH_INDEX = [
  'lib/index.ts',
  'lib/slots/index.ts',
  'lib/memory/index.ts',
  'lib/bench/index.ts',
  'lib/trace/index.ts',
  'lib/report/index.ts',
  'lib/report/plots/index.ts',
  'benchmarks/index.ts',
];

/** The largest number of files side by side in one folder: about as many as a reader can survey. */
const MAX_FILES = 14;
/** Folders that may have more, and why. */
const LARGE: Readonly<Record<string, { readonly files: number; readonly why: string }>> = {
  'lib/cli/commands': { files: 18, why: 'one for each command, which is where a reader looks for it' },
  'lib/net': { files: 22, why: "each is a noun of Linux's transmit path, and sub-folders of them would be circles" },
};

export function findings(tree: Tree): string[] {
  const code = new Map([...tree].map(([file, text]) => [file, withoutComments(text)]));
  const imports = new Map([...code].map(([file, text]) => [file, importsOf(file, text)]));
  const graph = new Map([...imports].map(([file, named]) => [file, named.map(({ path }) => path)]));
  const files = [...tree.keys()];
  const perImport = [...imports].flatMap(([file, named]) => named.flatMap((one) => orderFindings(file, one)));
  const perText = [...code].flatMap(([file, text]) => addonFindings(file, text));
  return [
    ...files.flatMap(nameFindings),
    ...perImport,
    ...circlesOf(graph).map(circleFinding),
    ...perText,
    ...sizeFindings(files),
  ];
}

function nameFindings(file: string): string[] {
  const found: string[] = [];
  const base = file.slice(file.lastIndexOf('/') + 1);
  if (base === 'index.ts' && !WITH_INDEX.includes(file)) found.push(`${file}:1: a folder has no index file`);
  if (/(^|[-.])(utils?|helpers?)([-.]|$)/.test(base)) found.push(`${file}:1: name the file after its one idea`);
  if (rankOf(file) < 0) found.push(`${file}:1: this folder has no place in the order`);
  return found;
}

function orderFindings(file: string, { line, target, path }: Import): string[] {
  const [from, to] = [rankOf(file), rankOf(path)];
  if (to < 0) return [`${file}:${line}: ${target} has no place in the order`];
  const isBeside = to === from && layerOf(path) !== layerOf(file);
  return to > from || isBeside ? [`${file}:${line}: ${target} is not above ${layerOf(file)}`] : [];
}

function circleFinding(circle: readonly string[]): string {
  return `${[...circle, circle[0]].join(' -> ')}: a circle`;
}

function addonFindings(file: string, code: string): string[] {
  if (layerOf(file) === 'lib/addon' || file.startsWith('native/')) return [];
  return [...code.matchAll(/\.node['"`]|\bdlopen\b/g)].map(
    (match) => `${file}:${lineOf(code, match.index)}: only lib/addon loads the addon`,
  );
}

function sizeFindings(files: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(folderOf(file), (counts.get(folderOf(file)) ?? 0) + 1);
  return [...counts].flatMap(([folder, count]) => {
    const most = LARGE[folder]?.files ?? MAX_FILES;
    return count > most
      ? [`${folder}: ${count} files side by side, more than ${most}: sort them into sub-folders`]
      : [];
  });
}

/** The row in the order, or -1. A star stands for each folder that has no row of its own. */
function rankOf(file: string): number {
  const layer = layerOf(file);
  const rowOf = (name: string) => ORDER.findIndex((layers) => layers.some((other) => other === name));
  const row = rowOf(layer);
  return row >= 0 ? row : rowOf(`${folderOf(layer)}/*`);
}

/** What stands for a file in the order: its folder, or itself. */
function layerOf(file: string): string {
  return ORDER.some((layers) => layers.some((layer) => layer === file)) ? file : folderOf(file);
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/'));
}
