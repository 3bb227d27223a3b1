/** Refuses an output that would replace an input. */
import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { sidecarName } from '../../capture/occupancy/sidecar.js';
import { usageError } from '../options/usage.js';

const placeOf = (file: string) => (existsSync(file) ? realpathSync(file) : resolve(file));

/**
 * Checks that a file that will be written is none of the captures, and not what stands beside one or would be taken for
 * it. `option`: the one that names the file, which is not checked if it is no text. @throws ERR_USAGE
 */
export function requireOtherFile(
  option: string,
  file: string | boolean | undefined,
  captures: readonly string[],
): void {
  if (typeof file !== 'string') return;
  const place = placeOf(file);
  for (const capture of captures) {
    const beside = sidecarName(capture);
    const isCapture = placeOf(capture) === place;
    if (!isCapture && (beside === null || placeOf(beside) !== place)) continue;
    const what = isCapture ? 'is the capture' : `is the name of what is noted beside ${capture}`;
    throw usageError(`${option} ${file} ${what}: choose another name`, { option, given: file });
  }
}
