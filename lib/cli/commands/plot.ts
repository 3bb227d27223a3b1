/** `copytax plot RESULT.json --out DIR`: draws the pictures of a result file. */
import { readResult } from '../../bench/result/result-file.js';
import { CopytaxError } from '../../errors.js';
import { writePlots } from '../terminal/write-plots.js';

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
  return writePlots(out, made);
}
