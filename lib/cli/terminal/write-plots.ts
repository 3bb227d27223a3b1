/** Writes pictures into a folder. */
import { join } from 'node:path';
import { fileError } from '../../bench/files/file-error.js';
import { makeFolder } from '../../bench/files/make-folder.js';
import { realFile, replaceFile } from '../../bench/files/replace-file.js';
import type { Plot } from '../../report/plots/plots.js';

/** Makes the folder if it is missing. Returns the names of the files, one per line. @throws ERR_RESULT_FILE */
export function writePlots(folder: string, plots: readonly Plot[]): string {
  try {
    makeFolder(folder);
    for (const { file, svg } of plots) replaceFile(realFile(join(folder, file)), svg);
  } catch (error) {
    throw fileError(folder, 'write', error);
  }
  return plots.map(({ file }) => `${join(folder, file)}\n`).join('');
}
