/** `copytax plot RESULT.json --out DIR`: draws the pictures of a result file. */
import { join } from 'node:path';
import { fileError } from '../../bench/files/file-error.js';
import { makeFolder } from '../../bench/files/make-folder.js';
import { realFile, replaceFile } from '../../bench/files/replace-file.js';
import { readResult } from '../../bench/result/result-file.js';
import { CopytaxError } from '../../errors.js';

/** Returns the names of the files that it wrote, one per line. @throws ERR_RESULT_FILE, ERR_RESULT_SCHEMA */
export async function plotCommand(file: string, { out }: { out: string }): Promise<string> {
  const result = readResult(file);
  // Loaded here because loading takes half a second, which other commands need not wait.
  const { plots } = await import('../../report/plots/svg.js');
  const made = plots(result);
  if (made.length === 0) {
    throw new CopytaxError('ERR_RESULT_FILE', `${file} has no cells that a picture shows`, {
      file,
      remedy: 'name a result with cells of copy-cost or tx-designs, which `copytax bench` measures by itself',
    });
  }
  try {
    makeFolder(out);
    for (const { file: name, svg } of made) replaceFile(realFile(join(out, name)), svg);
  } catch (error) {
    throw fileError(out, 'write', error);
  }
  return made.map(({ file: name }) => `${join(out, name)}\n`).join('');
}
