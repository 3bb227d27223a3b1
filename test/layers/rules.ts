/**
 * The rules of the source tree, checked on source text. Pure: a tree is a map from path to text, so that the tests of
 * the rules can plant violations. A finding is `file:line: what is wrong`.
 */

/** The reading order: a folder imports itself and what stands before it. `lib/index.ts` is the model's public face. */
const ORDER = [
  ['lib/errors.ts', 'lib/units.ts', 'lib/flavour.ts', 'lib/random.ts', 'lib/package-facts.ts'],
  ['lib/limits.ts'],
  ['lib/memory'],
  ['lib/smp'],
  ['lib/swiotlb'],
  ['lib/device'],
  ['lib/page'],
  ['lib/dma'],
  ['lib/net'],
  ['lib/machine'],
  ['lib/faults'],
  ['lib/index.ts'],
  ['lib/bench'],
  ['lib/trace'],
  ['lib/report'],
  ['benchmarks'],
  ['lib/cli'],
  ['dev'],
] as const;

/** Folders that are an entry point of the package, or a list that the command line reads. */
const WITH_INDEX = [
  'lib/index.ts',
  'lib/bench/index.ts',
  'lib/trace/index.ts',
  'lib/report/index.ts',
  'benchmarks/index.ts',
];

/** Every way in which a file names another: import and export from, import(), require(), worker files as URLs. */
const IMPORTS = [
  /\b(?:import|export)\b[^'";]*?\bfrom\s*(['"])(?<target>[^'"]+)\1/g,
  /^\s*import\s*(['"])(?<target>[^'"]+)\1/gm,
  /\b(?:import|require)\s*\(\s*(['"])(?<target>[^'"]+)\1/g,
  /\bnew\s+URL\s*\(\s*(['"])(?<target>\.[^'"]+)\1\s*,\s*import\.meta/g,
];

export type Tree = ReadonlyMap<string, string>;

export function findings(tree: Tree): string[] {
  return [...tree].flatMap(([file, text]) => {
    const code = withoutComments(text);
    return [...nameFindings(file), ...importFindings(file, code), ...addonFindings(file, code)];
  });
}

function nameFindings(file: string): string[] {
  const found: string[] = [];
  const base = file.slice(file.lastIndexOf('/') + 1);
  if (base === 'index.ts' && !WITH_INDEX.includes(file)) found.push(`${file}:1: a folder has no index file`);
  if (/(^|[-.])(utils?|helpers?)([-.]|$)/.test(base)) found.push(`${file}:1: name the file after its one idea`);
  if (rankOf(file) < 0) found.push(`${file}:1: this folder has no place in the order`);
  return found;
}

function importFindings(file: string, code: string): string[] {
  return IMPORTS.flatMap((pattern) =>
    [...code.matchAll(pattern)].flatMap((match) => {
      const target = match.groups!.target!;
      if (!target.startsWith('.') || !/\.[cm]?js$/.test(target)) return [];
      const path = resolve(file, target);
      const line = lineOf(code, match.index + match[0].lastIndexOf(target));
      if (rankOf(path) < 0) return [`${file}:${line}: ${target} has no place in the order`];
      return rankOf(path) > rankOf(file) ? [`${file}:${line}: ${target} is not above ${layerOf(file)}`] : [];
    }),
  );
}

function addonFindings(file: string, code: string): string[] {
  if (layerOf(file) === 'lib/memory') return [];
  return [...code.matchAll(/\.node['"`]|\bdlopen\b/g)].map(
    (match) => `${file}:${lineOf(code, match.index)}: only lib/memory loads the addon`,
  );
}

function rankOf(file: string): number {
  return ORDER.findIndex((layers) => layers.some((layer) => file === layer || file.startsWith(`${layer}/`)));
}

function layerOf(file: string): string {
  return ORDER[rankOf(file)]?.find((layer) => file === layer || file.startsWith(`${layer}/`)) ?? file;
}

/** Comments become spaces, so that offsets and lines stay. Strings are kept whole: one may hold two slashes. */
function withoutComments(text: string): string {
  const token = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return text.replace(token, (found) => (found.startsWith('/') ? found.replace(/[^\n]/g, ' ') : found));
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** `lib/net/skb.ts` and `../dma/map.js` make `lib/dma/map.ts`. */
function resolve(file: string, target: string): string {
  const parts = file.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/').replace(/\.js$/, '.ts');
}
