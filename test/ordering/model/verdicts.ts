/** The verdicts on a program: what its executions can end in, in words. */
import { type Ending, explore, STOP } from './explorer.js';
import { races } from './happens-before.js';
import type { Program } from './program.js';

/**
 * Returns, sorted, "U: found" if thread U returned 'found' in some execution, and "race: x" if two accesses to x raced
 * in one. Threads that return nothing are not mentioned.
 */
export function verdicts(program: Program): string[] {
  const found = new Set<string>();
  explore(program, (ending) => {
    for (const word of words(ending)) found.add(word);
  });
  return [...found].sort();
}

/** Returns the first execution with a verdict as text, or undefined if there is none. */
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
