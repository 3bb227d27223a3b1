/** `copytax plot RESULT.json --out DIR`: draws the pictures of a result file. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readResult } from '../../bench/result/result-file.js';
import { CopytaxError } from '../../errors.js';

/** Returns the names of the files that it wrote, one per line. @throws ERR_RESULT_FILE, ERR_RESULT_SCHEMA */
export async function plotCommand(file: string, { out }: { out: string }): Promise<string> {
  const result = readResult(file);
  // Loaded here because loading takes half a second, which other commands need not wait.
  const { plots } = await import('../../report/plots/svg.js');
  const made = plots(result);
  if (made.length === 0)
    throw new CopytaxError('ERR_RESULT_FILE', `${file} has no cells that a picture shows`, { file });
  try {
    mkdirSync(out, { recursive: true });
    for (const { file: name, svg } of made) writeFileSync(join(out, name), svg);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CopytaxError('ERR_RESULT_FILE', `cannot write plots to ${out} (${reason})`, { out, reason }, error);
  }
  return made.map(({ file: name }) => `${join(out, name)}\n`).join('');
}
