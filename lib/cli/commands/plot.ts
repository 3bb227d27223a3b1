/** `copytax plot RESULT.json --out DIR`: another name of `copytax report RESULT.json --svg DIR`. */
import { reportCommand } from './report.js';

/** Resolves to the names of the files that it wrote, one per line. Rejects with ERR_RESULT_FILE, ERR_RESULT_SCHEMA. */
export function plotCommand(file: string, { out }: { out: string }): Promise<string> {
  return reportCommand([file], { svg: out });
}
