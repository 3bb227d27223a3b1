/** What differs significantly between the machines of a page, as `copytax compare` judges it. Pure. */
import { type Comparison, compare } from '../../bench/compare/comparison.js';
import { keyOf } from '../../bench/compare/row.js';
import { RowTable, runsOf } from '../../bench/compare/run-facts.js';
import type { ResultDocument } from '../../bench/result/result.js';
import { MINIMAL_EFFECT } from '../../bench/statistics/paired-ratio.js';
import { CopytaxError } from '../../errors.js';
import { shownRows } from '../compare/difference-tables.js';
import { noiseParagraph } from '../compare/noise.js';
import { nameIn, sectionsOf } from '../compare/row-order.js';
import { ratioText, valueText, verdictWord, whatOf } from '../compare/row-words.js';
import { unlikeLines } from '../compare/unlike-lines.js';
import { valuelessLines } from '../compare/valueless-lines.js';
import type { Named } from './contents.js';
import { html, type Markup } from './markup.js';
import { dataTable, textBlock } from './tables.js';

/** Returns the comparison with the first, or in words why there is none. */
function compared(results: readonly Named<ResultDocument>[]): Comparison | string {
  const table = new RowTable();
  try {
    const groups = results.map(({ name, document }) => ({ name, runs: runsOf(document, name, table) }));
    const empty = groups.find(({ runs }) => runs.length === 0);
    if (empty !== undefined) return `${empty.name} has no run that could be compared.`;
    return compare(groups, { minimalEffect: MINIMAL_EFFECT, isStrict: false });
  } catch (error) {
    if (error instanceof CopytaxError) return `They cannot be compared: ${error.message}.`;
    throw error;
  }
}

function differenceTable(comparison: Comparison): Markup {
  const { groups, compared: others } = comparison;
  const rows = shownRows(others, false);
  if (rows.length === 0) return html`<p>No number differs significantly.</p>`;
  const byKey = others.map(({ differences }) => new Map(differences.map((one) => [keyOf(one.row), one])));
  const [base, ...names] = groups.map(({ name }) => name);
  const sections = sectionsOf(rows).map((section) => {
    const common = section.common.length === 0 ? '' : `, all with ${section.common.join(', ')}`;
    const table = section.rows.map((row) => {
      const found = byKey.map((differences) => differences.get(keyOf(row)));
      const any = found.find((one) => one !== undefined);
      return [
        nameIn(section, row),
        whatOf(row),
        any === undefined ? '-' : valueText(any.base, row),
        ...found.map((one) =>
          one === undefined ? '-' : `${valueText(one.value, row)} = ${ratioText(one)} × ${verdictWord(one)}`.trimEnd(),
        ),
      ];
    });
    const label = `${section.scenario}${common}`;
    return html`<h3>${label}</h3>${dataTable(label, { head: ['', '', base!, ...names], rows: table })}`;
  });
  return html`${sections}`;
}

/** Returns what is to say of several results beside each other. */
export function differences(results: readonly Named<ResultDocument>[]): Markup {
  const comparison = compared(results);
  if (typeof comparison === 'string') return html`<p>${comparison}</p>`;
  const unlike = unlikeLines(comparison);
  const valueless = valuelessLines(comparison);
  return html`<p>Each is compared with ${results[0]!.name}: factors with their 95 % intervals. “~” is not significant,
“?” cannot be told.</p>
${unlike.length > 0 && textBlock('In what they are unlike', unlike)}
${differenceTable(comparison)}
${valueless.length > 0 && html`<p>Without a value:</p>${textBlock('Without a value', valueless)}`}
<p class="dim">${noiseParagraph(comparison, { repeated: [], shared: [] })}</p>
`;
}
