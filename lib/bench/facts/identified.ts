/** Whether a host says which CPU it has. */
import type { HostFacts } from './host-schema.js';

type Named = Pick<HostFacts['cpu'], 'model' | 'modelNumber'> & { readonly part?: string | null };

/** By its name, or by a number that its maker gives. */
const isIdentified = ({ model, modelNumber, part = null }: Named) =>
  model !== null || modelNumber !== null || part !== null;

/**
 * CPUs of which neither a name nor a number is known; null if all have one. Empty where kinds of CPUs are not known,
 * and what is known of all does not identify them.
 */
export function unidentifiedCpus({ types, model, modelNumber }: HostFacts['cpu']): number[] | null {
  if (types === null || types.length === 0) return isIdentified({ model, modelNumber }) ? null : [];
  const unknown = types.filter((type) => !isIdentified(type)).flatMap(({ cpus }) => cpus);
  return unknown.length === 0 ? null : unknown.sort((a, b) => a - b);
}
