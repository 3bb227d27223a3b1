/** The rows that a reader of few lines gets: transmit designs under the condition that a verdict speaks of. Pure. */

import type { Difference } from '../../bench/compare/compare-groups.js';
import type { Comparison } from '../../bench/compare/comparison.js';
import type { Kind, Row } from '../../bench/compare/run-facts.js';
import { ALTERNATIVE, BASELINE, headline } from '../tables/conditions.js';
import { inOrder } from './row-order.js';

type Params = Readonly<Record<string, string | number>>;

const SCENARIOS = ['tx-designs', 'design-prices'];

/** A row of a design: `tx-designs/bounce/senders=2/queues=1`. */
interface DesignRow {
  readonly row: Row;
  readonly design: string;
  /** The rest of the id. */
  readonly condition: string;
}

function designRow(row: Row): DesignRow {
  const [, design = '', ...rest] = row.id.split('/');
  return { row, design, condition: rest.join('/') };
}

function paramsOf(condition: string): Params {
  const pairs = condition.split('/').flatMap((part): [string, string | number][] => {
    const [name = '', value] = part.split('=');
    if (value === undefined) return [];
    return [[name, value !== '' && Number.isFinite(Number(value)) ? Number(value) : value]];
  });
  return Object.fromEntries(pairs);
}

export interface Headline {
  readonly scenario: string;
  readonly params: Params;
  /** What the ids of its rows end with. */
  readonly condition: string;
}

/** Returns the condition that is spoken of, or null if no transmit design was measured on both sides. */
export function headlineOf({ compared }: Comparison): Headline | null {
  const rows = compared.flatMap(({ differences }) => differences.map(({ row }) => row));
  for (const scenario of SCENARIOS) {
    const own = rows.filter((row) => row.scenario === scenario && row.kind === 'value').map(designRow);
    const conditions = [...new Set(own.map(({ condition }) => condition))].map((condition) => {
      const cells = new Set(own.filter((one) => one.condition === condition).map(({ design }) => design));
      return { scenario, condition, params: paramsOf(condition), cells: [...cells] };
    });
    const found = headline(conditions);
    if (found !== null) return { scenario, params: found.params, condition: found.condition };
  }
  return null;
}

/** In the order of importance: what bounces, what was proposed, the floor, and then the others. */
const DESIGNS_FIRST = [BASELINE, ALTERNATIVE, 'direct'];

function designRank(design: string): number {
  const at = DESIGNS_FIRST.indexOf(design);
  return at < 0 ? DESIGNS_FIRST.length : at;
}

/** Returns the rows of one kind under the condition, with their designs, in the order of importance. */
export function headlineRows(all: readonly Row[], { scenario, condition }: Headline, kind: Kind): DesignRow[] {
  return all
    .filter((row) => row.scenario === scenario && row.kind === kind)
    .map(designRow)
    .filter((one) => one.condition === condition)
    .sort((a, b) => designRank(a.design) - designRank(b.design));
}

/**
 * Returns at most `most` rows with short names. Designs come first: rates, costs, the bounce copy. Without any, rows
 * that differ come before rows that do not.
 */
export function headlineChoice(comparison: Comparison, most: number): { row: Row; name: string }[] {
  const differences = comparison.compared.flatMap((one) => one.differences);
  const rows = [...new Map(differences.map(({ row }: Difference) => [`${row.kind} ${row.id}`, row])).values()];
  const found = headlineOf(comparison);
  if (found === null) {
    const differing = new Set(differences.filter(({ significant }) => significant).map(({ row }) => row));
    const ordered = inOrder(rows);
    const first = [...ordered.filter((row) => differing.has(row)), ...ordered.filter((row) => !differing.has(row))];
    return first.slice(0, most).map((row) => ({ row, name: row.id }));
  }
  const of = (kind: Kind, count: number) => headlineRows(rows, found, kind).slice(0, count);
  const isBounce = ({ design }: DesignRow) => design === BASELINE;
  const words: Readonly<Partial<Record<Kind, string>>> = { cost: ' cost', 'bounce copy': ', second copy' };
  const [bounceCost, ...otherCosts] = of('cost', 3);
  const second = headlineRows(rows, found, 'bounce copy').filter(isBounce);
  return [...of('value', 3), ...(bounceCost ? [bounceCost] : []), ...second, ...otherCosts]
    .slice(0, most)
    .map(({ row, design }) => ({ row, name: `${design}${words[row.kind] ?? ''}` }));
}
