/**
 * Flags of the JavaScript engine for a process that measures. The control plane is many small functions over shared
 * columns. With the default budget the compiler does not inline all of them, as a C compiler would. The flags hold for
 * the process and have to be set before the measured code runs, so a command sets them, and the library does not.
 */
import { setFlagsFromString } from 'node:v8';

export const ENGINE_FLAGS = [
  '--max-inlined-bytecode-size=1500',
  '--max-inlined-bytecode-size-cumulative=4000',
] as const;

/** Sets the flags, also for threads that start later. An engine that does not know a flag says so on stderr. */
export function setEngineFlags(): void {
  for (const flag of ENGINE_FLAGS) setFlagsFromString(flag);
}
