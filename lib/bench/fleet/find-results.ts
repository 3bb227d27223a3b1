/** Finds the result files that a fleet is made of: files by name, and all below folders. */
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CopytaxError } from '../../errors.js';
import { fileError } from '../files/file-error.js';

const isResult = (name: string) => /\.json(\.gz)?$/i.test(name);
/** Hidden files are those that tools keep for themselves: drafts of result files begin with a point, too. */
const isHidden = (name: string) => name.startsWith('.');

/** True if `path` is a folder; false for what is not there, so that reading it says so. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Adds the results below `folder` to `found`. `above`: real paths of the folders around it, which links may name. */
function addFolder(folder: string, above: readonly string[], found: string[]): void {
  let names: string[];
  let real: string;
  try {
    real = realpathSync(folder);
    names = readdirSync(folder).sort();
  } catch (error) {
    throw fileError(folder, 'read', error);
  }
  if (above.includes(real)) return;
  for (const name of names.filter((one) => !isHidden(one))) {
    const path = join(folder, name);
    if (isFolder(path)) addFolder(path, [...above, real], found);
    else if (isResult(name)) found.push(path);
  }
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/**
 * Returns the paths of result files in the order of `paths`, those of a folder in alphabetical order. A file that is
 * named twice, by whatever path, is there once. Files that do not exist are returned: who reads them says so.
 * @throws ERR_RESULT_FILE if a folder cannot be read, or holds no file named *.json or *.json.gz
 */
export function findResults(paths: readonly string[]): string[] {
  const found = paths.flatMap((path) => {
    if (!isFolder(path)) return path;
    const below: string[] = [];
    addFolder(path, [], below);
    if (below.length > 0) return below;
    const remedy = 'name a folder with files that `copytax bench --json` wrote: names end in .json or .json.gz';
    throw new CopytaxError('ERR_RESULT_FILE', `${path} holds no result file`, { path, remedy });
  });
  const seen = new Set<string>();
  return found.filter((path) => {
    const real = realOf(path);
    return !seen.has(real) && seen.add(real);
  });
}
