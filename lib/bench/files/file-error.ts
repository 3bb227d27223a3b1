/** Errors of files: what Linux said, in which place, and what helps against that cause. */
import { CopytaxError } from '../../errors.js';
import { fileRemedyOf } from '../../remedies.js';

/** A file that could not be read or written. `cause` is what Linux said. */
export function fileError(path: string, verb: string, cause: unknown): CopytaxError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  const remedy = fileRemedyOf(verb, cause);
  const own = remedy === undefined ? {} : { remedy };
  return new CopytaxError('ERR_RESULT_FILE', `cannot ${verb} ${path} (${reason})`, { path, reason, ...own }, cause);
}
