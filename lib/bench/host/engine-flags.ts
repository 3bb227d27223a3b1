/**
 * What a measuring process asks of the JavaScript engine. The control plane is many small functions over shared columns;
 * with the default budget the compiler leaves calls between them, which a C compiler would not. Set before the code
 * that is measured has run, for the whole process: a command's business, not a library's.
 */
import { setFlagsFromString } from 'node:v8';

export const ENGINE_FLAGS = [
  '--max-inlined-bytecode-size=1500',
  '--max-inlined-bytecode-size-cumulative=4000',
] as const;

/** Threads that are started afterwards have them too. An engine that does not know a flag says so on stderr. */
export function setEngineFlags(): void {
  for (const flag of ENGINE_FLAGS) setFlagsFromString(flag);
}
