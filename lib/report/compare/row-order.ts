/** The order in which a comparison tells its rows: what the tool is about first. Pure. */
import { KINDS, type Kind, type Row } from '../../bench/compare/run-facts.js';

/** The transmit designs, their prices, other scenarios, copies, and then what only calls are timed of. */
const SCENARIOS = ['tx-designs', 'design-prices', '', 'copy-cost', 'control-cost'];
const KINDS_FIRST: readonly Kind[] = ['value', 'cost', 'bounce copy', 'user copy', 'ratio', 'worth'];

function rankOf({ scenario, kind }: Row): number {
  const at = SCENARIOS.indexOf(scenario);
  return (at < 0 ? SCENARIOS.indexOf('') : at) * KINDS.length + KINDS_FIRST.indexOf(kind);
}

/** Returns rows in their order; those of one scenario and kind stay in the order that they are in. */
export function inOrder(rows: readonly Row[]): Row[] {
  const scenarios = [...new Set(rows.map(({ scenario }) => scenario))];
  return rows.toSorted(
    (a, b) =>
      Math.floor(rankOf(a) / KINDS.length) - Math.floor(rankOf(b) / KINDS.length) ||
      scenarios.indexOf(a.scenario) - scenarios.indexOf(b.scenario) ||
      rankOf(a) - rankOf(b),
  );
}

/** Rows of one scenario, and what their ids have in common. */
export interface Section {
  readonly scenario: string;
  /** Parts of the ids that all rows have, `senders=2`, in their order. */
  readonly common: readonly string[];
  readonly rows: readonly Row[];
}

const isParam = (part: string) => part.includes('=');

/** Returns the rows by scenario, in the order of `inOrder`. */
export function sectionsOf(rows: readonly Row[]): Section[] {
  const ordered = inOrder(rows);
  return [...new Set(ordered.map(({ scenario }) => scenario))].map((scenario) => {
    const own = ordered.filter((row) => row.scenario === scenario);
    const parts = own.map(({ id }) => id.split('/').filter(isParam));
    const common = parts.length < 2 ? [] : parts[0]!.filter((part) => parts.every((other) => other.includes(part)));
    return { scenario, common, rows: own };
  });
}

/** Returns the id of a row without what its section says. */
export function nameIn({ scenario, common }: Section, { id }: Row): string {
  const parts = id.split('/').filter((part, at) => !(at === 0 && part === scenario) && !common.includes(part));
  return parts.length === 0 ? id : parts.join('/');
}
