/**
 * Reads what source files name each other by. Pure: a tree is a map from path to text, so that the tests of the rules
 * can plant violations.
 */

/** From path to text. Paths begin with the name of a top folder: `lib/net/skb.ts`. */
export type Tree = ReadonlyMap<string, string>;

export interface Import {
  readonly line: number;
  /** As it is written. */
  readonly target: string;
  /** The file that it means. */
  readonly path: string;
}

/** Every way in which a file names another: import and export from, import(), require(), worker files as URLs. */
const TYPESCRIPT = [
  /\b(?:import|export)\b[^'";]*?\bfrom\s*(['"])(?<target>[^'"]+)\1/g,
  /^\s*import\s*(['"])(?<target>[^'"]+)\1/gm,
  /\b(?:import|require)\s*\(\s*(['"])(?<target>[^'"]+)\1/g,
  /\bnew\s+URL\s*\(\s*(['"])(?<target>\.[^'"]+)\1\s*,\s*import\.meta/g,
];
/** Headers of this package are named in quotes, all others in angle brackets. */
const NATIVE = [/^\s*#\s*include\s*"(?<target>[^"]+)"/gm];

/** The imports of other files of the tree, type imports included. `code` is the file's text without comments. */
export function importsOf(file: string, code: string): Import[] {
  const isNative = /\.(cc|h)$/.test(file);
  return (isNative ? NATIVE : TYPESCRIPT).flatMap((pattern) =>
    [...code.matchAll(pattern)].flatMap((match) => {
      const target = match.groups!.target!;
      if (!isNative && !(target.startsWith('.') && /\.[cm]?js$/.test(target))) return [];
      const line = lineOf(code, match.index + match[0].lastIndexOf(target));
      return [{ line, target, path: resolve(file, target) }];
    }),
  );
}

/** Comments become spaces, so that offsets and lines stay. Strings stay as they are: one may hold two slashes. */
export function withoutComments(text: string): string {
  const token = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return text.replace(token, (found) => (found.startsWith('/') ? found.replace(/[^\n]/g, ' ') : found));
}

/** Counted from 1. */
export function lineOf(text: string, offset: number): number {
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
