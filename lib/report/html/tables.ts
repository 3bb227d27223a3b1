/** Tables and texts of a page. Pure. */
import type { TextTable } from './chart-series.js';
import { html, type Markup, type Value } from './markup.js';

/** Rows that a table shows; the file has the others. */
const MOST_ROWS = 400;

/** What is wider than the screen scrolls by itself, also by the keyboard. */
export function scrolling(label: string, content: Value): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${content}</div>`;
}

/** A table of texts. The first column names the rows. */
export function dataTable(label: string, { head, rows }: TextTable): Markup {
  const heads = head.map((text) => html`<th scope="col">${text}</th>`);
  const left = rows.length - MOST_ROWS;
  const body = rows.slice(0, MOST_ROWS).map(
    ([first, ...others]) =>
      html`<tr><th scope="row">${first}</th>${others.map((text) => html`<td>${text}</td>`)}</tr>
`,
  );
  const more = left > 0 ? html`<p>${left} more rows are in the data below.</p>` : null;
  return html`${scrolling(label, html`<table><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table>`)}${more}`;
}

/** Lines of a report with their columns. */
export function textBlock(label: string, lines: readonly string[]): Markup {
  return scrolling(label, html`<pre>${lines.join('\n')}</pre>`);
}
