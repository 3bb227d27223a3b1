/** What is not known of a host, as a reader wants it: a line for each reason. Pure. */
import { doesNotApply } from '../../bench/facts/cpu/reasons.js';
import type { HostFacts } from '../../bench/facts/host-schema.js';
import { wrap } from '../tables/format.js';

/**
 * Returns a line for each reason, with all the facts that are missing for it. Facts that such a host does not have are
 * left out, and facts of a kind of CPUs where the same is missing of all CPUs. What does not fit into `width` columns
 * goes on below, indented.
 */
export function gapLines(missing: HostFacts['missing'], width: number): string[] {
  const byReason = new Map<string, string[]>();
  const ofAll = (fact: string) => fact.replace('cpu.types[].', 'cpu.');
  for (const { fact, reason } of missing.filter((entry) => !doesNotApply(entry.reason))) {
    const facts = byReason.get(reason) ?? [];
    if (!facts.includes(ofAll(fact))) byReason.set(reason, [...facts, fact]);
  }
  return [...byReason].flatMap(([reason, facts]) => wrap(`${facts.join(', ')}: ${reason}`, width, '  '));
}
