/** The version and the folder of this package, from its own package.json, which is read at the first use. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface PackageFacts {
  readonly folder: string;
  readonly version: string;
}

/** A bundler moves this code away from the files of the package: then importing it must not fail, whatever is there. */
function packageFacts(): PackageFacts {
  try {
    // The nearest one: the packed package has this code in another folder than a checkout. Not by `new URL`, which
    // bundlers replace by the URL of a copy of that file.
    let folder = dirname(fileURLToPath(import.meta.url));
    while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
    const manifest = readFileSync(join(folder, 'package.json'), 'utf8');
    const { name, version } = JSON.parse(manifest) as { name?: string; version: string };
    if (name === 'copytax') return { folder: `${folder}/`, version };
  } catch {
    // No URL, no file, or another one: bundled.
  }
  return { folder: '', version: 'bundled' };
}

let facts: PackageFacts | undefined;

/** Returns the folder: absolute, with a slash at its end. Empty where this code has been bundled into a program. */
export function packageFolder(): string {
  facts ??= packageFacts();
  return facts.folder;
}

/** Returns the version: `bundled` where this code has been bundled into a program, which does not know it. */
export function packageVersion(): string {
  facts ??= packageFacts();
  return facts.version;
}
