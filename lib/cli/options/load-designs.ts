/** The option `--load`: modules that add designs of one's own, which other options may then name. */
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { loadDesigns } from '../../designs/own-designs.js';
import { CopytaxError } from '../../errors.js';

/** Adds the option, which may be given several times; its value is a list of files. */
export function addLoadOption(command: Command): Command {
  return command.option(
    '--load <module>',
    "JavaScript module that adds designs of one's own, such as examples/own-design/design.js; may be repeated",
    (file: string, others: readonly string[] | undefined) => [...(others ?? []), file],
  );
}

/** Returns the URL of a module's file. @throws ERR_DESIGN */
function urlOf(file: string): string {
  try {
    return pathToFileURL(realpathSync(resolve(file))).href;
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CopytaxError('ERR_DESIGN', `--load ${file} cannot be read (${reason})`, { file, reason }, error);
  }
}

/** Imports the modules in this order. Rejects as `loadDesigns` does, and with ERR_DESIGN for a file that is missing. */
export async function loadDesignFiles(files: readonly string[] = []): Promise<void> {
  await loadDesigns(files.map(urlOf));
}
