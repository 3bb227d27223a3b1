/** What a program can come to, in words. */
import { type Ending, explore, STOP } from './explorer.js';
import { races } from './happens-before.js';
import type { Program } from './program.js';

/**
 * "U: found" when thread U returned 'found' in some execution, "race: x" when two accesses to x raced in one; threads
 * that return nothing are not mentioned. Sorted.
 */
export function verdicts(program: Program): string[] {
  const found = new Set<string>();
  explore(program, (ending) => {
    for (const word of words(ending)) found.add(word);
  });
  return [...found].sort();
}

/** How it comes to one of them: the first such execution, for a person to read, or undefined if there is none. */
export function witness(program: Program, verdict: string): string | undefined {
  let found: string | undefined;
  explore(program, (ending) => {
    if (!words(ending).includes(verdict)) return undefined;
    found = ending.execution.toString();
    return STOP;
  });
  return found;
}

function words({ results, execution }: Ending): string[] {
  const returned = Object.entries(results).filter(([, result]) => result !== undefined);
  return returned.map(([thread, result]) => `${thread}: ${result}`).concat(races(execution).map((at) => `race: ${at}`));
}
